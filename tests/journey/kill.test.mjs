// Fault matrix F1, short form: the server is killed again and again while opens and clicks pour in. What it answered is
// there afterwards, and nothing is there twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api, wait_for } from '../harness/clients.mjs';
import { load } from '../harness/load.mjs';
import { start_demo } from '../harness/program.mjs';

const kKills = 50;
const kPerSecond = 5000;
const kMessages = 50;

/** Tracked mails without any mail: as the extension makes them. @returns {id, paths} of each */
async function tracked_messages(api) {
  const make = async (_, n) => {
    const made = await api.post('/api/v1/tracking', {
      recipients: [`reader${n}@northwind.example`],
      links: [`https://example.org/${n}`],
    });
    await api.post(`/api/v1/tracking/${made.message_id}/sent`, {
      gmail_message_id: `g${n}`,
      gmail_thread_id: `t${n}`,
    });
    const paths = [made.pixel, made.links[0].url].map((url) => new URL(url).pathname);
    return { id: made.message_id, paths };
  };
  return Promise.all(Array.from({ length: kMessages }, make));
}

const count_all = (counts) => [...counts.values()].reduce((all, one) => all + one, 0);

test(
  `${kKills} kills amid opens and clicks lose nothing and count nothing twice`,
  { timeout: 1_200_000 },
  async (context) => {
    const demo = await start_demo(context, {
      env: { INBOXPRO_TRACKING_MAX_EVENTS_PER_TOKEN_HOUR: '0' },
    });
    const messages = await tracked_messages(new Api(demo));
    const paths = messages.flatMap((message) => message.paths);
    const [sent, answered] = [new Map(), new Map()];
    const count = (counts) => (path) => counts.set(path, (counts.get(path) ?? 0) + 1);

    for (let kill = 0; kill < kKills; kill++) {
      const over = new AbortController();
      const pouring = load(demo.tracking, paths, {
        per_second: kPerSecond,
        signal: over.signal,
        on_sent: count(sent),
        on_answered: count(answered),
      });
      await sleep(200 + Math.random() * 600);
      await demo.kill();
      over.abort();
      await pouring;
      await demo.start();
    }

    await wait_for(
      'all that waits in the journal to be stored',
      async () =>
        /^inboxpro_journal_waiting 0$/m.test(await (await fetch(`${demo.app}/metrics`)).text()),
      60,
    );
    const api = new Api(demo);
    let [lost, too_many, stored] = [0, 0, 0];
    for (const { id, paths: own } of messages) {
      const total = (counts) => own.reduce((all, path) => all + (counts.get(path) ?? 0), 0);
      const seen = await wait_for(
        `the figures of ${id}`,
        async () => {
          const { figures } = await api.get(`/api/v1/messages/${id}`);
          const events = await api.all(`/api/v1/messages/${id}/events?limit=1000`);
          const counted = Object.entries(figures)
            .filter(([name]) => name !== 'replies' && name !== 'bounces' && !name.endsWith('_at'))
            .reduce((all, [, value]) => all + value, 0);
          return counted === events.length && events;
        },
        60,
      );
      assert.equal(new Set(seen.map((event) => event.id)).size, seen.length);
      lost += Math.max(0, total(answered) - seen.length);
      too_many += Math.max(0, seen.length - total(sent));
      stored += seen.length;
    }
    context.diagnostic(
      `${kKills} kills, ${count_all(sent)} requests sent, ${count_all(answered)} answered, ${stored} stored; ` +
        `acknowledged lost ${lost}, counted twice ${too_many}`,
    );
    assert.equal(lost, 0);
    assert.equal(too_many, 0);
    assert.ok(count_all(answered) > kKills * 100, 'the load was real');
  },
);
