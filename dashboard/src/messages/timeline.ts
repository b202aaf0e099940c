import type { Schemas } from '../api';
import { LABELS } from './wording';

type Label = Schemas['Label'];

/** What an event and a line of the feed have in common. */
type Seen = Pick<Schemas['Event'], 'id' | 'kind' | 'at' | 'label' | 'counted'>;

/** One line: what matters to people, or a run of requests that no figure counts, folded into one. */
export type Entry<T extends Seen> =
  { type: 'event'; event: T } | { type: 'machines'; events: [T, ...T[]] };

/** Folds neighbouring requests that no figure counts and that belong `together`. Order is kept, no event is lost. */
export function entriesOf<T extends Seen>(
  events: readonly T[],
  together: (a: T, b: T) => boolean = () => true,
): Entry<T>[] {
  const entries: Entry<T>[] = [];
  for (const event of events) {
    const last = entries.at(-1);
    if (!isUncounted(event)) entries.push({ type: 'event', event });
    else if (last?.type === 'machines' && together(last.events[0], event)) last.events.push(event);
    else entries.push({ type: 'machines', events: [event] });
  }
  return entries;
}

/** When an entry began. */
export function beginOf<T extends Seen>(entry: Entry<T>): string {
  return entry.type === 'event' ? entry.event.at : entry.events[0].at;
}

function isUncounted({ counted, kind }: Seen): boolean {
  return !counted && (kind === 'open' || kind === 'click');
}

/** "3 by security scanners, 1 by you": the most frequent first. */
export function countsOf(events: readonly Seen[]): string {
  const counts = new Map<Label, number>();
  for (const { label } of events) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${String(count)} ${LABELS[label].many}`)
    .join(', ');
}
