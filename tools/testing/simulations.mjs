// Simulations of very many histories, which are too slow with sanitizers: they are built in build/release, from what
// ./run builds there anyway.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cores, run } from './commands.mjs';
import { failure, success, sum } from './outcome.mjs';
import { root } from './tree.mjs';

const kHistories = 100_000;
const kMostUntilTheBugIsFound = 1_000;
/** A history asks again for the memory that the one before gave back: each thread keeps more of it at hand. */
const env = { GLIBC_TUNABLES: 'glibc.malloc.tcache_count=127' };

const in_root = (name, ...command) => run({ name, command, cwd: root, minutes: 60, cores, env });

async function build() {
  if (!existsSync(join(root, 'build/release/build.ninja'))) {
    const configured = await in_root('simulation/configure', 'cmake', '--preset', 'release');
    if (!configured.ok) return configured;
  }
  const command = ['cmake', '--build', 'build/release', '--target', 'outbox_simulation'];
  return in_root('simulation/build', ...command);
}

/** The figures that a simulation prints in its first line: name=number ... */
export function figures_in(output) {
  const [line = ''] = output.split('\n');
  return Object.fromEntries(
    [...line.matchAll(/(\w+)=([\d.]+)/g)].map(([, name, number]) => [name, Number(number)]),
  );
}

function judged(name, fine, output) {
  console.log(`      ${name}: ${output.split('\n')[0]}`);
  return fine ? success() : failure(name, output);
}

async function live() {
  const name = 'simulation/outbox: nothing is lost or doubled';
  const program = 'build/release/outbox_simulation';
  const { ok, output } = await in_root(name, program, '--count', String(kHistories));
  const { histories, sent } = figures_in(output);
  return judged(name, ok && histories >= kHistories && sent > 0, output);
}

async function find_the_bug() {
  const name = 'simulation/outbox: finds nodes that try again without looking';
  const program = 'build/release/outbox_simulation';
  const { output } = await in_root(
    name,
    program,
    '--bug',
    '--count',
    String(kMostUntilTheBugIsFound),
  );
  const { wrong = 0 } = figures_in(output);
  return judged(name, wrong > 0 && / went out \d+ times/.test(output), output);
}

async function simulate() {
  const built = await build();
  if (!built.ok) return failure('simulation/build', built.output);
  return sum([await live(), await find_the_bug()]);
}

export function simulation_suites() {
  return [{ name: 'simulation/outbox', targets: [], run: simulate }];
}
