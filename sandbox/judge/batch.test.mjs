// The batch protocol as Google's guide describes it, spoken by hand: its Node client has no batches.
import assert from 'node:assert/strict';
import test from 'node:test';
import { answers_of, faults_of_error } from './schemas.mjs';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, mail } = stage;
const answers = answers_of('gmail.v1');

/** Sends `requests` (HTTP messages) as one batch of `someone`. */
async function send_batch(someone, requests, path = '/batch/gmail/v1') {
  const parts = requests.map(
    (request, i) =>
      `--edge\r\nContent-Type: application/http\r\nContent-ID: <item${i}@judge>\r\n\r\n${request}\r\n`,
  );
  const { token } = await someone.client.getAccessToken();
  stage.count(requests.length);
  return fetch(stage.origin + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'multipart/mixed; boundary="edge"',
    },
    body: `${parts.join('')}--edge--\r\n`,
  });
}

/** The answers inside: {id, status, body}. */
async function answers_in(response) {
  assert.equal(response.status, 200);
  const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(
    response.headers.get('content-type'),
  )[1];
  const text = await response.text();
  assert.ok(text.endsWith(`--${boundary}--\r\n`));
  const parts = text.split(`--${boundary}\r\n`).slice(1);
  return parts.map((part) => {
    const [head, inner_head, ...rest] = part.split(`--${boundary}--`)[0].split('\r\n\r\n');
    const body = rest.join('\r\n\r\n').trim();
    const length = Number(/content-length: (\d+)/i.exec(inner_head)[1]);
    assert.equal(Buffer.byteLength(body), length);
    return {
      id: /content-id: (\S+)/i.exec(head)[1],
      status: Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(inner_head)[1]),
      body: body ? JSON.parse(body) : undefined,
    };
  });
}

const get = (path) => `GET ${path} HTTP/1.1\r\n\r\n`;
const profile = get('/gmail/v1/users/me/profile');

test('calls are answered in order, each as if it had come alone', async () => {
  const { ada, grace, as_ada, as_grace } = await ada_and_grace();
  const { token: graces } = await as_grace.client.getAccessToken();
  const raw = encoded(mail({ to: grace }));
  const body = JSON.stringify({ message: { raw } });
  const response = await send_batch(as_ada, [
    profile,
    `POST /gmail/v1/users/me/drafts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n${body}`,
    get('/gmail/v1/users/me/messages/18c0ffee18c0ffee?format=metadata'),
    `GET /gmail/v1/users/me/profile HTTP/1.1\r\nAuthorization: Bearer ${graces}\r\n\r\n`,
    'DELETE /gmail/v1/users/me/drafts/r1 HTTP/1.1\r\n\r\n',
  ]);
  const inside = await answers_in(response);
  assert.deepEqual(
    inside.map(({ id }) => id),
    [0, 1, 2, 3, 4].map((i) => `<response-item${i}@judge>`),
  );
  assert.deepEqual(
    inside.map(({ status }) => status),
    [200, 200, 404, 200, 404],
  );
  assert.equal(inside[0].body.emailAddress, ada);
  assert.equal(inside[3].body.emailAddress, grace);
  for (const [i, method] of [
    [0, 'users.getProfile'],
    [1, 'users.drafts.create'],
  ])
    assert.deepEqual(answers?.get(`gmail.${method}`)(inside[i].body) ?? [], []);
  assert.deepEqual(faults_of_error(inside[2].body, 404), []);
  assert.equal((await as_ada.call('users.drafts.list')).drafts.length, 1);
});

test('what is no batch is refused, and so are calls of another API', async () => {
  const { as_ada } = await ada_and_grace();
  assert.equal((await send_batch(as_ada, Array(101).fill(profile))).status, 400);
  const hundred = await answers_in(await send_batch(as_ada, Array(100).fill(profile)));
  assert.ok(hundred.length === 100 && hundred.every(({ status }) => status === 200));
  assert.equal((await send_batch(as_ada, [])).status, 400);
  const absolute = get('https://gmail.googleapis.com/gmail/v1/users/me/profile');
  const mixed = [profile, get('/v1/people/me'), absolute, get('/_sandbox/users')];
  for (const path of ['/batch', '/batch/gmail/v1'])
    assert.deepEqual(
      (await answers_in(await send_batch(as_ada, mixed, path))).map(({ status }) => status),
      [200, 404, 400, 404],
    );
  const people = await answers_in(await send_batch(as_ada, [profile], '/batch/people/v1'));
  assert.equal(people[0].status, 404);
});

test('calls of a batch run at once, are paid for one by one, and pass the faults', async () => {
  const { as_ada } = await ada_and_grace();
  const statuses = async (count) =>
    (await answers_in(await send_batch(as_ada, Array(count).fill(profile)))).map(
      (one) => one.status,
    );
  try {
    await stage.control('quota', { concurrent_calls: 10 });
    const inside = await answers_in(await send_batch(as_ada, Array(12).fill(profile)));
    const refused = inside.filter(({ status }) => status === 429);
    assert.equal(refused.length, 2);
    assert.equal(refused[0].body.error.message, 'Too many concurrent requests for user');
    assert.equal(refused[0].body.error.errors[0].reason, 'rateLimitExceeded');
    await stage.control('quota', { concurrent_calls: 0, units_per_minute: 2 });
    assert.deepEqual(await statuses(3), [200, 200, 429]);
  } finally {
    await stage.control('quota', { concurrent_calls: 0, units_per_minute: 0 });
  }
  await stage.with_faults([{ api: 'getProfile', kind: 'delay', delay_ms: 300 }], async () => {
    const started = Date.now();
    assert.deepEqual(await statuses(20), Array(20).fill(200));
    assert.ok(Date.now() - started < 3_000, 'one after the other would take 6 s');
  });
  await stage.with_faults([{ api: 'getProfile', kind: 'reset_after_effect' }], () =>
    assert.rejects(statuses(2)),
  );
});
