// clang-tidy over all sources of the dev build.
//
// Most of its time goes into the headers of Boost, so the sources of one target are read as one: a file that includes
// up to kGroup of them. Those that do not get along with the rest (the same name in two unnamed namespaces) are read
// apart. A group found clean is remembered by the content of all it includes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { failure, success } from './outcome.mjs';
import { root, sha256, with_headers } from './tree.mjs';

const kGroup = 16;
const folder = join(root, 'build/lint');

/** Groups of {file, command}, each of one CMake target, because its members must share their flags. */
function groups_of(commands) {
  const by_target = new Map();
  for (const entry of commands) {
    const target = /CMakeFiles\/([^/]+)\.dir\//.exec(entry.command)?.[1] ?? entry.file;
    if (entry.file.startsWith(join(root, 'build'))) continue;
    by_target.set(target, [...(by_target.get(target) ?? []), entry]);
  }
  return [...by_target.values()].flatMap((entries) =>
    Array.from({ length: Math.ceil(entries.length / kGroup) }, (_, n) =>
      entries.slice(n * kGroup, (n + 1) * kGroup),
    ),
  );
}

const relative = (entry) => entry.file.slice(root.length + 1);

function fingerprint(group, version) {
  const files = new Set(group.flatMap((entry) => [...with_headers(relative(entry))]));
  const contents = [...files].sort().flatMap((file) => [file, readFileSync(join(root, file))]);
  const flags = group[0].command.replaceAll(group[0].file, '').replace(/-o \S+/, '');
  return sha256(version, readFileSync(join(root, '.clang-tidy')), flags, ...contents);
}

/** Writes the file that stands for the group and its one-entry compile_commands.json; returns where they are. */
function write_group(group, key) {
  const place = join(folder, key.slice(0, 16));
  mkdirSync(place, { recursive: true });
  const file = join(place, 'group.cpp');
  writeFileSync(file, group.map((entry) => `#include "${entry.file}"\n`).join(''));
  const command = group[0].command.replaceAll(group[0].file, file);
  writeFileSync(
    join(place, 'compile_commands.json'),
    JSON.stringify([{ directory: group[0].directory, file, command }]),
  );
  return { place, file };
}

/** The complaints about one group, a line each. */
async function complaints(group, version) {
  const key = fingerprint(group, version);
  const mark = join(folder, `${key}.clean`);
  if (existsSync(mark)) return [];
  const { place, file } = write_group(group, key);
  const { ok, status, output } = await run({
    name: 'lint',
    command: ['clang-tidy-19', '--quiet', '-p', place, file],
  });
  if (ok) {
    writeFileSync(mark, '');
    return [];
  }
  const errors = [...output.matchAll(/^(\/[^:]+):\d+:\d+: error: .*$/gm)].map(([line, where]) => ({
    line,
    where,
  }));
  if (group.length > 1 && errors.some(({ line }) => line.endsWith('[clang-diagnostic-error]'))) {
    const parts = split(group, errors).map((part) => complaints(part, version));
    return (await Promise.all(parts)).flat();
  }
  return errors.length > 0
    ? errors.map(({ line }) => line.slice(root.length + 1))
    : [`${output}${status}`];
}

/** The files that an error names and the others; halves, where that would be no split. */
function split(group, errors) {
  const named = group.filter((entry) => errors.some(({ where }) => where === entry.file));
  const others = group.filter((entry) => !named.includes(entry));
  if (named.length > 0 && others.length > 0) return [named, others];
  const half = Math.ceil(group.length / 2);
  return [group.slice(0, half), group.slice(half)];
}

export async function lint() {
  mkdirSync(folder, { recursive: true });
  const version = (await run({ name: 'lint', command: ['clang-tidy-19', '--version'] })).output;
  const commands = JSON.parse(readFileSync(join(root, 'build/dev/compile_commands.json'), 'utf8'));
  const found = await Promise.all(groups_of(commands).map((group) => complaints(group, version)));
  const lines = [...new Set(found.flat())];
  return lines.length === 0 ? success() : failure('lint', lines.join('\n'));
}
