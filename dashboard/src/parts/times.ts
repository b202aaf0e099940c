const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "Mon, 23 November 2026, 10:31:05 CET", in the browser's zone. */
export function absolute(at: string): string {
  return new Date(at).toLocaleString([], {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** "just now", "5 min ago", "3 h ago", "2 days ago", then the date. */
export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${String(Math.floor(past / MINUTE))} min ago`;
  if (past < DAY) return `${String(Math.floor(past / HOUR))} h ago`;
  if (past < 7 * DAY) {
    const days = Math.floor(past / DAY);
    return days === 1 ? '1 day ago' : `${String(days)} days ago`;
  }
  return new Date(at).toLocaleDateString([], {
    day: 'numeric',
    month: 'short',
    ...(past > 300 * DAY && { year: 'numeric' }),
  });
}

/** "Today", "Yesterday", then "Friday, 20 November". */
export function dayOf(at: string, now: number): string {
  const day = new Date(at);
  if (day.toDateString() === new Date(now).toDateString()) return 'Today';
  if (day.toDateString() === new Date(now - DAY).toDateString()) return 'Yesterday';
  return day.toLocaleDateString([], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(now - day.getTime() > 300 * DAY && { year: 'numeric' }),
  });
}

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Neighbours of the same day together; order is kept. */
export function byDay<T>(items: readonly T[], dayOfItem: (item: T) => string) {
  const days: { day: string; items: T[] }[] = [];
  for (const item of items) {
    const day = dayOfItem(item);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
