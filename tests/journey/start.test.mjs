// Starting and stopping: what is wrong is said in one plain sentence, nothing is lost, Ctrl-C ends everything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at_end } from '../harness/at_end.mjs';
import { Api } from '../harness/clients.mjs';
import { Demo, run_program, start_demo, temporary_folder } from '../harness/program.mjs';

const listen = { INBOXPRO_SERVER_LISTEN: '127.0.0.1:0', INBOXPRO_TRACKING_LISTEN: '127.0.0.1:0' };
const serve = (folder, env = {}) =>
  run_program(['serve'], { env: { ...listen, INBOXPRO_STORE_PATH: folder, ...env } });

/** A data directory as a server leaves it, with an account in it. */
async function used_directory(context) {
  const folder = join(temporary_folder(context), 'data');
  const words = [
    'account',
    'create',
    '--data',
    folder,
    '--email',
    'ann@example.org',
    '--name',
    'Ann',
  ];
  const made = await run_program(words);
  assert.equal(made.status, 0, made.err);
  return folder;
}

/** One sentence on standard error that names what is wrong, exit status 1. */
function assert_refusal({ status, out, err }, pattern) {
  assert.equal(status, 1, `${out}${err}`);
  assert.equal(out, '');
  const lines = err
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('inboxpro: '));
  assert.equal(lines.length, 1, err);
  assert.match(lines[0], pattern);
  assert.doesNotMatch(err, /terminate|exception|backtrace|Sanitizer/);
}

test('a missing key file is named, and the database is left alone', async (context) => {
  const folder = await used_directory(context);
  const [key, away] = [join(folder, 'inboxpro.keys'), join(folder, 'elsewhere')];
  const before = readFileSync(join(folder, 'inboxpro.db'));
  renameSync(key, away);
  assert_refusal(await serve(folder), /key file .* is missing/);
  assert.deepEqual(readFileSync(join(folder, 'inboxpro.db')), before);
  renameSync(away, key);
  const again = ['token', 'create', '--data', folder, '--email', 'ann@example.org'];
  assert.equal((await run_program(again)).status, 0);
});

test('a key file that others can read is refused', async (context) => {
  const folder = await used_directory(context);
  const key = join(folder, 'inboxpro.keys');
  assert.equal(statSync(key).mode & 0o777, 0o600);
  for (const mode of [0o644, 0o640, 0o604]) {
    chmodSync(key, mode);
    assert_refusal(await serve(folder), /key/i);
  }
});

test('a damaged key file is refused', async (context) => {
  const folder = await used_directory(context);
  writeFileSync(join(folder, 'inboxpro.keys'), 'nonsense\n');
  assert_refusal(await serve(folder), /key/i);
});

test('the data of a newer version is refused', async (context) => {
  const folder = await used_directory(context);
  const file = openSync(join(folder, 'inboxpro.db'), 'r+');
  const kUserVersionAt = 60; // SQLite's database header
  writeSync(file, Buffer.from([0, 0, 0x7f, 0xff]), 0, 4, kUserVersionAt);
  assert_refusal(await serve(folder), /newer/);
});

test('a file that is no database is refused', async (context) => {
  const folder = await used_directory(context);
  writeFileSync(join(folder, 'inboxpro.db'), 'this is a letter, not a database\n'.repeat(500));
  assert_refusal(await serve(folder), /database/);
});

test('a directory that cannot be made is named', async (context) => {
  const folder = temporary_folder(context);
  writeFileSync(join(folder, 'file'), '');
  assert_refusal(await serve(join(folder, 'file', 'data')), /directory/);
});

test('a full disk at the start is said so', async (context) => {
  const folder = join(temporary_folder(context), 'small');
  mkdirSync(folder);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (mounted.status !== 0) return context.skip('mounting a small file system is not allowed here');
  try {
    assert_refusal(await serve(folder), /full|space/);
  } finally {
    spawnSync('umount', [folder]);
  }
});

test('a taken address is named', async (context) => {
  const demo = await start_demo(context);
  const env = { INBOXPRO_SERVER_LISTEN: new URL(demo.app).host };
  assert_refusal(await serve(join(temporary_folder(context), 'data'), env), /listen/i);
});

test('two servers never share a data directory', async (context) => {
  const demo = await start_demo(context);
  assert_refusal(await serve(demo.data), /already/);
});

test('a wrong setting is named', async (context) => {
  const folder = temporary_folder(context);
  const file = join(folder, 'inboxpro.toml');
  for (const [text, pattern] of [
    ['[server]\nlistten = "x"\n', /server\.listten/],
    ['[server]\nlisten = "nowhere"\n', /nowhere/],
    ['[server\n', /line 1/],
  ]) {
    writeFileSync(file, text);
    const env = {
      INBOXPRO_STORE_PATH: join(folder, 'data'),
      INBOXPRO_TRACKING_LISTEN: '127.0.0.1:0',
    };
    assert_refusal(await run_program(['serve', '--config', file], { env }), pattern);
  }
  assert_refusal(await run_program(['serve', '--config', '/nowhere.toml']), /nowhere\.toml/);
});

test('wrong usage is exit status 2', async () => {
  for (const words of [[], ['fly'], ['serve', '--fast'], ['account', 'create'], ['rewrite']])
    assert.equal((await run_program(words)).status, 2, words.join(' '));
  assert.equal((await run_program(['--help'])).status, 0);
});

test('Ctrl-C ends everything within two seconds, also with somebody listening', async (context) => {
  const demo = await start_demo(context);
  const listening = new AbortController();
  const feed = (async () => {
    try {
      for await (const _ of new Api(demo).feed(listening.signal)) void _;
    } catch {
      // The connection ends with the server.
    }
  })();
  await new Api(demo).get('/api/v1/account');
  const { status, seconds } = await demo.stop('SIGINT');
  listening.abort();
  await feed;
  assert.equal(status, 0);
  assert.ok(seconds < 2 * (process.env.CI ? 5 : 2), `${seconds} s`);
  context.diagnostic(`stopped after ${seconds.toFixed(2)} s`);
});

test('an account and what was sent are there again after a restart', async (context) => {
  const demo = new Demo({ folder: temporary_folder(context) });
  await demo.start();
  const before = await new Api(demo).all('/api/v1/messages');
  await demo.stop();
  await demo.start();
  at_end(context, () => demo.stop());
  const after = await new Api(demo).all('/api/v1/messages');
  assert.deepEqual(
    after.map(({ id, figures }) => ({ id, figures })),
    before.map(({ id, figures }) => ({ id, figures })),
  );
});
