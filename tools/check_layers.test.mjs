import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  check_tree,
  circles,
  linked_rooms,
  read_rules,
  tests_among,
  wrong_includes,
  wrong_links,
} from './check_layers.mjs';

const page = `# Page
## Rooms
Words before the table.

| room | what it knows | may include |
|---|---|---|
| base | Result | |
| testing | fakes | base |
| http/server | HTTP/1.1 | base |
| http | routes | base http/server |
| app | wiring | base http http/server |
| sandbox | a local Google | base http/server |

## Foreign headers
| header | rooms |
|---|---|
| \`boost/beast\` | http/server |
| \`SQLiteCpp/\` \`sqlite3.h\` | base |
| \`gtest/\` | testing |
`;
const rules = read_rules(page);
const cmake = `
room(base LINKS fmt::fmt)  # room(ignored ROOMS base)
room(testing ROOMS base)
room(http/server ROOMS base LINKS Boost::url)
room(http ROOMS http/server
     LINKS prometheus-cpp::core)
room(app ROOMS http LINKS CLI11::CLI11)
room(sandbox IN . ROOMS http/server LINKS Boost::json)
`;

test('includes of the own room and of rooms in the row are fine', () => {
  const text =
    '#include "http/gate.h"\n#include "base/error.h"\n#include <string>\n#include <boost/asio.hpp>\n';
  assert.deepEqual(wrong_includes('server/http/gate.cpp', text, rules), []);
});

test('an include against the table is named with file and line', () => {
  assert.deepEqual(
    wrong_includes('server/base/error.cpp', '\n  #  include "http/gate.h"\n', rules),
    ['server/base/error.cpp:2: base may not include http ("http/gate.h")'],
  );
});

test('a room inside a room is a room of its own, in both directions', () => {
  assert.equal(
    wrong_includes('server/http/server/a.cpp', '#include "http/gate.h"', rules).length,
    1,
  );
  assert.equal(
    wrong_includes('server/http/server/a.cpp', '#include "http/server/b.h"', rules).length,
    0,
  );
  assert.equal(wrong_includes('server/base/a.cpp', '#include "http/server/b.h"', rules).length, 1);
});

test('the sandbox lies beside server/ and main.cpp belongs to app', () => {
  assert.equal(wrong_includes('sandbox/webmail.cpp', '#include "http/gate.h"', rules).length, 1);
  assert.equal(
    wrong_includes('sandbox/webmail.cpp', '#include "sandbox/users.h"', rules).length,
    0,
  );
  assert.equal(wrong_includes('server/main.cpp', '#include "app/command_line.h"', rules).length, 0);
});

test('only a test may include testing and the headers of testing', () => {
  const text = '#include "testing/fakes.h"\n#include <gtest/gtest.h>\n';
  assert.equal(wrong_includes('server/base/clock_test.cpp', text, rules).length, 0);
  assert.equal(wrong_includes('server/base/clock.cpp', text, rules).length, 2);
});

test('a header that only tests include is a test, and no other', () => {
  const sources = new Map([
    ['server/base/world.h', '#include "base/inner.h"\n'],
    ['server/base/inner.h', '#include "testing/fakes.h"\n'],
    ['server/base/shared.h', ''],
    ['server/base/unused.h', ''],
    ['server/base/a_test.cpp', '#include "base/world.h"\n#include "base/shared.h"\n'],
    ['server/base/a.cpp', '#include "base/shared.h"\n'],
  ]);
  const expected = ['server/base/a_test.cpp', 'server/base/inner.h', 'server/base/world.h'];
  assert.deepEqual([...tests_among(sources)].sort(), expected);
});

test('a foreign header is refused outside its rooms', () => {
  assert.equal(
    wrong_includes('server/http/a.cpp', '#include <boost/beast/core.hpp>', rules).length,
    1,
  );
  assert.equal(
    wrong_includes('server/http/server/a.cpp', '#include <boost/beast/core.hpp>', rules).length,
    0,
  );
  assert.equal(wrong_includes('server/http/a.cpp', '#include <sqlite3.h>', rules).length, 1);
});

test('a file outside every room and an include without a room are refused', () => {
  assert.match(wrong_includes('server/stray/a.cpp', '', rules)[0], /lies in no room/);
  assert.match(
    wrong_includes('server/base/a.cpp', '#include "error.h"', rules)[0],
    /names no room/,
  );
});

test('room lines are read across line ends, without comments', () => {
  assert.deepEqual(linked_rooms(cmake).get('http'), ['http/server']);
  assert.deepEqual(linked_rooms(cmake).get('sandbox'), ['http/server']);
  assert.equal(linked_rooms(cmake).has('ignored'), false);
});

test('CMakeLists.txt agrees with the table directly and through other rooms', () => {
  assert.deepEqual(wrong_links(cmake, rules.rooms), []);
});

test('a link too many, a link too few and a missing room are found', () => {
  const changed = cmake
    .replace('room(base LINKS', 'room(base ROOMS testing LINKS')
    .replace('room(sandbox IN . ROOMS http/server', 'room(sandbox IN . ROOMS')
    .replace('room(testing ROOMS base)', '');
  const problems = wrong_links(changed, rules.rooms).join('\n');
  assert.match(problems, /base links testing/);
  assert.match(problems, /sandbox does not link http\/server/);
  assert.match(problems, /no room\(testing\)/);
});

test('circles in the table are found', () => {
  assert.deepEqual(circles(rules.rooms), []);
  const bent = new Map([...rules.rooms, ['base', ['app']]]);
  assert.ok(circles(bent).some((sentence) => sentence.includes('base')));
});

test('a page without the tables, or with an unknown room in one, is refused', () => {
  assert.throws(() => read_rules('# nothing'), /no section "Rooms"/);
  assert.throws(
    () => read_rules(page.replace('| base http/server |', '| base attic |')),
    /"attic"/,
  );
});

test('a whole tree is walked, sub-folders too', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  context.after(() => rmSync(root, { recursive: true }));
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('ARCHITECTURE.md', page);
  write('CMakeLists.txt', cmake);
  write('server/base/deep/a.h', '#include "app/b.h"\n');
  write('server/http/a.cpp', '#include "base/deep/a.h"\n');
  write('sandbox/node_modules/x/a.h', '#include "nothing"\n');
  const { files, problems } = check_tree(root);
  assert.equal(files, 2);
  assert.deepEqual(problems, ['server/base/deep/a.h:1: base may not include app ("app/b.h")']);
});
