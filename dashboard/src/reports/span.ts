import dayjs from 'dayjs';
import type { Schemas } from '../api';

type Row = Schemas['SummaryRow'];

/** Days as YYYY-MM-DD, both included. */
export interface Span {
  from: string;
  to: string;
}

const DAY = 'YYYY-MM-DD';
const MOST_DAYS = 370;

export function latestDays(days: number, today = dayjs()): Span {
  return { from: today.subtract(days - 1, 'day').format(DAY), to: today.format(DAY) };
}

/** The instants of a span in the browser's zone; the end is not included. */
export function instantsOf({ from, to }: Span): { from: string; to: string } {
  return {
    from: dayjs(from).startOf('day').toISOString(),
    to: dayjs(to).add(1, 'day').startOf('day').toISOString(),
  };
}

/** One row for each day of the span, those without mail too. */
export function everyDay(rows: readonly Row[], { from, to }: Span): Row[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  const days: Row[] = [];
  for (
    let day = dayjs(from);
    days.length < MOST_DAYS && !day.isAfter(to, 'day');
    day = day.add(1, 'day')
  )
    days.push(known.get(day.format(DAY)) ?? emptyRow(day.format(DAY)));
  return days;
}

/** One row for each hour of the day. */
export function everyHour(rows: readonly Row[]): Row[] {
  const known = new Map(rows.map((row) => [Number(row.key), row]));
  return Array.from({ length: 24 }, (_, hour) => {
    const key = String(hour).padStart(2, '0');
    return { ...(known.get(hour) ?? emptyRow(key)), key };
  });
}

function emptyRow(key: string): Row {
  return {
    key,
    sent: 0,
    delivered: 0,
    not_tracked: 0,
    read: 0,
    clicked: 0,
    replied: 0,
    unknown: 0,
    machine: 0,
  };
}
