import dayjs from 'dayjs';
import { describe, expect, it } from 'vitest';
import { readReportSearch } from './search';
import { everyDay, everyHour, instantsOf, latestDays } from './span';

const ROW = {
  sent: 3,
  delivered: 3,
  not_tracked: 0,
  read: 1,
  clicked: 0,
  replied: 0,
  unknown: 1,
  machine: 2,
};

describe('a span of days', () => {
  it('of the latest days ends today', () => {
    expect(latestDays(7, dayjs('2026-11-23'))).toEqual({ from: '2026-11-17', to: '2026-11-23' });
  });

  it('becomes instants in the local zone, clock changes included', () => {
    expect(instantsOf({ from: '2026-10-25', to: '2026-10-25' })).toEqual({
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T23:00:00.000Z',
    });
  });

  it('has a row for every day, over a clock change too', () => {
    const rows = everyDay([{ key: '2026-10-25', ...ROW }], {
      from: '2026-10-24',
      to: '2026-10-26',
    });
    expect(rows.map(({ key, sent }) => [key, sent])).toEqual([
      ['2026-10-24', 0],
      ['2026-10-25', 3],
      ['2026-10-26', 0],
    ]);
  });
});

describe('the hours of a day', () => {
  it('are 24, each with its row', () => {
    const hours = everyHour([{ key: '09', ...ROW }]);
    expect(hours).toHaveLength(24);
    expect(hours[9]).toEqual({ key: '09', ...ROW });
    expect(hours.filter(({ sent }) => sent > 0)).toHaveLength(1);
  });
});

describe('what the address of a report says', () => {
  it('is taken when it makes sense', () => {
    const search = { from: '2026-11-01', to: '2026-11-23', by: 'hour' };
    expect(readReportSearch(search)).toEqual(search);
  });

  it.each([
    { from: '2026-11-23', to: '2026-11-01' },
    { from: '2026-13-45', to: '2026-13-46' },
    { from: 'now', to: 'then', by: 'toString' },
    { from: '2026-11-01' },
  ])('is ignored otherwise: %j', (search) => {
    expect(readReportSearch(search)).toEqual({});
  });
});
