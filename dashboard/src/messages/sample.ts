import type { Schemas } from '../api';

/** A sent mail to one person of which nothing was seen, for tests. */
export function sampleMessage(changes: Partial<Schemas['Message']> = {}): Schemas['Message'] {
  return {
    id: '01jdc2m0x4t9v6q8r2z5w7y3ke',
    state: 'sent',
    source: 'outbox',
    created_at: '2026-11-23T09:12:44Z',
    sent_at: '2026-11-23T09:12:46Z',
    recipients: [{ index: 0, address: 'ben@example.org', name: 'Ben Sato', field: 'to' }],
    status: 'none',
    tracking: { opens: true, clicks: true },
    links: 1,
    shared: false,
    figures: {
      opens_by_people: 0,
      opens_by_machines: 0,
      opens_by_sender: 0,
      prefetches: 0,
      clicks_by_people: 0,
      clicks_by_machines: 0,
      clicks_by_sender: 0,
      replies: 0,
      bounces: 0,
    },
    ...changes,
  };
}

export const THREE_RECIPIENTS: Schemas['Recipient'][] = [
  { index: 0, address: 'ben@example.org', name: 'Ben Sato', field: 'to' },
  { index: 1, address: 'cleo@example.org', field: 'to' },
  { index: 2, address: 'dan@example.org', field: 'cc' },
];
