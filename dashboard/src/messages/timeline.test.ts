import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api';
import { beginOf, countsOf, entriesOf } from './timeline';

type Label = Schemas['Label'];
type Kind = Schemas['EventKind'];

let made = 0;
function seen(label: Label, kind: Kind = 'open') {
  made += 1;
  return {
    id: String(made),
    kind,
    at: `2026-11-23T09:00:${String(made % 60).padStart(2, '0')}Z`,
    label,
    counted: label === 'human' || label === 'proxy',
  };
}

describe('a timeline', () => {
  it('folds neighbouring requests of machines into one entry', () => {
    const entries = entriesOf([seen('scanner'), seen('prefetch'), seen('human'), seen('bot')]);
    expect(entries.map((entry) => (entry.type === 'event' ? 1 : entry.events.length))).toEqual([
      2, 1, 1,
    ]);
    expect(entries.map(({ type }) => type)).toEqual(['machines', 'event', 'machines']);
  });

  it('loses no event and keeps their order', () => {
    const labels: Label[] = [
      'self',
      'human',
      'scanner',
      'scanner',
      'proxy',
      'prefetch',
      'bot',
      'human',
    ];
    const events = labels.map((label) => seen(label));
    const back = entriesOf(events).flatMap((entry) =>
      entry.type === 'event' ? [entry.event] : entry.events,
    );
    expect(back).toEqual(events);
  });

  it('never folds a reply or a bounce away', () => {
    const entries = entriesOf([seen('bot', 'reply'), seen('bot', 'bounce')]);
    expect(entries.map(({ type }) => type)).toEqual(['event', 'event']);
  });

  it('keeps apart what does not belong together', () => {
    expect(entriesOf([seen('bot'), seen('bot')], () => false)).toHaveLength(2);
  });

  it('dates a folded run by its first event', () => {
    const first = seen('scanner');
    expect(entriesOf([first, seen('scanner')]).map(beginOf)).toEqual([first.at]);
  });

  it('counts a folded run by what it was, most frequent first', () => {
    expect(countsOf([seen('self'), seen('scanner'), seen('scanner')])).toBe(
      '2 by security scanners, 1 by you',
    );
  });
});
