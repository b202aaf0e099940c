import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cores, run } from './commands.mjs';
import { complaints_in, groups_of } from './lint.mjs';
import { of_command, sum } from './outcome.mjs';
import { files_below, root, with_headers } from './tree.mjs';
import { from_output, from_report } from './unit.mjs';

function folder_for(context) {
  const folder = mkdtempSync(join(tmpdir(), 'testing-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a command gives its output and its status', async () => {
  const result = await run({ name: 'a', command: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
  assert.equal(result.ok, false);
  assert.equal(result.status, 'exit status 3');
  assert.match(result.output, /out/);
  assert.match(result.output, /err/);
});

test('a program that cannot be started is a failure, not an exception', async () => {
  const result = await run({ name: 'a', command: ['/no/such/program'] });
  assert.equal(result.ok, false);
  assert.match(result.output, /cannot start/);
});

test('a command over its limit is ended together with its children', async () => {
  const since = Date.now();
  const result = await run({
    name: 'a',
    command: ['sh', '-c', 'sleep 60 & sleep 60'],
    minutes: 0.01,
  });
  assert.equal(result.ok, false);
  assert.match(result.output, /took longer/);
  assert.ok(Date.now() - since < 20_000);
});

test('no more commands run at once than there are cores', async (context) => {
  const folder = folder_for(context);
  const command = [
    'sh',
    '-c',
    `touch ${folder}/$$; ls ${folder} | wc -l; sleep 0.1; rm ${folder}/$$`,
  ];
  const jobs = Array.from({ length: 3 * cores }, () => run({ name: 'a', command }));
  const seen = (await Promise.all(jobs)).map(({ output }) => Number(output));
  assert.ok(Math.max(...seen) <= cores, `saw ${Math.max(...seen)}`);
});

test('outcomes add up and keep their failures', () => {
  const good = of_command('good', { ok: true, status: 'exit status 0', output: '' });
  const bad = of_command('bad', { ok: false, status: 'exit status 1', output: 'why' });
  const total = sum([good, bad, good]);
  assert.deepEqual([total.passed, total.failed, total.skipped], [2, 1, 0]);
  assert.equal(total.failures[0].name, 'bad');
  assert.match(total.failures[0].output, /why\nexit status 1/);
});

test('a GoogleTest report is counted case by case; cases of other shards are not', () => {
  const one = (name, result, failures) => ({ name, result, failures });
  const outcome = from_report('a_test', {
    testsuites: [
      {
        name: 'Suite',
        testsuite: [
          one('Passes', 'COMPLETED'),
          one('Fails', 'COMPLETED', [{ failure: 'expected 1' }, { failure: 'expected 2' }]),
          one('Skips', 'SKIPPED'),
          one('IsElsewhere', 'SUPPRESSED'),
        ],
      },
    ],
  });
  assert.deepEqual([outcome.passed, outcome.failed, outcome.skipped], [1, 1, 1]);
  assert.deepEqual(outcome.failures, [
    { name: 'a_test Suite.Fails', output: 'expected 1\nexpected 2' },
  ]);
});

test('a GoogleTest program that dies is one failure beside what passed before', () => {
  const output =
    '[ RUN      ] A.B\n[       OK ] A.B (0 ms)\n[ RUN      ] A.C\n==1==ERROR: AddressSanitizer\n';
  const outcome = from_output('a_test', { output, status: 'SIGABRT' });
  assert.deepEqual([outcome.passed, outcome.failed], [1, 1]);
  assert.match(outcome.failures[0].output, /AddressSanitizer[^]*SIGABRT/);
});

test('the reporter counts tests without tests inside, and tells failures from skips', async (context) => {
  const folder = folder_for(context);
  const file = join(folder, 'a.mjs');
  const report = join(folder, 'report');
  writeFileSync(
    file,
    `import { describe, it, test } from 'node:test';
    test('passes', () => {});
    test('fails', () => { throw new Error('because'); });
    test('skips', { skip: 'not here' }, () => {});
    test('holds others', async (t) => {
      await t.test('inner passes', () => {});
      await t.test('inner fails', () => { throw new Error('inside'); });
    });
    describe('a group', () => { it('in a group', () => {}); });
    test('passes after a group', () => {});
    test('fails after its inner test', async (t) => {
      await t.test('inner of it', () => {});
      throw new Error('late');
    });`,
  );
  const reporter = join(root, 'tools/testing/node_reporter.mjs');
  const { ok } = await run({
    name: 'a',
    command: ['node', '--test-reporter', reporter, '--test-reporter-destination', report, file],
    env: { NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(ok, false);
  const lines = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const names = (result) => lines.filter((line) => line.result === result).map(({ name }) => name);
  const passing = ['passes', 'inner passes', 'in a group', 'passes after a group', 'inner of it'];
  assert.deepEqual(names('passed').sort(), passing.sort());
  assert.deepEqual(names('failed').sort(), ['fails', 'fails after its inner test', 'inner fails']);
  assert.deepEqual(names('skipped'), ['skips']);
  assert.match(lines.find(({ name }) => name === 'fails').why, /because/);
});

test('sources are found with the headers they include', () => {
  assert.ok(files_below('server', /\.cpp$/).includes('server/base/clock.cpp'));
  const files = with_headers('server/base/run.h');
  assert.ok(files.has('server/base/run.h') && files.has('server/base/task.h'));
});

test('sources are read with those of their target, and not with others', () => {
  const entry = (target, name) => ({
    file: join(root, name),
    command: `clang -o CMakeFiles/${target}.dir/${name}.o -c ${join(root, name)}`,
  });
  const groups = groups_of([entry('a', '1.cpp'), entry('b', '2.cpp'), entry('a', '3.cpp')]);
  const names = groups.map(({ sources }) => sources.map((source) => source.slice(root.length + 1)));
  assert.deepEqual(names, [['1.cpp', '3.cpp'], ['2.cpp']]);
});

test('a name that two sources of a room have is said in one line', () => {
  const output = `${root}/server/a.cpp:8:15: error: redefinition of 'kPage' [clang-diagnostic-error]
${root}/server/a.cpp:9:3: error: no matching function for call to 'f' [clang-diagnostic-error]
`;
  assert.deepEqual(complaints_in(output), [
    'server/a.cpp:8: another source of this room has a kPage too; rename one',
  ]);
  assert.deepEqual(complaints_in(`${root}/server/a.cpp:9:3: error: bad [some-check]\n`), [
    'server/a.cpp:9:3: error: bad [some-check]',
  ]);
});
