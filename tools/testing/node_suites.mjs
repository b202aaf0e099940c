// Tests written for node:test: the journeys of the real program, the judge of the sandbox, and the tools' own.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cores, run } from './commands.mjs';
import { failure, sum } from './outcome.mjs';
import { files_below, root } from './tree.mjs';

const reports = join(root, 'build/dev/test-reports');
const reporter = join(root, 'tools/testing/node_reporter.mjs');

const kNeedNoBuild = /^(tools|tests\/harness)\//;

/** Every *.test.mjs, and whether it needs the program. */
export function node_suites() {
  return ['tools', 'tests', 'sandbox']
    .flatMap((folder) => files_below(folder, /\.test\.mjs$/))
    .map((file) => ({
      file,
      name: file.replace(/\.test\.mjs$/, ''),
      needs_program: !kNeedNoBuild.test(file),
    }));
}

/** Runs one file. A journey has several processes, so it gets two cores. */
export async function run_node_suite({ file, name, needs_program }) {
  mkdirSync(reports, { recursive: true });
  const report = join(reports, `${name.replaceAll('/', '-')}.jsonl`);
  rmSync(report, { force: true });
  const result = await run({
    name,
    command: ['node', '--test-reporter', reporter, '--test-reporter-destination', report, file],
    cwd: root,
    env: { INBOXPRO_PROGRAM: process.env.INBOXPRO_PROGRAM ?? join(root, 'build/dev/inboxpro') },
    minutes: 20,
    cores: needs_program ? Math.min(2, cores) : 1,
  });
  const lines = existsSync(report)
    ? readFileSync(report, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
  const counted = (wanted) => lines.filter(({ result: one }) => one === wanted);
  const outcome = {
    passed: counted('passed').length,
    failed: counted('failed').length,
    skipped: counted('skipped').length,
    failures: counted('failed').map((one) => ({
      name: `${name}: ${one.name}`,
      output: `${one.why}\n${result.output}`,
    })),
  };
  const broken = outcome.failed === 0 && (!result.ok || lines.length === 0);
  return broken ? sum([outcome, failure(name, `${result.output}\n${result.status}`)]) : outcome;
}
