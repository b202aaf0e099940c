/** What clocks show in a zone, as the API takes it. */
export interface WallTime {
  /** "2026-12-01T09:00" */
  reading: string;
  /** IANA name. */
  zone: string;
}

const DAY = 24 * 60 * 60_000;

/** The browser's own zone first, then all that it knows. */
export function zonesFrom(own: string): string[] {
  return [own, ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== own)];
}

/** "Europe/Berlin" -> "Berlin (Europe)"; "UTC" stays. */
export function placeOf(zone: string): string {
  const [region, ...place] = zone.split('/');
  const name = place.join(', ').replaceAll('_', ' ');
  return name === '' ? zone : `${name} (${(region ?? '').replaceAll('_', ' ')})`;
}

/** Year, month and so on that clocks in the zone show then. */
function partsIn(zone: string, at: number): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** "2026-12-01T09:00", as clocks in the zone show it then. */
export function readingIn(zone: string, at: number): string {
  const { year, month, day, hour, minute } = partsIn(zone, at);
  return `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}`;
}

/**
 * The instant of a wall time, for showing it in another zone. Where the clock was set back or forward it may differ by
 * an hour from what the server makes of it, which is what holds.
 */
export function instantOf({ reading, zone }: WallTime): number {
  const wanted = Date.parse(`${reading}Z`);
  const guess = wanted - (Date.parse(`${readingIn(zone, wanted)}Z`) - wanted);
  return guess - (Date.parse(`${readingIn(zone, guess)}Z`) - wanted);
}

export interface Preset {
  label: string;
  reading: string;
}

/** Times that people want: by the clocks and the calendar of the zone. */
export function presetsIn(zone: string, now: number): Preset[] {
  const today = readingIn(zone, now).slice(0, 10);
  const midnight = Date.parse(`${today}T00:00Z`);
  const on = (days: number, time: string) =>
    `${new Date(midnight + days * DAY).toISOString().slice(0, 10)}T${time}`;
  const weekday = new Date(midnight).getUTCDay();
  const toMonday = (8 - weekday) % 7 || 7;
  const presets = [
    { label: 'Tomorrow morning', reading: on(1, '08:00') },
    { label: 'Tomorrow afternoon', reading: on(1, '13:00') },
  ];
  if (readingIn(zone, now).slice(11) < '12:00')
    presets.unshift({ label: 'This afternoon', reading: on(0, '13:00') });
  if (toMonday > 1) presets.push({ label: 'Monday morning', reading: on(toMonday, '08:00') });
  return presets;
}

/** "Tue, 1 Dec, 09:00" of a reading, whatever zone it is of. */
export function shownReading(reading: string): string {
  return new Date(`${reading.slice(0, 16)}Z`).toLocaleString([], {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "in 8 s", "in 5 min", "in 3 h", then the day and time. */
export function until(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return 'now';
  if (left < 60_000) return `in ${String(Math.ceil(left / 1000))} s`;
  if (left < 60 * 60_000) return `in ${String(Math.round(left / 60_000))} min`;
  if (left < 12 * 60 * 60_000) return `in ${String(Math.round(left / (60 * 60_000)))} h`;
  return new Date(at).toLocaleString([], {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}
