// Sending by worker processes beside a server that does not send, through kill -9 and an orderly stop.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Api, wait_for } from '../harness/clients.mjs';
import { program, run_program, start_demo, temporary_folder } from '../harness/program.mjs';

const kMails = 30;

test('workers send what the server leaves to them', { timeout: 300_000 }, async (context) => {
  const demo = await start_demo(context);
  await demo.stop();
  demo.env = { ...demo.env, INBOXPRO_OUTBOX_SEND_IN_SERVER: '0' };
  await demo.start();
  const api = new Api(demo);
  const ids = [];
  for (let n = 0; n < kMails; n++) {
    const mail = { to: ['bruno@northwind.example'], subject: `Letter ${n}`, html: '<p>Hello</p>' };
    ids.push((await api.post('/api/v1/messages', mail)).id);
  }
  const states = async () =>
    Promise.all(ids.map(async (id) => (await api.get(`/api/v1/messages/${id}`)).state));
  assert.ok(
    (await states()).every((state) => state === 'scheduled'),
    'the server does not send',
  );

  const env = {
    ...process.env,
    INBOXPRO_GOOGLE_ENDPOINT: demo.sandbox,
    INBOXPRO_GOOGLE_CLIENT_ID: 'inboxpro-demo',
    INBOXPRO_GOOGLE_CLIENT_SECRET_FILE: `${demo.data}/sandbox-client-secret`,
  };
  const start = () =>
    spawn(program, ['worker', '--data', demo.data], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const workers = [start(), start(), start()];
  context.after(() => workers.forEach((worker) => worker.kill('SIGKILL')));
  await wait_for('all of it', async () => (await states()).every((state) => state === 'sent'), 120);

  const { items } = await (await fetch(`${demo.sandbox}/_sandbox/deliveries`)).json();
  assert.equal(items.length, kMails);
  assert.equal(new Set(items.map(({ marker }) => marker)).size, kMails);
  const ended = Promise.all(
    workers.map((worker) => new Promise((done) => worker.once('exit', (code) => done(code)))),
  );
  workers.forEach((worker) => worker.kill('SIGTERM'));
  assert.deepEqual(await ended, [0, 0, 0]);
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
