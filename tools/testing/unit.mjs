// The GoogleTest programs of the dev build, each in as many shards as the machine has cores.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cores, run } from './commands.mjs';
import { failure, sum } from './outcome.mjs';
import { root } from './tree.mjs';

const reports = join(root, 'build/dev/test-reports');
const environment = {
  ASAN_SYMBOLIZER_PATH: '/usr/bin/llvm-symbolizer-19',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** The names of the unit test programs that the dev build makes: base_test, http_server_test ... */
export async function unit_programs() {
  const { output } = await run({
    name: 'targets',
    command: ['ninja', '-C', 'build/dev', '-t', 'targets', 'all'],
    cwd: root,
  });
  return [...output.matchAll(/^tests\/(\w+_test): /gm)].map(([, program]) => program).sort();
}

/** What a report of --gtest_output=json says. */
export function from_report(program, report) {
  const cases = report.testsuites.flatMap((suite) =>
    suite.testsuite.map((one) => ({ ...one, name: `${program} ${suite.name}.${one.name}` })),
  );
  const failed = cases.filter((one) => one.failures?.length > 0);
  const skipped = cases.filter((one) => one.result === 'SKIPPED' && !failed.includes(one));
  const ran = cases.filter(
    (one) => one.result === 'COMPLETED' || one.result === 'SKIPPED' || failed.includes(one),
  );
  return {
    passed: ran.length - failed.length - skipped.length,
    failed: failed.length,
    skipped: skipped.length,
    failures: failed.map((one) => ({
      name: one.name,
      output: one.failures.map((each) => each.failure).join('\n'),
    })),
  };
}

/** A program that died left no report: what passed before counts, and its death is one failure. */
export function from_output(program, { output, status }) {
  const passed = output.match(/^\[ {7}OK \]/gm)?.length ?? 0;
  return { ...failure(program, `${output.split('\n').slice(-120).join('\n')}\n${status}`), passed };
}

async function run_shard(program, shard) {
  const report = join(reports, `${program}-${shard}.json`);
  rmSync(report, { force: true });
  const result = await run({
    name: `unit/${program}`,
    command: [join('build/dev/tests', program), `--gtest_output=json:${report}`],
    cwd: root,
    env: { ...environment, GTEST_TOTAL_SHARDS: String(cores), GTEST_SHARD_INDEX: String(shard) },
  });
  if (!existsSync(report)) return from_output(program, result);
  const outcome = from_report(program, JSON.parse(readFileSync(report, 'utf8')));
  // A leak is found after the last test.
  return result.ok || outcome.failed > 0
    ? outcome
    : sum([outcome, failure(program, `${result.output}\n${result.status}`)]);
}

export async function run_unit(program) {
  mkdirSync(reports, { recursive: true });
  const shards = Array.from({ length: cores }, (_, shard) => run_shard(program, shard));
  return sum(await Promise.all(shards));
}
