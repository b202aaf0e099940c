import { describe, expect, it } from 'vitest';
import { instantOf, placeOf, presetsIn, readingIn, until, zonesFrom } from './wall_time';

const friday = Date.parse('2026-11-27T09:30:00Z');

describe('presets', () => {
  it('are what people expect on a Friday morning', () => {
    expect(presetsIn('UTC', friday)).toEqual([
      { label: 'This afternoon', reading: '2026-11-27T13:00' },
      { label: 'Tomorrow morning', reading: '2026-11-28T08:00' },
      { label: 'Tomorrow afternoon', reading: '2026-11-28T13:00' },
      { label: 'Monday morning', reading: '2026-11-30T08:00' },
    ]);
  });

  it('go by the calendar of the zone', () => {
    expect(presetsIn('Pacific/Auckland', friday)[0]?.reading).toBe('2026-11-28T08:00');
    expect(presetsIn('Pacific/Honolulu', Date.parse('2026-11-28T05:00Z'))[0]?.reading).toBe(
      '2026-11-28T08:00',
    );
  });

  it('do not name the same morning twice on a Sunday, and mean the next Monday on a Monday', () => {
    const labels = (at: string) => presetsIn('UTC', Date.parse(at)).map(({ label }) => label);
    expect(labels('2026-11-29T20:00Z')).toEqual(['Tomorrow morning', 'Tomorrow afternoon']);
    expect(presetsIn('UTC', Date.parse('2026-11-30T20:00Z')).at(-1)?.reading).toBe(
      '2026-12-07T08:00',
    );
  });

  it('cross the end of a month and of a year', () => {
    expect(presetsIn('UTC', Date.parse('2026-12-31T20:00Z'))[0]?.reading).toBe('2027-01-01T08:00');
  });
});

describe('wall times', () => {
  it('lead to the instant and back', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'])
      for (const at of ['2026-01-15T11:45Z', '2026-07-15T11:45Z']) {
        const reading = readingIn(zone, Date.parse(at));
        expect(instantOf({ reading, zone })).toBe(Date.parse(at));
      }
  });

  it('shows midnight as 00:00', () => {
    expect(readingIn('UTC', Date.parse('2026-11-27T00:00Z'))).toBe('2026-11-27T00:00');
  });
});

describe('zones', () => {
  it('begin with the own one, once', () => {
    const zones = zonesFrom('Europe/Berlin');
    expect(zones[0]).toBe('Europe/Berlin');
    expect(zones.filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
    expect(zones.length).toBeGreaterThan(300);
  });

  it('are named by their place', () => {
    expect(placeOf('America/New_York')).toBe('New York (America)');
    expect(placeOf('UTC')).toBe('UTC');
  });
});

it('says how long it is until something goes out', () => {
  expect(until('2026-11-27T09:30:08Z', friday)).toBe('in 8 s');
  expect(until('2026-11-27T09:35:00Z', friday)).toBe('in 5 min');
  expect(until('2026-11-27T12:30:00Z', friday)).toBe('in 3 h');
  expect(until('2026-11-27T09:29:00Z', friday)).toBe('now');
});
