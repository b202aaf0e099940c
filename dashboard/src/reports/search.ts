import type { Schemas } from '../api';

/** What reports can be split by here. */
export const GROUPINGS = {
  day: 'Day',
  hour: 'Hour of the day',
  recipient_domain: 'Recipient’s domain',
} as const satisfies Partial<Record<Schemas['Grouping'], string>>;

export type Grouping = keyof typeof GROUPINGS;

/** Days as YYYY-MM-DD in the browser's zone, both included. */
export interface ReportSearch {
  from?: string;
  to?: string;
  by?: Grouping;
}

export function isGrouping(value: unknown): value is Grouping {
  return typeof value === 'string' && Object.hasOwn(GROUPINGS, value);
}

export function readReportSearch({ from, to, by }: Record<string, unknown>): ReportSearch {
  return {
    ...(isDay(from) && isDay(to) && from <= to && { from, to }),
    ...(isGrouping(by) && { by }),
  };
}

function isDay(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
