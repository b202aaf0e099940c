// What ./test runs: checks, the build, unit tests and journeys. See ./test --help.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cores, kill_all, run, under_way } from './testing/commands.mjs';
import { lint } from './testing/lint.mjs';
import { simulation_suites } from './testing/simulations.mjs';
import { node_suites, run_node_suite } from './testing/node_suites.mjs';
import { failure, of_command, success, sum } from './testing/outcome.mjs';
import { cpp_files, root } from './testing/tree.mjs';
import { run_unit, unit_programs } from './testing/unit.mjs';

const kPrecompiledHeaders = ['precompiled_core', 'precompiled_beast'];

const command_suite = (name, ...command) => ({
  name,
  run: async () => of_command(name, await run({ name, command, cwd: root })),
});

const checks = [
  { name: 'format', run: check_format },
  command_suite('layers', 'tools/check_layers'),
  command_suite('dashboard/check', 'npm', 'run', 'check'),
  command_suite('dashboard/build', 'tools/build_dashboard'),
];

async function check_format() {
  const { ok, output } = await run({
    name: 'format',
    command: ['clang-format-19', '--dry-run', '--Werror', ...cpp_files()],
    cwd: root,
  });
  return ok ? success() : failure('format', `${output}\nclang-format-19 -i FILE mends it`);
}

/** Builds the named targets of the dev preset, or all of it. */
async function build(targets) {
  const command = [
    'cmake',
    '--build',
    'build/dev',
    ...(targets.length > 0 ? ['--target', ...targets] : []),
  ];
  const result = await run({ name: 'build', command, cwd: root, minutes: 60, cores });
  const output = result.output.replace(/^(\[\d+\/\d+\]|-- |env CCACHE|: && ).*\n/gm, '');
  return of_command('build', { ...result, output });
}

/** Makes the build files, or makes them again where source files came or went. */
async function configure() {
  const command = existsSync(join(root, 'build/dev/build.ninja'))
    ? ['ninja', '-C', 'build/dev', 'build.ninja']
    : ['cmake', '--preset', 'dev'];
  return of_command('build', await run({ name: 'configure', command, cwd: root, cores }));
}

/** Suites that need the dev build, with the targets that must be built for each. */
async function built_suites() {
  const unit = (await unit_programs()).map((program) => ({
    name: `unit/${program.replace(/_test$/, '')}`,
    targets: [program],
    run: () => run_unit(program),
  }));
  const journeys = node_suites()
    .filter((suite) => suite.needs_program)
    .map((suite) => ({
      name: suite.name,
      targets: ['inboxpro'],
      run: () => run_node_suite(suite),
    }));
  const lints = { name: 'lint', targets: kPrecompiledHeaders, run: lint };
  return [lints, ...unit, ...simulation_suites(), ...journeys];
}

function unbuilt_suites() {
  const own = node_suites().filter((suite) => !suite.needs_program);
  return [
    ...checks,
    ...own.map((suite) => ({ name: suite.name, run: () => run_node_suite(suite) })),
  ];
}

function print_outcome(name, outcome, seconds) {
  const counts = [`${outcome.passed} passed`];
  if (outcome.failed > 0) counts.push(`${outcome.failed} failed`);
  if (outcome.skipped > 0) counts.push(`${outcome.skipped} skipped`);
  console.log(
    `${outcome.failed > 0 ? 'FAIL' : 'ok  '}  ${name.padEnd(32)} ${counts.join(', ')} (${seconds.toFixed(1)} s)`,
  );
}

async function run_suite(suite) {
  const since = Date.now();
  const outcome = await suite.run().catch((error) => failure(suite.name, error.stack));
  print_outcome(suite.name, outcome, (Date.now() - since) / 1000);
  return outcome;
}

const run_all = (suites) => Promise.all(suites.map(run_suite));

async function run_everything({ pattern, quick, list }) {
  const fits = ({ name }) => name.includes(pattern) && (!quick || name.startsWith('unit/'));
  const configured = await configure();
  const before = unbuilt_suites().filter(fits);
  const after = configured.failed > 0 ? [] : (await built_suites()).filter(fits);
  const whole_build = { name: 'build' };
  const builds = fits(whole_build) || after.length > 0 || configured.failed > 0;
  if (list) {
    for (const { name } of [...before, ...(fits(whole_build) ? [whole_build] : []), ...after])
      console.log(name);
    return undefined;
  }
  if (before.length === 0 && !builds) return undefined;

  const whole = fits(whole_build) || after.length === 0;
  const targets = whole ? [] : [...new Set(after.flatMap((suite) => suite.targets))];
  const outcomes = await run_all(before);
  if (builds) {
    const built =
      configured.failed > 0
        ? configured
        : await run_suite({ name: 'build', run: () => build(targets) });
    outcomes.push(built);
    if (built.failed === 0) outcomes.push(...(await run_all(after)));
    else console.log('      what needs the build was not run');
  }
  return sum(outcomes);
}

function print_end(total) {
  for (const { name, output } of total.failures)
    console.log(`\n---- FAILED ${name}\n${output.trimEnd()}`);
  if (total.failures.length > 0) console.log('');
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
}

function read_arguments(words) {
  const options = { quick: false, list: false, pattern: '' };
  for (const word of words) {
    if (word === '--quick') options.quick = true;
    else if (word === '--list') options.list = true;
    else if (word.startsWith('-') || options.pattern !== '') return undefined;
    else options.pattern = word;
  }
  return options;
}

const options = read_arguments(process.argv.slice(2));
if (options === undefined) {
  console.error('usage: ./test [--quick] [PATTERN]');
  process.exit(2);
}
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => {
    kill_all();
    process.exit(status);
  });
const heartbeat = setInterval(() => {
  const long = under_way().map(({ name, seconds }) => `${name} ${Math.round(seconds)} s`);
  if (long.length > 0) console.log(`....  under way: ${long.join(', ')}`);
}, 60_000);

const total = await run_everything(options);
clearInterval(heartbeat);
if (total !== undefined) {
  print_end(total);
  process.exitCode = total.failed > 0 ? 1 : 0;
} else if (!options.list) {
  console.error(`test: no suite's name holds "${options.pattern}"; ./test --list names them`);
  process.exitCode = 2;
}
