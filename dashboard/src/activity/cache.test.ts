import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api';
import { sampleMessage } from '../messages/sample';
import { isFirstRead, isNews, MOST, withActivity, withMessage } from './cache';

const FIGURES = sampleMessage().figures;
const AT = '2026-11-23T09:31:05Z';

function activity(id: number, changes: Partial<Schemas['Activity']> = {}): Schemas['Activity'] {
  return {
    id: String(id).padStart(26, '0'),
    message_id: sampleMessage().id,
    kind: 'open',
    at: AT,
    recipient: 0,
    label: 'human',
    confidence: 0.85,
    human_p: 0.85,
    rule: 'browser',
    rules_version: 1,
    reasons: [],
    counted: true,
    provisional: false,
    ...changes,
  };
}

describe('the list of activity', () => {
  it('puts the newest first, in whatever order it came', () => {
    const later = activity(1, { at: '2026-11-23T10:00:00Z' });
    const list = [activity(3), later, activity(2)].reduce<readonly Schemas['Activity'][]>(
      withActivity,
      [],
    );
    expect(list.map(({ id }) => Number(id))).toEqual([1, 3, 2]);
  });

  it('keeps one line for an event that is told twice after a reconnect', () => {
    const once = withActivity([], activity(1));
    expect(withActivity(once, activity(1))).toBe(once);
  });

  it('drops the oldest when it is full', () => {
    let list: readonly Schemas['Activity'][] = [];
    for (let id = 0; id <= MOST; id += 1) list = withActivity(list, activity(id));
    expect(list).toHaveLength(MOST);
    expect(list.some(({ id }) => Number(id) === 0)).toBe(false);
  });
});

describe('the cached pages of messages', () => {
  const other = sampleMessage({ id: '01jdc2m0x4t9v6q8r2z5w7y3kz' });
  const pages = {
    pages: [{ items: [sampleMessage()], next: 'x' }, { items: [other] }],
    pageParams: ['', 'x'],
  };

  it('take a message in at its place and leave the others', () => {
    const changed = sampleMessage({ status: 'read' });
    const after = withMessage(pages, changed);
    expect(after?.pages[0]?.items).toEqual([changed]);
    expect(after?.pages[0]?.next).toBe('x');
    expect(after?.pages[1]?.items).toEqual([other]);
    expect(pages.pages[0]?.items[0]?.status).toBe('none');
  });

  it('stay the same for a message that is on none of them', () => {
    const unknown = sampleMessage({ id: '01jdc2m0x4t9v6q8r2z5w7y3k0' });
    expect(withMessage(pages, unknown)).toBe(pages);
    expect(withMessage(undefined, unknown)).toBeUndefined();
  });
});

describe('whether a message must be read again', () => {
  const upTo = (last_at: string) => sampleMessage({ figures: { ...FIGURES, last_at } });

  it('is so when it is unknown or older than the activity', () => {
    expect(isNews(undefined, activity(1))).toBe(true);
    expect(isNews(sampleMessage(), activity(1))).toBe(true);
    expect(isNews(upTo('2026-11-23T09:31:04Z'), activity(1))).toBe(true);
  });

  it('is so within one second, where two events can share a time', () => {
    expect(isNews(upTo(AT), activity(1))).toBe(true);
  });

  it('is not so when its figures are newer', () => {
    expect(isNews(upTo('2026-11-23T09:31:06Z'), activity(1))).toBe(false);
  });
});

describe('the notice of a first reading', () => {
  const read = sampleMessage({ figures: { ...FIGURES, first_read_at: AT } });
  const soon = Date.parse(AT) + 1_000;

  it('comes with the event that was the first', () => {
    expect(isFirstRead(read, activity(1), soon)).toBe(true);
    expect(isFirstRead(read, activity(1, { kind: 'click' }), soon)).toBe(true);
  });

  it('does not come again for a later one', () => {
    expect(isFirstRead(read, activity(2, { at: '2026-11-23T09:31:06Z' }), soon)).toBe(false);
  });

  it('never comes for a machine', () => {
    expect(isFirstRead(read, activity(1, { counted: false, label: 'scanner' }), soon)).toBe(false);
  });

  it('does not come for what happened while nobody looked', () => {
    expect(isFirstRead(read, activity(1), Date.parse(AT) + 3_600_000)).toBe(false);
  });
});
