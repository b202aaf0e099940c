// clang-tidy over all sources of the dev build.
//
// Most of its time goes into headers, so the sources of one target are read as one: a file that includes up to kGroup of
// them. They must get along (cmake/rooms.cmake compiles them together, too): two unnamed namespaces that hold the same
// name are a mistake. A group found clean is remembered by the content of all it includes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { failure, success } from './outcome.mjs';
import { root, sha256, with_headers } from './tree.mjs';

const kGroup = 48;
const folder = join(root, 'build/lint');
const built = join(root, 'build/');

/** The project's sources that an entry of compile_commands.json compiles: its file, or what that includes. */
function sources_of({ file }) {
  if (!file.startsWith(built)) return [file];
  const included = readFileSync(file, 'utf8').matchAll(/^#include "(.+\.cpp)"$/gm);
  return [...included].map(([, source]) => source).filter((source) => !source.startsWith(built));
}

/** Groups of sources of one CMake target, because they must share its flags; `entry` tells those. */
export function groups_of(commands) {
  const by_target = new Map();
  for (const entry of commands) {
    const target = / -o CMakeFiles\/([^/]+)\.dir\//.exec(entry.command)?.[1] ?? entry.file;
    const known = by_target.get(target) ?? { entry, sources: [] };
    by_target.set(target, { ...known, sources: [...known.sources, ...sources_of(entry)] });
  }
  return [...by_target.values()].flatMap(({ entry, sources }) =>
    Array.from({ length: Math.ceil(sources.length / kGroup) }, (_, n) => ({
      entry,
      sources: sources.slice(n * kGroup, (n + 1) * kGroup),
    })),
  );
}

const from_root = (file) => file.slice(root.length + 1);

function fingerprint({ entry, sources }, version) {
  const files = new Set(sources.flatMap((source) => [...with_headers(from_root(source))]));
  const contents = [...files].sort().flatMap((file) => [file, readFileSync(join(root, file))]);
  const flags = entry.command.replaceAll(entry.file, '').replace(/-o \S+/, '');
  return sha256(version, readFileSync(join(root, '.clang-tidy')), flags, ...contents);
}

/** Writes the file that stands for the group and its one-entry compile_commands.json; returns where they are. */
function write_group({ entry, sources }, key) {
  const place = join(folder, key.slice(0, 16));
  mkdirSync(place, { recursive: true });
  const file = join(place, 'group.cpp');
  writeFileSync(file, sources.map((source) => `#include "${source}"\n`).join(''));
  const command = entry.command.replaceAll(entry.file, file);
  writeFileSync(
    join(place, 'compile_commands.json'),
    JSON.stringify([{ directory: entry.directory, file, command }]),
  );
  return { place, file };
}

/** What clang-tidy says is wrong, a line each; what follows from a name that two sources have, is that one line. */
export function complaints_in(output) {
  const errors = [...output.matchAll(/^(\/[^:]+:\d+):\d+: error: (.*)$/gm)];
  const lines = errors.map(([line]) => from_root(line));
  const twice = errors.flatMap(([, place, text]) => {
    const name = /^redefinition of (?:enumerator )?'([^']+)'/.exec(text)?.[1];
    return name
      ? [`${from_root(place)}: another source of this room has a ${name} too; rename one`]
      : [];
  });
  return twice.length > 0 ? twice : lines;
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
    minutes: 20,
  });
  if (ok) {
    writeFileSync(mark, '');
    return [];
  }
  const lines = complaints_in(output);
  return lines.length > 0 ? lines : [`${output}${status}`];
}

export async function lint() {
  mkdirSync(folder, { recursive: true });
  const version = (await run({ name: 'lint', command: ['clang-tidy-19', '--version'] })).output;
  const commands = JSON.parse(readFileSync(join(root, 'build/dev/compile_commands.json'), 'utf8'));
  const found = await Promise.all(groups_of(commands).map((group) => complaints(group, version)));
  const lines = [...new Set(found.flat())];
  return lines.length === 0 ? success() : failure('lint', lines.join('\n'));
}
