import { describe, expect, it } from 'vitest';
import { sampleMessage } from './sample';
import { isShown, readShown, SHOWN } from './shown';

describe('the filters of the list', () => {
  it('count whoever clicked or replied among the readers', () => {
    for (const status of ['read', 'clicked', 'replied'] as const)
      expect(SHOWN.read.matches(sampleMessage({ status }))).toBe(true);
    expect(SHOWN.read.matches(sampleMessage({ status: 'prefetched' }))).toBe(false);
  });

  it('never put an untracked mail among the silent ones', () => {
    const tracking = { opens: false, clicks: false };
    expect(SHOWN.silent.matches(sampleMessage())).toBe(true);
    expect(SHOWN.silent.matches(sampleMessage({ tracking }))).toBe(false);
  });

  it('never put a mail that is not out among the silent ones', () => {
    expect(SHOWN.silent.matches(sampleMessage({ state: 'sending' }))).toBe(false);
  });

  it('find what needs the user', () => {
    expect(SHOWN.trouble.matches(sampleMessage({ state: 'needs_user' }))).toBe(true);
    expect(SHOWN.trouble.matches(sampleMessage({ status: 'bounced' }))).toBe(true);
    expect(SHOWN.trouble.matches(sampleMessage())).toBe(false);
  });

  it('ignore an address that was tampered with', () => {
    expect(readShown({ show: 'constructor' })).toEqual({});
    expect(isShown('toString')).toBe(false);
    expect(readShown({ show: 'read' })).toEqual({ show: 'read' });
  });
});
