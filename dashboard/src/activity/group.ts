import type { Schemas } from '../api';

type Activity = Schemas['Activity'];

/** Neighbours of the same day together; order is kept. */
export function groupByDay(activities: readonly Activity[], dayOf: (at: string) => string) {
  const days: { day: string; activities: Activity[] }[] = [];
  for (const activity of activities) {
    const day = dayOf(activity.at);
    const last = days.at(-1);
    if (last?.day === day) last.activities.push(activity);
    else days.push({ day, activities: [activity] });
  }
  return days;
}
