import type { Schemas } from '../api';
import { LABELS } from './wording';

type Event = Schemas['Event'];
type Label = Event['label'];

/** One line of a timeline: an event that matters to people, or a run of machine requests folded into one. */
export type Entry =
  { type: 'event'; event: Event } | { type: 'machines'; events: [Event, ...Event[]] };

/** Folds neighbouring requests that no figure counts. Order is kept and no event is lost. */
export function entriesOf(events: readonly Event[]): Entry[] {
  const entries: Entry[] = [];
  for (const event of events) {
    const last = entries.at(-1);
    if (!isMachine(event)) entries.push({ type: 'event', event });
    else if (last?.type === 'machines') last.events.push(event);
    else entries.push({ type: 'machines', events: [event] });
  }
  return entries;
}

function isMachine(event: Event): boolean {
  return !event.counted && (event.kind === 'open' || event.kind === 'click');
}

/** "3 by security scanners, 1 by you": the most frequent first. */
export function countsOf(events: readonly Event[]): string {
  const counts = new Map<Label, number>();
  for (const { label } of events) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${String(count)} ${LABELS[label].many}`)
    .join(', ');
}

/** Entries under the day they begin on, in the zone of `dayOf`. */
export function byDay(entries: readonly Entry[], dayOf: (at: string) => string) {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.type === 'event' ? entry.event.at : entry.events[0].at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
