// Sending by worker processes beside a server that does not send, through kill -9 and an orderly stop.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Api, wait_for } from '../harness/clients.mjs';
import { program, run_program, start_demo, temporary_folder } from '../harness/program.mjs';

const kMails = 30;

/** A demo whose server leaves all sending to workers. */
async function start_without_sending(context) {
  const demo = await start_demo(context);
  await demo.stop();
  demo.env = { ...demo.env, INBOXPRO_OUTBOX_SEND_IN_SERVER: '0' };
  await demo.start();
  const api = new Api(demo);
  const env = {
    ...process.env,
    INBOXPRO_GOOGLE_ENDPOINT: demo.sandbox,
    INBOXPRO_GOOGLE_CLIENT_ID: 'inboxpro-demo',
    INBOXPRO_GOOGLE_CLIENT_SECRET_FILE: `${demo.data}/sandbox-client-secret`,
  };
  const all = [];
  context.after(() => all.forEach((worker) => worker.kill('SIGKILL')));
  const start_worker = () => {
    const worker = spawn(program, ['worker', '--data', demo.data], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    all.push(worker);
    return worker;
  };
  const write_mail = async (n) => {
    const mail = { to: ['bruno@northwind.example'], subject: `Letter ${n}`, html: '<p>Hello</p>' };
    return (await api.post('/api/v1/messages', mail)).id;
  };
  const states_of = (ids) =>
    Promise.all(ids.map(async (id) => (await api.get(`/api/v1/messages/${id}`)).state));
  const delivered_markers = async () => {
    const { items } = await (await fetch(`${demo.sandbox}/_sandbox/deliveries`)).json();
    return items.map(({ marker }) => marker);
  };
  return { start_worker, write_mail, states_of, delivered_markers };
}

/** Asks it to stop; its exit status. One that does not listen to signals yet has begun nothing, and just ends. */
function stopped(worker) {
  const ended = new Promise((done) =>
    worker.once('exit', (code, signal) => done(signal === 'SIGTERM' ? 0 : (code ?? signal))),
  );
  worker.kill('SIGTERM');
  return ended;
}

test('workers send what the server leaves to them', { timeout: 300_000 }, async (context) => {
  const { start_worker, write_mail, states_of, delivered_markers } =
    await start_without_sending(context);
  const ids = [];
  for (let n = 0; n < kMails; n++) ids.push(await write_mail(n));
  assert.ok(
    (await states_of(ids)).every((state) => state === 'scheduled'),
    'the server does not send',
  );
  const workers = [start_worker(), start_worker(), start_worker()];
  const all_sent = async () => (await states_of(ids)).every((state) => state === 'sent');
  await wait_for('all of it', all_sent, 120);
  const markers = await delivered_markers();
  assert.equal(markers.length, kMails);
  assert.equal(new Set(markers).size, kMails);
  assert.deepEqual(await Promise.all(workers.map(stopped)), [0, 0, 0]);
});

// F17. INBOXPRO_ROLLS makes it longer; 100 is what the fault matrix asks for.
test('workers are replaced while mail goes out', { timeout: 1_500_000 }, async (context) => {
  const rolls = Number(process.env.INBOXPRO_ROLLS ?? 12);
  const { start_worker, write_mail, states_of, delivered_markers } =
    await start_without_sending(context);
  const workers = [start_worker(), start_worker()];
  const ids = [];
  for (let roll = 0; roll < rolls; roll++) {
    for (let n = 0; n < 3; n++) ids.push(await write_mail(ids.length));
    workers.push(start_worker());
    assert.equal(await stopped(workers.shift()), 0);
  }
  // What was cut off is looked up when its claim has ended.
  const all_sent = async () => (await states_of(ids)).every((state) => state === 'sent');
  await wait_for('all of it', all_sent, 600);
  const markers = await delivered_markers();
  assert.equal(markers.length, ids.length);
  assert.equal(new Set(markers).size, ids.length);
  context.diagnostic(
    `${rolls} replacements, ${ids.length} mails, each delivered once, every request answered`,
  );
});

test('a worker without a database says who makes it', async (context) => {
  const { status, err } = await run_program([
    'worker',
    '--data',
    `${temporary_folder(context)}/none`,
  ]);
  assert.equal(status, 1);
  assert.match(err, /does not exist yet: `inboxpro serve` makes it/);
});
