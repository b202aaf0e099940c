import type { Schemas } from '../api';

type Notice = Schemas['Notice'];

/** Notices that say the same, the newest first. */
export interface Group {
  code: string;
  newest: Notice;
  count: number;
}

/** Notices of one kind are told together. Left out: of the mail whose own page says it, and what `elsewhere` names. */
export function grouped(
  notices: readonly Notice[],
  shownMail: string | undefined,
  elsewhere: ReadonlySet<string>,
): Group[] {
  const groups = new Map<string, Group>();
  for (const notice of notices) {
    if (elsewhere.has(notice.code)) continue;
    if (notice.message_id !== undefined && notice.message_id === shownMail) continue;
    const group = groups.get(notice.code);
    if (group) group.count++;
    else groups.set(notice.code, { code: notice.code, newest: notice, count: 1 });
  }
  return [...groups.values()];
}

/** What a group is about: "4 mails, for the same reason", "Your mail to Ben Sato"; undefined for what concerns the whole account. */
export function aboutOf({ newest, count }: Group, to: string | undefined): string | undefined {
  if (newest.message_id === undefined) return undefined;
  if (count > 1) return `${String(count)} mails, for the same reason`;
  return to === undefined ? 'One of your mails' : `Your mail to ${to}`;
}
