import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from '../api';

type Activity = Schemas['Activity'];
type Message = Schemas['Message'];
type MessagePages = InfiniteData<Schemas['MessageList']>;

/** How many lines of activity a page holds. */
export const MOST = 200;

/** The list with `activity` in its place, newest first. One that is there already stays single. */
export function withActivity(list: readonly Activity[], activity: Activity): readonly Activity[] {
  if (list.some(({ id }) => id === activity.id)) return list;
  return [...list, activity].sort(newestFirst).slice(0, MOST);
}

function newestFirst(a: Activity, b: Activity): number {
  return Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1);
}

/** The pages with `message` in the place of its older self; unchanged when it is on none of them. */
export function withMessage(
  pages: MessagePages | undefined,
  message: Message,
): MessagePages | undefined {
  if (!pages || !findMessage(pages, message.id)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === message.id ? message : item)),
    })),
  };
}

export function findMessage(pages: MessagePages | undefined, id: string): Message | undefined {
  for (const { items } of pages?.pages ?? []) {
    const found = items.find((item) => item.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Whether the figures of `message` may lack `activity`, so that it must be read again. */
export function isNews(message: Message | undefined, activity: Activity): boolean {
  const last = message?.figures.last_at;
  return last === undefined || Date.parse(last) <= Date.parse(activity.at);
}

/** Whether `activity` is the first sign that a person read `message`, and recent enough for a notice. */
export function isFirstRead(message: Message, activity: Activity, now: number): boolean {
  const first = message.figures.first_read_at;
  return (
    activity.counted &&
    (activity.kind === 'open' || activity.kind === 'click') &&
    first !== undefined &&
    Date.parse(first) === Date.parse(activity.at) &&
    now - Date.parse(activity.at) < NOTICE_AGE_MS
  );
}

/** What happened while nobody looked is in the list; a notice would come too late. */
const NOTICE_AGE_MS = 60_000;
