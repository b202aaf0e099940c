// Fault matrix F17 for the server: it is replaced again and again while programs send through it. Whoever comes while
// nobody listens is refused at once and asks again; every request that was taken is answered, and its mail goes out once.
// INBOXPRO_ROLLS makes it longer; 100 is what the fault matrix asks for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { open_browser } from '../harness/browser.mjs';
import { Sandbox, wait_for } from '../harness/clients.mjs';
import { program, run_program, temporary_folder } from '../harness/program.mjs';

const kWriters = 4;
const kServed = 700;
/** Fewer than one account sends in a day: what is over its limit would wait for tomorrow. */
const kMostMails = 1_400;
const kAddress = 'ada@sandbox.example';

/** One process of the program, once it has said its first line. */
async function started(context, args, env) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  const line = new Promise((done) => createInterface({ input: child.stdout }).once('line', done));
  const first = await Promise.race([line, ended]);
  assert.equal(typeof first, 'string', `it ended with ${first}`);
  return { first, child, ended };
}

async function stopped({ child, ended }) {
  child.kill('SIGTERM');
  return ended;
}

/** A server beside a sandbox that outlives it; after the first time it starts where it was. */
async function start_server(context) {
  const folder = temporary_folder(context);
  const { first } = await started(context, ['sandbox', '--listen', '127.0.0.1:0', '--json']);
  const { sandbox } = JSON.parse(first);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'secret', { mode: 0o600 });
  const env = {
    INBOXPRO_SERVER_LISTEN: '127.0.0.1:0',
    INBOXPRO_TRACKING_LISTEN: '127.0.0.1:0',
    INBOXPRO_STORE_PATH: join(folder, 'data'),
    INBOXPRO_GOOGLE_ENDPOINT: sandbox,
    INBOXPRO_GOOGLE_CLIENT_ID: 'inboxpro',
    INBOXPRO_GOOGLE_CLIENT_SECRET_FILE: secret,
  };
  const server = { sandbox, data: join(folder, 'data') };
  server.start = async () => {
    server.running = await started(context, ['serve'], env);
    const [app, tracking] = server.running.first.match(/http:\/\/[^ ]+/g);
    Object.assign(server, { app, tracking: tracking.replace(/\.$/, '') });
    env.INBOXPRO_SERVER_LISTEN = new URL(app).host;
    env.INBOXPRO_TRACKING_LISTEN = new URL(server.tracking).host;
  };
  await server.start();
  return server;
}

/** An account that may send, and a token of it. */
async function token_of(context, server) {
  const { page } = await open_browser(context);
  await page.goto(`${server.app}/activate`);
  await page.locator('input[name=tracking_mode][value=on]').check();
  await page.locator('input[name=accepted]').check();
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.locator(`input[name=account][value="${kAddress}"]`).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${server.app}/**`);
  await page.close();
  const made = await run_program([
    ...['token', 'create', '--data', server.data, '--email', kAddress],
    ...['--scope', 'messages:write', '--scope', 'messages:read'],
  ]);
  assert.equal(made.status, 0, made.err);
  return made.out.trim();
}

/** One request on a connection of its own. @returns {Promise<{status: number, body: any}>} */
function ask(server, token, method, path, body, key) {
  return new Promise((done, fail) => {
    const asked = request(new URL(path, server.app), {
      method,
      agent: false,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        ...(key && { 'Idempotency-Key': key }),
      },
    });
    asked.on('error', fail);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode, body: JSON.parse(text) }));
    });
    asked.end(body && JSON.stringify(body));
  });
}

/**
 * Writes mails until `over`, and reads what waits while there are enough of them; asks again only when nobody listened.
 */
async function write_mails(server, token, over, counts) {
  for (let mail = randomUUID(); !over.aborted;) {
    const body = { to: ['bruno@northwind.example'], subject: mail, text: 'Here it is.' };
    const is_read = counts.ids.length >= counts.enough;
    try {
      const answer = is_read
        ? await ask(server, token, 'GET', '/api/v1/messages?waiting=true')
        : await ask(server, token, 'POST', '/api/v1/messages', body, mail);
      if (answer.status === 202) counts.ids.push(answer.body.id);
      else if (!is_read || answer.status !== 200)
        counts.failed.push(`${answer.status} ${JSON.stringify(answer.body)}`);
      if (is_read) counts.read++;
      mail = randomUUID();
    } catch (error) {
      if (error.code === 'ECONNREFUSED') counts.refused++;
      else counts.failed.push(String(error.code ?? error));
      if (error.code !== 'ECONNREFUSED') mail = randomUUID();
      await sleep(20);
    }
  }
}

test('the server is replaced while mail is written', { timeout: 1_500_000 }, async (context) => {
  const rolls = Number(process.env.INBOXPRO_ROLLS ?? 8);
  const server = await start_server(context);
  const token = await token_of(context, server);
  const counts = { ids: [], failed: [], refused: 0, read: 0, enough: kMostMails / rolls };
  const over = new AbortController();
  const writers = Array.from({ length: kWriters }, () =>
    write_mails(server, token, over.signal, counts),
  );
  for (let roll = 0; roll < rolls; roll++) {
    await sleep(kServed);
    assert.equal(await stopped(server.running), 0);
    await server.start();
    counts.enough += kMostMails / rolls;
  }
  await sleep(kServed);
  over.abort();
  await Promise.all(writers);
  assert.deepEqual(counts.failed, []);
  assert.ok(counts.ids.length > rolls, 'the load was real');
  assert.ok(counts.refused > 0, 'somebody came while nobody listened');

  // What was cut off is looked up when its claim has ended.
  const waiting = async () =>
    (await ask(server, token, 'GET', '/api/v1/messages?waiting=true')).body.items.length;
  await wait_for('all of it', async () => (await waiting()) === 0, 600);
  const markers = (await new Sandbox(server).deliveries()).map(({ marker }) => marker);
  assert.equal(new Set(markers).size, markers.length, 'nothing went out twice');
  assert.equal(markers.length, counts.ids.length);
  for (const id of counts.ids)
    assert.equal((await ask(server, token, 'GET', `/api/v1/messages/${id}`)).body.state, 'sent');
  context.diagnostic(
    `${rolls} replacements, ${counts.ids.length} mails taken and each delivered once, ${counts.read} readings, failed ` +
      `${counts.failed.length}, came while nobody listened ${counts.refused} times`,
  );
});
