import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { files_below, root } from './testing/tree.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const pages = files_below('.', /\.md$/);

test('every link from page to page leads somewhere', () => {
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target.split('#')[0])
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} -> ${target}`),
  );
  assert.deepEqual(dead, []);
});

test('the configuration page lists exactly the settings that the program knows', () => {
  const known = [...read('server/app/config.cpp').matchAll(/^ {4}\{"([a-z]+\.[a-z_]+)"/gm)].map(
    ([, name]) => name,
  );
  const rows = [
    ...read('docs/guide/configuration.md').matchAll(/^\| `([a-z_.]+)` \| `(\w+)` \|/gm),
  ];
  assert.ok(known.length > 10);
  assert.deepEqual(
    rows.map(([, name, variable]) => [name, variable]),
    known.map((name) => [name, `INBOXPRO_${name.replace('.', '_').toUpperCase()}`]),
  );
});

test('the guide to Google names exactly the scopes that are asked for', () => {
  const full = new Map(
    [...read('server/google/scopes.h').matchAll(/ (k\w+) = "[^"]*auth\/([a-z.]+)"/g)].map(
      ([, constant, name]) => [constant, name],
    ),
  );
  const asked = [...read('server/accounts/features.cpp').matchAll(/\{scope::(kGmail\w+),/g)].map(
    ([, constant]) => full.get(constant),
  );
  assert.ok(asked.length > 2);
  const explained = [
    ...read('docs/guide/google.md').matchAll(/^\| `\.\.\.\/auth\/(gmail\.[a-z.]+)`/gm),
  ];
  assert.deepEqual(
    explained.map(([, name]) => name),
    asked,
  );
});

test('the list of packages names each once, below a heading', () => {
  const lines = read('tools/packages.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines[0], '[build]');
  assert.deepEqual(
    lines.filter((line) => !/^(\[(build|test|bench)\]|[a-z0-9.+-]+)$/.test(line)),
    [],
  );
  assert.equal(new Set(lines).size, lines.length);
});
