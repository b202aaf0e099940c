// Runs commands side by side within the machine's cores, each with a time limit and its output kept.
import { spawn } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

export const cores = availableParallelism?.() ?? cpus().length;

const kOutputLimit = 4 * 1024 * 1024;
const running = new Map();
const waiting = [];
let free_cores = cores;

function admit() {
  while (waiting.length > 0 && waiting[0].cores <= free_cores) {
    const next = waiting.shift();
    free_cores -= next.cores;
    next.begin();
  }
}

/** Ends a command and everything that it started. */
function kill_group(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Ends every command under way. */
export function kill_all() {
  for (const child of running.keys()) kill_group(child);
}

/** What runs now and for how many seconds. */
export function under_way() {
  return [...running.values()].map(({ name, since }) => ({
    name,
    seconds: (Date.now() - since) / 1000,
  }));
}

function start({ name, command, env, cwd, minutes }) {
  return new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // A group of its own, so that a limit ends its children too.
    });
    running.set(child, { name, since: Date.now() });
    let output = '';
    const keep = (text) => {
      if (output.length < kOutputLimit) output += text;
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
    const limit = setTimeout(() => {
      keep(`\nended: took longer than ${minutes} minutes\n`);
      kill_group(child);
    }, minutes * 60_000);
    child.on('exit', () => kill_group(child));
    child.on('error', (error) => keep(`cannot start ${program}: ${error.message}\n`));
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ ok: code === 0, status: signal ?? `exit status ${code}`, output });
    });
  });
}

/**
 * Runs one command when enough cores are free, first come first served.
 * @param {{name: string, command: string[], env?: object, cwd?: string, minutes?: number, cores?: number}} job
 * @returns {Promise<{ok: boolean, status: string, output: string}>} standard output and error together
 */
export async function run(job) {
  const wanted = Math.min(job.cores ?? 1, cores);
  await new Promise((begin) => {
    waiting.push({ cores: wanted, begin });
    admit();
  });
  try {
    return await start({ minutes: 10, ...job });
  } finally {
    free_cores += wanted;
    admit();
  }
}
