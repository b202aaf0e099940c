import { describe, expect, it } from 'vitest';
import { ago, byDay, dayOf } from './times';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe('a time in the past', () => {
  it.each([
    [-5, 'just now'],
    [59, 'just now'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [3600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, '1 day ago'],
    [3 * 86_400, '3 days ago'],
  ])('of %i seconds is told as %s', (seconds, words) => {
    expect(ago(before(seconds), NOW)).toBe(words);
  });

  it('is a date after a week', () => {
    expect(ago(before(8 * 86_400), NOW)).toMatch(/15/);
  });
});

describe('a day', () => {
  it('is named by the calendar of the zone, not by distance', () => {
    const justAfterMidnight = Date.parse('2026-11-22T23:10:00Z');
    expect(dayOf('2026-11-22T22:50:00Z', justAfterMidnight)).toBe('Yesterday');
    expect(dayOf('2026-11-22T23:05:00Z', justAfterMidnight)).toBe('Today');
  });

  it('takes in its neighbours only', () => {
    const days = byDay([1, 2, 30, 4], (value) => (value < 10 ? 'low' : 'high'));
    expect(days).toEqual([
      { day: 'low', items: [1, 2] },
      { day: 'high', items: [30] },
      { day: 'low', items: [4] },
    ]);
  });
});
