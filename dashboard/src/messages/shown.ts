import type { Schemas } from '../api';
import { isUntracked } from './wording';

type Message = Schemas['Message'];

/** What part of the list is shown. */
export const SHOWN = {
  all: { label: 'All', matches: () => true },
  read: { label: 'Read', matches: hasStatus('read', 'clicked', 'replied') },
  clicked: { label: 'Clicked', matches: hasStatus('clicked', 'replied') },
  replied: { label: 'Replied', matches: hasStatus('replied') },
  silent: {
    label: 'No sign yet',
    matches: (message) =>
      message.state === 'sent' &&
      !isUntracked(message) &&
      ['none', 'prefetched'].includes(message.status),
  },
  trouble: {
    label: 'Trouble',
    matches: (message) => message.state === 'needs_user' || message.status === 'bounced',
  },
} satisfies Record<string, { label: string; matches: (message: Message) => boolean }>;

export type Shown = keyof typeof SHOWN;

export function isShown(value: unknown): value is Shown {
  return typeof value === 'string' && Object.hasOwn(SHOWN, value);
}

export function readShown(search: Record<string, unknown>): { show?: Shown } {
  return isShown(search.show) && search.show !== 'all' ? { show: search.show } : {};
}

function hasStatus(...statuses: Message['status'][]): (message: Message) => boolean {
  return (message) => statuses.includes(message.status);
}
