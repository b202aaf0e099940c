// Starts the real program, talks to it by signals, and keeps what it says.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { at_end } from './at_end.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** The program under test: INBOXPRO_PROGRAM, or the dev build. */
export const program = process.env.INBOXPRO_PROGRAM ?? join(root, 'build/dev/inboxpro');

const kStartSeconds = 120;
const kStopSeconds = 30;

/** A new empty folder; removed when the test ends. */
export function temporary_folder(context) {
  const folder = mkdtempSync(join(tmpdir(), 'inboxpro-'));
  // A browser that was closed may still write for a moment.
  at_end(context, () =>
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  );
  return folder;
}

/** Runs one subcommand to its end. @returns {Promise<{status: number|string, out: string, err: string}>} */
export function run_program(args, { env = {}, input = '' } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.stdin.on('error', () => {}); // A command need not read its input.
    child.on('error', fail);
    child.on('close', (code, signal) => done({ status: signal ?? code, out, err }));
    child.stdin.end(input);
  });
}

/** `demo --json` in a folder of its own. `app`, `tracking` and `sandbox` are origins once it is ready. */
export class Demo {
  #child;
  #ended;

  /** @param {{folder: string, args?: string[], env?: object}} options where data and log go; what else it is told */
  constructor({ folder, args = [], env = {} }) {
    this.data = join(folder, 'data');
    this.log_file = join(folder, 'log');
    this.args = args;
    this.env = env;
  }

  /** Starts it, the first time on free ports and later where it was before; returns when it is ready. */
  async start() {
    const address = (origin) => (origin ? new URL(origin).host : '127.0.0.1:0');
    const listen = [
      ...['--listen', address(this.app)],
      ...['--tracking-listen', address(this.tracking)],
      ...['--sandbox-listen', address(this.sandbox)],
    ];
    this.#child = spawn(program, ['demo', '--json', '--data', this.data, ...listen, ...this.args], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr.pipe(createWriteStream(this.log_file, { flags: 'a' }));
    this.#ended = new Promise((done, fail) => {
      this.#child.once('error', fail);
      this.#child.once('exit', (code, signal) => done(signal ?? code));
    });
    Object.assign(this, JSON.parse(await this.#first_line()));
    return this;
  }

  async #first_line() {
    const lines = createInterface({ input: this.#child.stdout });
    let limit;
    const line = new Promise((done) => lines.once('line', done));
    const late = new Promise((_, fail) => {
      const sentence = `the program was not ready after ${kStartSeconds} s`;
      limit = setTimeout(() => fail(new Error(sentence)), kStartSeconds * 1000);
    });
    const ended = this.#ended.then((status) =>
      Promise.reject(new Error(`it ended with ${status}`)),
    );
    try {
      return await Promise.race([line, late, ended]);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.log()}`);
    } finally {
      clearTimeout(limit);
    }
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return (
      this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
    );
  }

  /** Everything it said on standard error so far. */
  log() {
    return existsSync(this.log_file) ? readFileSync(this.log_file, 'utf8') : '';
  }

  /** Asks it to stop. @returns {Promise<{status: number|string, seconds: number}>} how it ended and how long it took */
  async stop(signal = 'SIGTERM') {
    const since = performance.now();
    this.#child.kill(signal);
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), kStopSeconds * 1000);
    const status = await this.#ended;
    clearTimeout(limit);
    return { status, seconds: (performance.now() - since) / 1000 };
  }

  /** Ends it as a power cut would. */
  kill() {
    return this.stop('SIGKILL');
  }
}

/** A ready demo that ends with the test; shows the end of its log when it died on its own. */
export async function start_demo(context, options = {}) {
  const demo = new Demo({ folder: temporary_folder(context), ...options });
  at_end(context, async () => {
    if (demo.running) await demo.stop();
    else if (demo.log()) context.diagnostic(demo.log().split('\n').slice(-40).join('\n'));
  });
  return demo.start();
}
