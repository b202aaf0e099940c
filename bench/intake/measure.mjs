// Makes the tokens, lets wrk ask both servers in turn, and prints what each stored or answered per second.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Api } from '../../tests/harness/clients.mjs';

const [work, nginx, rounds, seconds, connections] = process.argv.slice(2);
const TOKENS = 4096;
const demo = JSON.parse(readFileSync(`${work}/demo.json`, 'utf8').split('\n')[0]);
const api = new Api(demo);

/** The path of the pixel of a mail of its own. */
async function sent_mail() {
  const made = await api.post('/api/v1/tracking', {
    recipients: ['reader@example.org'],
    links: [],
    track: { opens: true, clicks: true },
  });
  await api.post(`/api/v1/tracking/${made.message_id}/sent`, { gmail_message_id: 'm', gmail_thread_id: 't' });
  return new URL(made.pixel).pathname;
}

async function figures() {
  const text = await (await fetch(`${demo.app}/metrics`)).text();
  const figure = (name) => Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1] ?? 0);
  return {
    stored: figure('inboxpro_events_stored_total\\{kind="open"\\}'),
    waiting: figure('inboxpro_journal_waiting'),
    to_judge: figure('inboxpro_hindsight_waiting'),
    dropped: figure('inboxpro_events_dropped_total'),
  };
}

function wrk(origin, duration = seconds) {
  const said = execFileSync(
    'wrk',
    ['-t2', `-c${connections}`, `-d${duration}s`, '--latency', '-s', 'bench/intake/requests.lua', origin],
    { env: { ...process.env, PATHS: `${work}/paths` }, encoding: 'utf8' },
  );
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  return { rate: Number(said.match(/Requests\/sec:\s+(\S+)/)[1]), p99: said.match(/^\s+99%\s+(\S+)$/m)[1] };
}

const median = (values) => values.toSorted?.((a, b) => a - b)[values.length >> 1]
  ?? [...values].sort((a, b) => a - b)[values.length >> 1];

const paths = [];
for (let i = 0; i < TOKENS; i += 64) paths.push(...(await Promise.all(Array.from({ length: 64 }, sent_mail))));
writeFileSync(`${work}/paths`, paths.join('\n') + '\n');

/** Waits until the figures hold this; returns them then. */
async function until(holds) {
  for (;;) {
    const now = await figures();
    if (holds(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const is_filed = (now) => now.waiting === 0;
// Ten seconds after its last event a message is judged again; nothing of ours may run beside nginx, or before a round.
const is_quiet = (now) => is_filed(now) && now.to_judge === 0;

wrk(demo.tracking, 2);
await until(is_quiet);
wrk(nginx, 2);
const ratios = { durable: [], filed: [] };
for (let round = 1; round <= Number(rounds); ++round) {
  const before = await figures();
  const began = performance.now();
  const ours = wrk(demo.tracking);
  const after = await figures();
  const end = await until(is_filed);
  const took = (performance.now() - began) / 1000;
  await until(is_quiet);
  const theirs = wrk(nginx);
  // Durable is what is in the store, or synced in the journal; an event may be in both for a moment.
  const durable = Math.min((after.stored + after.waiting - before.stored) / Number(seconds), ours.rate);
  const filed_rate = (end.stored - before.stored) / took;
  ratios.durable.push(durable / theirs.rate);
  ratios.filed.push(filed_rate / theirs.rate);
  console.log(
    `round ${round}: durable opens ${durable.toFixed(0)}/s (answered ${ours.rate.toFixed(0)}/s, p99 ${ours.p99}, ` +
      `dropped ${after.dropped - before.dropped}), all filed ${(took - Number(seconds)).toFixed(1)} s later: ` +
      `${filed_rate.toFixed(0)}/s; nginx ${theirs.rate.toFixed(0)}/s (p99 ${theirs.p99}); ` +
      `ratio ${ratios.durable.at(-1).toFixed(3)}, until filed ${ratios.filed.at(-1).toFixed(3)}`,
  );
}
console.log(`durable_opens_vs_nginx ratio=${median(ratios.durable).toFixed(3)}`);
console.log(`durable_and_filed_opens_vs_nginx ratio=${median(ratios.filed).toFixed(3)}`);
