import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api';
import { sampleMessage, THREE_RECIPIENTS } from './sample';
import {
  headlineOf,
  maybeYou,
  namesOf,
  statusOf,
  sureness,
  untrackedNotice,
  whoOf,
  whyNotTracked,
} from './wording';

describe('the status of a message', () => {
  it('calls silence no sign, never unread', () => {
    expect(statusOf(sampleMessage())).toMatchObject({ mark: 'none', label: 'No sign yet' });
  });

  it('calls a prefetch arrived, and reading unknown', () => {
    expect(statusOf(sampleMessage({ status: 'prefetched' })).label).toBe(
      'Arrived, reading unknown',
    );
  });

  it.each(['read', 'clicked'] as const)('credits %s of a shared mail to one of them', (status) => {
    const shared = sampleMessage({ status, shared: true, recipients: THREE_RECIPIENTS });
    expect(statusOf(shared).label).toMatch(/by one of 3$/);
    expect(statusOf(shared).detail).toContain('nobody can say which');
  });

  it('does not blur a reply, whose sender is known', () => {
    const shared = sampleMessage({ status: 'replied', shared: true, recipients: THREE_RECIPIENTS });
    expect(statusOf(shared).label).toBe('Replied');
  });

  it('gives the reason of an untracked mail instead of a zero', () => {
    const tracking = { opens: false, clicks: false, not_tracked_because: 'opted_out' };
    const status = statusOf(sampleMessage({ tracking }));
    expect(status.mark).toBe('untracked');
    expect(status.detail).toBe('A recipient opted out of tracking.');
  });

  it.each([
    ['never_track', 'A recipient is on your never-track list.'],
    ['domain_off', 'Tracking is off for the domain of a recipient.'],
    ['no_consent', 'A recipient has not agreed to be tracked.'],
  ])('has words of its own for %s', (not_tracked_because, words) => {
    const tracking = { opens: false, clicks: false, not_tracked_because };
    expect(statusOf(sampleMessage({ tracking })).detail).toBe(words);
  });

  it('says that what was seen before an objection stays', () => {
    const tracking = { opens: false, clicks: false, not_tracked_because: 'opted_out' };
    const { figures } = sampleMessage();
    expect(untrackedNotice({ tracking, figures })?.title).toBe('Not tracked.');
    const opened = { ...figures, opens_by_people: 1 };
    expect(untrackedNotice({ tracking, figures: opened })).toEqual({
      title: 'No longer tracked.',
      text: 'A recipient opted out of tracking. What was seen before stays; nothing has been added since.',
    });
    const tracked = { opens: true, clicks: true };
    expect(untrackedNotice({ tracking: tracked, figures: opened })).toBeUndefined();
  });

  it('still tells a reply to an untracked mail', () => {
    const tracking = { opens: false, clicks: false };
    expect(statusOf(sampleMessage({ tracking, status: 'replied' })).mark).toBe('replied');
  });

  it('never calls a mail of unknown outcome sent or failed', () => {
    expect(statusOf(sampleMessage({ state: 'unknown' })).label).toBe('Checking with Gmail');
  });

  it('says what the problem is when a mail waits for its writer', () => {
    const problem = {
      code: 'draft_gone',
      message: 'The draft is gone',
      what_to_do: 'Write it again.',
    };
    expect(statusOf(sampleMessage({ state: 'needs_user', problem }))).toMatchObject({
      mark: 'trouble',
      detail: 'The draft is gone',
    });
  });

  it('has words for every state of the API', () => {
    const states: Schemas['MessageState'][] = [
      'undo',
      'scheduled',
      'sending',
      'unknown',
      'cancelled',
      'needs_user',
      'prepared',
    ];
    const labels = states.map((state) => statusOf(sampleMessage({ state })).label);
    expect(new Set(labels).size).toBe(states.length);
    expect(labels).not.toContain('No sign yet');
  });
});

describe('why a mail is not tracked', () => {
  it('is not said of a tracked one', () => {
    expect(whyNotTracked(sampleMessage())).toBeUndefined();
  });

  it('is readable for a reason that this page does not know', () => {
    const tracking = { opens: false, clicks: false, not_tracked_because: 'blocked_host' };
    expect(whyNotTracked({ tracking })).toBe('This mail is not tracked: blocked host.');
  });
});

describe('an event in one line', () => {
  const event = { kind: 'open', label: 'human', counted: true } as const;

  it('names the only recipient even where the event names none', () => {
    expect(headlineOf(event, whoOf(sampleMessage(), null))).toBe('Ben Sato opened it');
  });

  it('names nobody where several got the same mail', () => {
    const message = sampleMessage({ recipients: THREE_RECIPIENTS, shared: true });
    expect(headlineOf(event, whoOf(message, null))).toBe('One of them opened it');
    expect(headlineOf(event, whoOf(message, 1))).toBe('cleo@example.org opened it');
  });

  it('counts links as people do', () => {
    const click = { ...event, kind: 'click', link: 0 } as const;
    expect(headlineOf(click, 'Ben Sato')).toBe('Ben Sato followed link 1');
  });

  it.each([
    ['prefetch', 'A mail app loaded it ahead; reading unknown'],
    ['scanner', 'A security scanner loaded it'],
    ['bot', 'A program loaded it'],
    ['self', 'You opened it'],
  ] as const)('never names the recipient of a %s', (label, line) => {
    expect(headlineOf({ ...event, label, counted: false }, 'Ben Sato')).toBe(line);
  });

  it('tells an automatic answer from a reply', () => {
    const reply = { ...event, kind: 'reply' } as const;
    expect(headlineOf(reply, 'Ben Sato')).toBe('Ben Sato replied');
    expect(headlineOf({ ...reply, counted: false }, 'Ben Sato')).toBe('An automatic answer came');
  });

  it('says whom a bounced mail did not reach', () => {
    const bounce = { kind: 'bounce', label: 'bot', counted: false } as const;
    expect(headlineOf(bounce, 'ben@example.org')).toBe('It did not reach ben@example.org');
    expect(headlineOf(bounce, 'One of them')).toBe('It did not reach one of them');
  });
});

describe('"may be you"', () => {
  it('is said of opens through a provider only, where nothing tells them apart', () => {
    expect(maybeYou({ kind: 'open', label: 'proxy' })).toBe(true);
    expect(maybeYou({ kind: 'open', label: 'human' })).toBe(false);
    expect(maybeYou({ kind: 'open', label: 'self' })).toBe(false);
    expect(maybeYou({ kind: 'click', label: 'proxy' })).toBe(false);
  });
});

describe('names of recipients', () => {
  it.each([
    [1, 'Ben Sato'],
    [2, 'Ben Sato and cleo@example.org'],
    [3, 'Ben Sato, cleo@example.org and dan@example.org'],
  ])('are all told when they are %i', (count, names) => {
    expect(namesOf(THREE_RECIPIENTS.slice(0, count))).toBe(names);
  });

  it('are shortened when they are many', () => {
    const many = [...THREE_RECIPIENTS, ...THREE_RECIPIENTS];
    expect(namesOf(many)).toBe('Ben Sato, cleo@example.org and 4 more');
  });

  it('say that somebody was erased, and not who', () => {
    expect(namesOf([{ address: '' }])).toBe('Erased at their own request');
  });
});

describe('confidence in words', () => {
  it('grows with the number and never claims certainty', () => {
    const words = [0.5, 0.6, 0.75, 0.85, 0.99].map(sureness);
    expect(words).toEqual(['A guess', 'Not sure', 'Fairly sure', 'Sure', 'Very sure']);
  });
});
