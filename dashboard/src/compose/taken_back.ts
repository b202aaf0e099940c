import type { Draft } from './draft';

const KEPT = 5;
const sent = new Map<string, Draft>();

/**
 * What the latest mails said, so that one that is taken back can be written on. In this page's memory only: it is gone
 * with it.
 */
export const takenBack = {
  keep(id: string, draft: Draft): void {
    sent.set(id, draft);
    const [oldest] = sent.keys();
    if (sent.size > KEPT && oldest !== undefined) sent.delete(oldest);
  },
  has: (id: string): boolean => sent.has(id),
  get: (id: string | undefined): Draft | undefined => (id === undefined ? undefined : sent.get(id)),
};
