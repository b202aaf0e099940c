import type { Schemas } from '../api';

type Message = Schemas['Message'];
type Recipient = Schemas['Recipient'];
type Event = Schemas['Event'];

/** What a mark stands for; each has its own icon and colour. */
export type Mark =
  | 'none'
  | 'prefetched'
  | 'read'
  | 'clicked'
  | 'replied'
  | 'bounced'
  | 'untracked'
  | 'moving'
  | 'waiting'
  | 'trouble'
  | 'cancelled';

export interface Status {
  mark: Mark;
  label: string;
  /** One sentence that says what is known, and what is not. */
  detail: string;
}

export function nameOf(recipient: Pick<Recipient, 'address' | 'name'>): string {
  if (recipient.address === '') return 'Erased at their own request';
  return recipient.name?.trim() ? recipient.name : recipient.address;
}

/** "Ben Sato", "Ben Sato and Cleo Lind", "Ben Sato, Cleo Lind and 3 more". */
export function namesOf(recipients: Pick<Recipient, 'address' | 'name'>[]): string {
  const names = recipients.map(nameOf);
  if (names.length > 3)
    return `${names.slice(0, 2).join(', ')} and ${String(names.length - 2)} more`;
  const last = names.pop();
  return [names.join(', '), last].filter(Boolean).join(' and ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Whether its silence says nothing, because nobody listens. */
export function isUntracked({ tracking }: Pick<Message, 'tracking'>): boolean {
  return !tracking.opens && !tracking.clicks;
}

const NOT_TRACKED: Record<string, string> = {
  switched_off: 'Tracking was switched off for this mail.',
  account_off: 'Tracking was off in your account when this mail was sent.',
  no_consent: 'A recipient has not agreed to be tracked.',
  opted_out: 'A recipient opted out of tracking.',
  never_track: 'A recipient is on your never-track list.',
  domain_off: 'Tracking is off for the domain of a recipient.',
  signed_or_encrypted: 'The mail is signed or encrypted, and changing it would break that.',
  no_html: 'The mail is plain text, which can hold neither a pixel nor a tracked link.',
};

/** Why a mail is not tracked, as a sentence; undefined when it is. */
export function whyNotTracked({ tracking }: Pick<Message, 'tracking'>): string | undefined {
  const reason = tracking.not_tracked_because;
  if (reason)
    return NOT_TRACKED[reason] ?? `This mail is not tracked: ${reason.replaceAll('_', ' ')}.`;
  return isUntracked({ tracking }) ? NOT_TRACKED.switched_off : undefined;
}

/** What stands above a mail of which nothing, or nothing more, is noted; undefined when it is tracked. */
export function untrackedNotice(
  message: Pick<Message, 'tracking' | 'figures'>,
): { title: string; text: string } | undefined {
  const why = whyNotTracked(message);
  if (!why) return undefined;
  const { figures } = message;
  const seen = figures.opens_by_people + figures.clicks_by_people + leftOut(figures);
  if (message.tracking.not_tracked_because === 'opted_out' && seen > 0)
    return {
      title: 'No longer tracked.',
      text: `${why} What was seen before stays; nothing has been added since.`,
    };
  return { title: 'Not tracked.', text: `${why} The absence of signs says nothing here.` };
}

const STATES: Partial<Record<Message['state'], Status>> = {
  undo: { mark: 'moving', label: 'Sending soon', detail: 'It can still be taken back.' },
  scheduled: {
    mark: 'waiting',
    label: 'Scheduled',
    detail: 'It waits for its time as a draft in your Gmail.',
  },
  sending: { mark: 'moving', label: 'Sending', detail: 'It is on its way to Gmail.' },
  unknown: {
    mark: 'moving',
    label: 'Checking with Gmail',
    detail:
      'Gmail’s answer did not arrive. InboxPro is looking whether the mail went out, so that it is never sent twice.',
  },
  cancelled: { mark: 'cancelled', label: 'Cancelled', detail: 'It was not sent.' },
  needs_user: { mark: 'trouble', label: 'Needs you', detail: 'It was not sent and waits for you.' },
  prepared: { mark: 'waiting', label: 'Not sent yet', detail: 'It is being written in Gmail.' },
};

/** What is known of a whole message. */
export function statusOf(message: Message): Status {
  const state = STATES[message.state];
  if (state) return message.problem ? { ...state, detail: message.problem.message } : state;
  const why = whyNotTracked(message);
  if (message.status === 'none' && why && isUntracked(message))
    return { mark: 'untracked', label: 'Not tracked', detail: why };
  const status = readStatus(message.status);
  if (!message.shared || !ONE_OF_THEM.has(message.status)) return status;
  const among = String(message.recipients.length);
  return {
    ...status,
    label: `${status.label} by one of ${among}`,
    detail: `${status.detail} All ${among} got the same mail, so nobody can say which of them.`,
  };
}

const ONE_OF_THEM = new Set<Message['status']>(['read', 'clicked']);

const READ_STATUSES: Record<Message['status'], Status> = {
  none: {
    mark: 'none',
    label: 'No sign yet',
    detail: 'Nothing was seen so far. People who block images can read without leaving a sign.',
  },
  prefetched: {
    mark: 'prefetched',
    label: 'Arrived, reading unknown',
    detail:
      'A mail app loaded everything ahead, as Apple’s does. Whether a person read it cannot be known.',
  },
  read: { mark: 'read', label: 'Read', detail: 'A person opened the mail.' },
  clicked: { mark: 'clicked', label: 'Clicked', detail: 'A person followed a link.' },
  replied: { mark: 'replied', label: 'Replied', detail: 'An answer arrived.' },
  bounced: { mark: 'bounced', label: 'Bounced', detail: 'The mail could not be delivered.' },
};

/** What is known of one recipient. */
export function readStatus(status: Message['status']): Status {
  return READ_STATUSES[status];
}

/** Who an event is about, for the middle of a sentence that starts with it. */
export function whoOf(
  message: Pick<Message, 'recipients' | 'shared'>,
  recipient: number | null,
): string {
  const only = message.recipients.length === 1 ? message.recipients[0] : undefined;
  const known = message.recipients.find(({ index }) => index === recipient) ?? only;
  if (known) return nameOf(known);
  return message.recipients.length > 1 ? 'One of them' : 'The recipient';
}

/** An event in one line. */
export function headlineOf(
  event: Pick<Event, 'kind' | 'label' | 'link' | 'counted'>,
  who: string,
): string {
  if (event.kind === 'reply') return event.counted ? `${who} replied` : 'An automatic answer came';
  if (event.kind === 'bounce')
    return who === 'One of them' ? 'It did not reach one of them' : `It did not reach ${who}`;
  const person = event.kind === 'open' ? 'opened it' : `followed ${linkOf(event)}`;
  const machine = event.kind === 'open' ? 'loaded it' : `followed ${linkOf(event)}`;
  switch (event.label) {
    case 'human':
    case 'proxy':
      return `${who} ${person}`;
    case 'prefetch':
      return 'A mail app loaded it ahead; reading unknown';
    case 'scanner':
      return `A security scanner ${machine}`;
    case 'bot':
      return `A program ${machine}`;
    case 'self':
      return `You ${person}`;
  }
}

function linkOf({ link }: Pick<Event, 'link'>): string {
  return link === undefined ? 'a link' : `link ${String(link + 1)}`;
}

export const LABELS: Record<Event['label'], { name: string; many: string; meaning: string }> = {
  human: {
    name: 'Person',
    many: 'by people',
    meaning: 'A person’s own mail program or browser.',
  },
  proxy: {
    name: 'Person, through their provider',
    many: 'by people through their provider',
    meaning:
      'The mail provider fetched the image because somebody opened the mail. It hides who and where.',
  },
  prefetch: {
    name: 'Loaded ahead',
    many: 'loaded ahead',
    meaning:
      'A mail app loads everything when mail arrives, read or not. Never counted as a reading.',
  },
  scanner: {
    name: 'Security scanner',
    many: 'by security scanners',
    meaning: 'A security product checked the mail before its reader got it.',
  },
  bot: {
    name: 'Program',
    many: 'by other programs',
    meaning: 'A program that is no person’s mail app.',
  },
  self: {
    name: 'You',
    many: 'by you',
    meaning: 'Your own opening of your own mail. Never counted.',
  },
};

/** A confidence between 0.5 and 0.99 in words. */
export function sureness(confidence: number): string {
  if (confidence >= 0.95) return 'Very sure';
  if (confidence >= 0.85) return 'Sure';
  if (confidence >= 0.75) return 'Fairly sure';
  if (confidence >= 0.6) return 'Not sure';
  return 'A guess';
}

/** Whether the sender may have caused it: a provider's proxy hides who opened, and no session or signal said otherwise. */
export function maybeYou(event: Pick<Event, 'kind' | 'label'>): boolean {
  return event.kind === 'open' && event.label === 'proxy';
}

/** What the headline figures leave out, added up. */
export function leftOut(figures: Schemas['Figures']): number {
  return (
    figures.prefetches +
    figures.opens_by_machines +
    figures.clicks_by_machines +
    figures.opens_by_sender +
    figures.clicks_by_sender
  );
}
