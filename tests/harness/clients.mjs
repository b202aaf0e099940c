// Speaks to the program's API and to the sandbox's control paths.
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until `find` gives something; `what` names it when it never does. */
export async function wait_for(what, find, seconds = 20) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(50);
  }
}

/** What the server answered: `body` is parsed where it is JSON, text otherwise. */
async function answer_of(response) {
  const text = await response.text();
  const is_json = response.headers.get('content-type')?.includes('json') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    body: is_json ? JSON.parse(text) : text,
  };
}

class JsonClient {
  constructor(origin, headers) {
    this.origin = origin;
    this.headers = headers;
  }

  /** One request, whatever the status: for tests of refusals. */
  async request(method, path, body, headers = {}) {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(new URL(path, this.origin), {
      method,
      headers: { ...this.headers, ...json, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
    return answer_of(response);
  }

  async #wanted(method, path, body, headers) {
    const answer = await this.request(method, path, body, headers);
    if (answer.status < 400) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  get = (path) => this.#wanted('GET', path);
  post = (path, body = {}, headers = {}) => this.#wanted('POST', path, body, headers);
  patch = (path, body) => this.#wanted('PATCH', path, body);
  delete = (path) => this.#wanted('DELETE', path);

  /** All items of a list that comes in pages. */
  async all(path) {
    const items = [];
    for (let after = ''; after !== undefined;) {
      const page = new URL(path, this.origin);
      if (after) page.searchParams.set('after', after);
      const { items: some, next } = await this.get(page.pathname + page.search);
      items.push(...some);
      after = next;
    }
    return items;
  }
}

/** The API of docs/api/openapi.yaml, with a bearer token. */
export class Api extends JsonClient {
  constructor({ app, token }) {
    super(app, token ? { Authorization: `Bearer ${token}` } : {});
  }

  /** The live feed from now on, event by event, until `signal` ends it. */
  async *feed(signal, headers = {}) {
    const response = await fetch(new URL('/api/v1/feed', this.origin), {
      headers: { ...this.headers, ...headers },
      signal,
    });
    if (!response.ok) throw new Error(`GET /api/v1/feed: ${response.status}`);
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body) {
      text += decoder.decode(piece, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: ?(.*)/s));
        text = text.slice(end + 2);
        const field = Object.fromEntries(fields.filter(([name]) => name !== ''));
        if (field.data !== undefined)
          yield { id: field.id, event: field.event, data: JSON.parse(field.data) };
      }
    }
  }
}

/** The sandbox Google, seen by a test: who lives there, what was delivered, what goes wrong. */
export class Sandbox extends JsonClient {
  constructor({ sandbox }) {
    super(sandbox, {});
  }

  /** What was really delivered, oldest first, `raw` as base64url; `filter` may name from, to, marker, message_id. */
  deliveries = (filter = {}) => this.all(`/_sandbox/deliveries?${new URLSearchParams(filter)}`);
  users = () => this.all('/_sandbox/users');
  add_user = (address, name) => this.post('/_sandbox/users', { address, name });
  /** Replaces all faults; see sandbox/control/faults.h for their fields. */
  set_faults = (faults) => this.post('/_sandbox/faults', faults);

  /** The deliveries that fit `filter`, once there are `count` of them. */
  delivered(filter, count = 1) {
    return wait_for(`${count} deliveries of ${JSON.stringify(filter)}`, async () => {
      const copies = await this.deliveries(filter);
      return copies.length >= count && copies;
    });
  }
}
