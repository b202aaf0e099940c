import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { at_end } from './at_end.mjs';
import { new_canary, search_bytes, search_folder } from './canaries.mjs';
import { wait_for } from './clients.mjs';
import { collected_mail, mail_is_absent } from './mail.mjs';
import { temporary_folder } from './program.mjs';

const canary = 'zoë.canary+7f3a@example.com';
const forms = (content) => search_bytes(Buffer.from(content), [canary]).map(({ form }) => form);
const quoted_printable = (text) =>
  [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);

test('a canary is found as it is and in UTF-16', () => {
  assert.deepEqual(forms(`before ${canary} after`), [
    'plain',
    'quoted-printable',
    'percent-encoded',
  ]);
  assert.ok(forms(Buffer.from(`x${canary}`, 'utf16le')).includes('UTF-16'));
});

test('a canary is found in base64 of any alignment, in both alphabets, across lines', () => {
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const after of ['', 'y', 'yz']) {
      const bytes = Buffer.from(`${before}${canary}${after}`);
      const lines = bytes.toString('base64').replace(/.{20}/g, '$&\r\n');
      assert.ok(forms(lines).includes('base64'), `base64 after "${before}" before "${after}"`);
      assert.ok(
        forms(bytes.toString('base64url')).includes('base64url'),
        `base64url after "${before}"`,
      );
    }
});

test('a canary is found in hex of either case, quoted-printable and percent-encoding', () => {
  assert.deepEqual(forms(Buffer.from(canary).toString('hex')), ['hex']);
  assert.deepEqual(forms(Buffer.from(canary).toString('hex').toUpperCase()), ['hex']);
  assert.deepEqual(
    forms(
      quoted_printable(canary)
        .join('')
        .replace(/(.{30})(?==)/, '$1=\r\n'),
    ),
    ['quoted-printable'],
  );
  assert.deepEqual(forms(`/x?y=${encodeURIComponent(canary)}`), ['percent-encoded']);
});

test('a canary is found inside compressed streams, nested and followed by other bytes', () => {
  const around = (bytes) => Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('trailing')]);
  for (const stream of [gzipSync(canary), deflateSync(canary), deflateSync(canary, { level: 1 })])
    assert.ok(forms(around(stream)).includes('gzip/zlib > plain'));
  assert.ok(forms(around(gzipSync(deflateSync(canary)))).includes('gzip/zlib > gzip/zlib > plain'));
  const cut = deflateSync(`${canary}${'.'.repeat(100)}`);
  assert.ok(forms(cut.subarray(0, cut.length - 4)).includes('gzip/zlib > plain'));
});

test('nothing is found where nothing is', () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 2654435761) >>> 24));
  assert.deepEqual(forms(noise), []);
  assert.deepEqual(forms(deflateRawSync(canary)), []);
  assert.deepEqual(forms(canary.slice(1)), []);
});

test('a canary that may occur by chance is refused', () => {
  assert.throws(() => search_bytes(Buffer.from('abc'), ['abc']), /too short/);
  assert.notEqual(new_canary(), new_canary());
});

test('folders are searched with their sub-folders', (context) => {
  const folder = temporary_folder(context);
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner/file'), gzipSync(canary));
  writeFileSync(join(folder, 'other'), 'nothing');
  const hits = search_folder(folder, [canary]);
  assert.deepEqual(
    hits.map(({ file }) => file),
    Array(3).fill(join(folder, 'inner/file')),
  );
});

test('what a test opened is cleared away in reverse, also after a failure', async () => {
  const seen = [];
  let end;
  const watched = { after: (action) => (end = action) };
  at_end(watched, () => seen.push('folder'));
  at_end(watched, () => Promise.reject(new Error('would not close')));
  at_end(watched, () => seen.push('browser'));
  await assert.rejects(end(), /would not close/);
  assert.deepEqual(seen, ['browser', 'folder']);
});

test('waiting gives what was found, and says what never came', async () => {
  let asked = 0;
  assert.equal(await wait_for('three', () => ++asked === 3 && 'here'), 'here');
  await assert.rejects(
    wait_for('snow', () => false, 0.1),
    /snow/,
  );
});

test('the collection of mail is read with its bytes', { skip: mail_is_absent }, () => {
  for (const kind of ['html', 'eml']) {
    const [first] = collected_mail(kind);
    assert.equal(first.read().length, first.bytes);
  }
});
