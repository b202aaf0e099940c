import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api';
import { aboutOf, grouped } from './groups';

function notice(id: number, code: string, mail?: string): Schemas['Notice'] {
  return {
    id: String(id).padStart(26, '0'),
    at: '2026-11-23T09:31:05Z',
    code,
    message: 'It happened.',
    what_to_do: 'Do this.',
    ...(mail !== undefined && { message_id: mail }),
  };
}
const NONE = new Set<string>();

describe('notices', () => {
  it('are told together when they say the same', () => {
    const all = [notice(1, 'late', 'a'), notice(2, 'refused', 'b'), notice(3, 'late', 'c')];
    const groups = grouped(all, undefined, NONE);
    expect(groups.map(({ code, count }) => `${code} ${String(count)}`)).toEqual([
      'late 2',
      'refused 1',
    ]);
    expect(groups[0]?.newest.message_id).toBe('a');
  });

  it('leave out what the page of a mail, or another notice, says already', () => {
    const all = [notice(1, 'late', 'a'), notice(2, 'reconnect'), notice(3, 'limit')];
    expect(grouped(all, 'a', new Set(['reconnect'])).map(({ code }) => code)).toEqual(['limit']);
  });

  it('say whom they are about', () => {
    const [one] = grouped([notice(1, 'late', 'a')], undefined, NONE);
    const [many] = grouped([notice(1, 'late', 'a'), notice(2, 'late', 'b')], undefined, NONE);
    const [account] = grouped([notice(1, 'limit')], undefined, NONE);
    expect(one && aboutOf(one, 'Ben Sato')).toBe('Your mail to Ben Sato');
    expect(one && aboutOf(one, undefined)).toBe('One of your mails');
    expect(many && aboutOf(many, 'Ben Sato')).toBe('2 mails, for the same reason');
    expect(account && aboutOf(account, undefined)).toBeUndefined();
  });
});
