import { describe, expect, it } from 'vitest';
import { inTurn } from './in_turn';

describe('inTurn', () => {
  it('lets no more than the limit run, and all of them in the end', async () => {
    const turn = inTurn(2);
    let running = 0;
    let most = 0;
    const work = async (value: number) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return value;
    };
    const results = await Promise.all([1, 2, 3, 4, 5].map((value) => turn(() => work(value))));
    expect(results).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('gives a place on after a failure', async () => {
    const turn = inTurn(1);
    const failing = turn(() => Promise.reject(new Error('no')));
    const next = turn(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });
});
