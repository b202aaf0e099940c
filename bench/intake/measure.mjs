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
    journaled: figure('inboxpro_events_journaled_total'),
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
  return { rate: Number(said.match(/Requests\/sec:\s+(\S+)/)[1]), p99: said.match(/99%\s+(\S+)/)[1] };
}

const median = (values) => values.toSorted?.((a, b) => a - b)[values.length >> 1]
  ?? [...values].sort((a, b) => a - b)[values.length >> 1];

const paths = [];
for (let i = 0; i < TOKENS; i += 64) paths.push(...(await Promise.all(Array.from({ length: 64 }, sent_mail))));
writeFileSync(`${work}/paths`, paths.join('\n') + '\n');

wrk(demo.tracking, 2);
wrk(nginx, 2);
const ratios = [];
for (let round = 1; round <= Number(rounds); ++round) {
  const before = await figures();
  const ours = wrk(demo.tracking);
  const after = await figures();
  const theirs = wrk(nginx);
  const stored = (after.stored - before.stored) / Number(seconds);
  // What is answered is durable, in the store or in the journal; only what reached the store is counted here.
  const durable = Math.min(stored, ours.rate);
  ratios.push(durable / theirs.rate);
  console.log(
    `round ${round}: durable opens ${durable.toFixed(0)}/s (answered ${ours.rate.toFixed(0)}/s, p99 ${ours.p99}, ` +
      `journaled ${after.journaled - before.journaled}, dropped ${after.dropped - before.dropped}), ` +
      `nginx ${theirs.rate.toFixed(0)}/s (p99 ${theirs.p99}), ratio ${ratios.at(-1).toFixed(3)}`,
  );
}
console.log(`durable_opens_vs_nginx ratio=${median(ratios).toFixed(3)}`);
