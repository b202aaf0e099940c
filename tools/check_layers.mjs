// Reads "Rooms" and "Foreign headers" of ARCHITECTURE.md and finds what the code or CMakeLists.txt does otherwise.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The cells of the first table below `## title`, without its head. */
function table_below(title, page) {
  const section = page.split(/^## /m).find((part) => part.split('\n')[0].trim() === title);
  if (section === undefined) throw new Error(`ARCHITECTURE.md has no section "${title}"`);
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  if (rows.length === 0)
    throw new Error(`the section "${title}" of ARCHITECTURE.md holds no table`);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (text) => text.split(/\s+/).filter(Boolean);

/**
 * The rules: `rooms` maps a room to the rooms it may include; `foreign` lists headers (by the start of their name) and
 * the rooms that may include them.
 */
export function read_rules(page) {
  const rooms = new Map(table_below('Rooms', page).map((cells) => [cells[0], words(cells.at(-1))]));
  const foreign = table_below('Foreign headers', page).map((cells) => ({
    starts: words(cells[0].replaceAll('`', ' ')),
    rooms: words(cells.at(-1)),
  }));
  const named = [...rooms.values(), ...foreign.map((row) => row.rooms)].flat();
  const unknown = named.find((room) => !rooms.has(room));
  if (unknown)
    throw new Error(`ARCHITECTURE.md names the room "${unknown}", which has no row of its own`);
  return { rooms, foreign };
}

/** The room a path below server/ (or sandbox/...) lies in: the longest name that fits, or undefined. */
function room_of(path, rooms) {
  const fitting = [...rooms.keys()].filter((room) => path.startsWith(`${room}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/** All rooms reachable from `start`, without it unless there is a circle. */
function reachable(start, rooms) {
  const seen = new Set();
  const open = [...(rooms.get(start) ?? [])];
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (seen.has(room)) continue;
    seen.add(room);
    open.push(...(rooms.get(room) ?? []));
  }
  return seen;
}

/** Circles in the table, as sentences. */
export function circles(rooms) {
  return [...rooms.keys()]
    .filter((room) => reachable(room, rooms).has(room))
    .map((room) => `ARCHITECTURE.md: the arrows from ${room} lead back to ${room}`);
}

/** The name under which a file below server/ or sandbox/ is included. */
const included_as = (file) => file.replace(/^server\//, '');

const kInclude = /^\s*#\s*include\s*(["<])([^">]+)[">]/;

/**
 * Which files are tests: *_test.cpp, and headers that only tests include.
 * @param {Map<string, string>} sources path from the root -> text
 */
export function tests_among(sources) {
  const includers = new Map();
  for (const [file, text] of sources)
    for (const line of text.split('\n')) {
      const header = kInclude.exec(line)?.[2];
      if (header) includers.set(header, [...(includers.get(header) ?? []), file]);
    }
  const tests = new Set([...sources.keys()].filter((file) => file.endsWith('_test.cpp')));
  for (let before = -1; before !== tests.size;) {
    before = tests.size;
    for (const file of sources.keys())
      if (file.endsWith('.h') && includers.get(included_as(file))?.every((by) => tests.has(by)))
        tests.add(file);
  }
  return tests;
}

/**
 * What one source file includes against the rules, as sentences that begin with `file:line`.
 * @param file its path from the root, for instance server/store/documents.cpp
 */
export function wrong_includes(file, text, rules, is_test = file.endsWith('_test.cpp')) {
  const path = included_as(file);
  const own = path === 'main.cpp' ? 'app' : room_of(path, rules.rooms);
  if (own === undefined) return [`${file}:1: lies in no room of ARCHITECTURE.md`];
  const standing = is_test ? [own, 'testing'] : [own];
  const allowed = new Set([...standing, ...rules.rooms.get(own)]);

  const refusal = (opening, header) => {
    if (opening === '"') {
      const room = room_of(header, rules.rooms);
      if (room === undefined) return `"${header}" names no room; write "room/file.h"`;
      return allowed.has(room) ? undefined : `${own} may not include ${room} ("${header}")`;
    }
    const row = rules.foreign.find(({ starts }) =>
      starts.some((start) => header.startsWith(start)),
    );
    const fits = !row || standing.some((room) => row.rooms.includes(room));
    return fits ? undefined : `${own} may not include the foreign header <${header}>`;
  };

  return text.split('\n').flatMap((line, index) => {
    const found = kInclude.exec(line);
    const problem = found && refusal(found[1], found[2]);
    return problem ? [`${file}:${index + 1}: ${problem}`] : [];
  });
}

/** The room(...) lines of CMakeLists.txt: room -> rooms it links. */
export function linked_rooms(cmake) {
  const calls = cmake.replace(/#.*$/gm, '').matchAll(/^\s*room\(([^)]*)\)/gm);
  return new Map(
    [...calls].map(([, inside]) => {
      const [name, ...rest] = words(inside);
      const after = rest.indexOf('ROOMS');
      const until = rest.findIndex(
        (word, index) => index > after && (word === 'LINKS' || word === 'IN'),
      );
      return [name, after < 0 ? [] : rest.slice(after + 1, until < 0 ? undefined : until)];
    }),
  );
}

/** Where CMakeLists.txt links what the table does not allow, or fails to link what it does, as sentences. */
export function wrong_links(cmake, rooms) {
  const linked = linked_rooms(cmake);
  const problems = [];
  for (const [room, others] of linked) {
    if (!rooms.has(room)) problems.push(`CMakeLists.txt: ${room} has no row in ARCHITECTURE.md`);
    const allowed = rooms.get(room) ?? [];
    const known = reachable(room, linked);
    for (const other of others.filter((name) => !allowed.includes(name)))
      problems.push(
        `CMakeLists.txt: ${room} links ${other}, which its row in ARCHITECTURE.md does not name`,
      );
    for (const other of allowed.filter((name) => !known.has(name)))
      problems.push(
        `CMakeLists.txt: ${room} does not link ${other}, which its row in ARCHITECTURE.md names`,
      );
  }
  for (const room of rooms.keys())
    if (!linked.has(room))
      problems.push(`CMakeLists.txt: has no room(${room}), which ARCHITECTURE.md names`);
  return problems;
}

function sources_below(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources_below(root, path);
    return /\.(h|cpp)$/.test(entry.name) ? [path] : [];
  });
}

/** Checks the whole tree at `root`. */
export function check_tree(root) {
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const rules = read_rules(read('ARCHITECTURE.md'));
  const files = ['server', 'sandbox'].flatMap((folder) => sources_below(root, folder)).sort();
  const sources = new Map(files.map((file) => [file, read(file)]));
  const tests = tests_among(sources);
  const problems = [
    ...circles(rules.rooms),
    ...wrong_links(read('CMakeLists.txt'), rules.rooms),
    ...files.flatMap((file) => wrong_includes(file, sources.get(file), rules, tests.has(file))),
  ];
  return { files: files.length, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, problems } = check_tree(resolve(dirname(process.argv[1]), '..'));
  for (const problem of problems) console.log(problem);
  console.log(`check_layers: ${files} files, ${problems.length} against ARCHITECTURE.md`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
