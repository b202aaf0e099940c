import { describe, expect, it } from 'vitest';
import { clickRate, inWords, partsOf, percent, readRate, replyRate, shares } from './rates';

const FIGURES = {
  sent: 43,
  delivered: 42,
  not_tracked: 2,
  read: 12,
  clicked: 5,
  replied: 3,
  unknown: 9,
  machine: 4,
};

describe('a rate', () => {
  it('is told with its numerator, denominator and unknown share', () => {
    expect(inWords(readRate(FIGURES), 'read')).toBe('12 of 40 read; 9 unknown');
  });

  it('is over what could be seen: an answer shows without tracking', () => {
    expect(inWords(clickRate(FIGURES), 'clicked')).toBe('5 of 40 clicked');
    expect(inWords(replyRate(FIGURES), 'replied')).toBe('3 of 42 replied');
  });

  it('is a dash, not zero, when nothing was delivered', () => {
    expect(percent({ numerator: 0, denominator: 0, unknown: 0 })).toBe('–');
    expect(percent(readRate(FIGURES))).toBe('30 %');
  });

  it.each([
    readRate(FIGURES),
    { numerator: 40, denominator: 40, unknown: 9 },
    { numerator: 0, denominator: 3, unknown: 5 },
  ])('has parts that add up to the whole: %j', (rate) => {
    const { sure, unknown, silent } = shares(rate);
    expect(sure + unknown + silent).toBeCloseTo(100);
    expect(Math.min(sure, unknown, silent)).toBeGreaterThanOrEqual(0);
  });

  it('has no parts without a whole', () => {
    expect(shares({ numerator: 0, denominator: 0, unknown: 0 })).toEqual({
      sure: 0,
      unknown: 0,
      silent: 0,
    });
  });
});

describe('the parts of a report', () => {
  it('are all that was delivered, each mail once', () => {
    expect(partsOf(FIGURES)).toEqual({
      read: 12,
      unknown: 9,
      machine: 4,
      silent: 15,
      not_tracked: 2,
    });
  });
});
