// Bad input gets one clear sentence and the right status; nothing is lost, and the next client is served.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, Sandbox } from '../harness/clients.mjs';
import { start_demo } from '../harness/program.mjs';

const kTo = ['bruno@northwind.example'];
const MiB = 1024 * 1024;
const raw = (text) => Buffer.from(text).toString('base64url');
const mail = (head, body = 'Hello') =>
  raw(`From: ada@sandbox.example\r\nTo: ${kTo}\r\n${head}\r\n${body}\r\n`);

function nested(depth) {
  let text = 'Content-Type: text/html\r\n\r\n<p>deep</p>';
  for (let n = 0; n < depth; n++)
    text = `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n${text}\r\n--b${n}--`;
  return raw(
    `From: ada@sandbox.example\r\nTo: ${kTo}\r\nSubject: x\r\nMIME-Version: 1.0\r\n${text}\r\n`,
  );
}

function many_parts(count) {
  const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n';
  return mail(
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n',
    `${part.repeat(count)}--b--`,
  );
}

const refused = [
  ['no recipient', { subject: 'x', html: '<p>x</p>' }, 422, 'to'],
  ['a recipient that is no address', { to: ['nobody'], html: 'x' }, 422, 'to'],
  [
    'a subject with a line break',
    { to: kTo, subject: 'a\r\nBcc: x@y.example', html: 'x' },
    422,
    'subject',
  ],
  ['a subject with NUL', { to: kTo, subject: 'a\u0000b', html: 'x' }, 422, 'subject'],
  [
    'an address with a line break',
    { to: ['a@b.example\r\nBcc: x@y.example'], html: 'x' },
    422,
    'to',
  ],
  [
    'a sender that is no alias',
    { from: 'boss@northwind.example', to: kTo, html: 'x' },
    422,
    'from',
  ],
  ['a sender that is no address', { from: 'boss', to: kTo, html: 'x' }, 422, 'from'],
  ['a field that does not exist', { to: kTo, htlm: 'x' }, 422, 'htlm'],
  [
    'a switch that is no switch',
    { to: kTo, html: 'x', track: { opens: 'yes' } },
    422,
    'track.opens',
  ],
  [
    'an attachment that is no base64',
    { to: kTo, attachments: [{ file_name: 'a', content: '%' }] },
    422,
    'attachments.content',
  ],
  ['raw that is no base64url', { raw: '***' }, 422, 'raw'],
  ['raw beside other fields', { raw: mail(''), to: kTo }, 422, 'to'],
  ['raw from somebody else', { raw: raw(`From: x@y.example\r\nTo: ${kTo}\r\n\r\nx`) }, 422, 'from'],
  ['raw to nobody', { raw: raw('From: ada@sandbox.example\r\n\r\nx') }, 422, 'to'],
  ['a mail nested 30 deep', { raw: nested(30) }, 400],
  ['a mail nested 10,000 deep', { raw: nested(10_000) }, 400],
  ['a mail of 501 parts', { raw: many_parts(501) }, 400],
  ['65 KiB of header', { raw: mail(`X-Long: ${'x'.repeat(65 * 1024)}\r\n`) }, 400],
  ['a mail of 25 MiB and a byte', { raw: mail('Subject: big\r\n', 'x'.repeat(25 * MiB)) }, 400],
  ['more than the API takes', { to: kTo, html: 'x'.repeat(45 * MiB) }, 413],
];

test(
  'mail that cannot be sent is refused with the field and one sentence',
  { timeout: 300_000 },
  async (context) => {
    const demo = await start_demo(context);
    const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
    const before = (await sandbox.deliveries()).length;
    for (const [what, body, status, field] of refused) {
      const answer = await api.request('POST', '/api/v1/messages', body).catch((error) => {
        // The server may close before it has read a body that it will not take.
        assert.equal(status, 413, `${what}: ${error.cause ?? error}`);
        return { status: 413, body: { error: { message: 'closed' } } };
      });
      assert.equal(answer.status, status, `${what}: ${JSON.stringify(answer.body)}`);
      const { message, ...error } = answer.body.error;
      assert.ok(message.length > 5 && message.length < 300 && !message.includes('\n'), message);
      if (field) assert.equal(error.field, field, `${what}: ${message}`);
      assert.equal(
        (await api.request('GET', '/api/v1/account')).status,
        200,
        `the next client after ${what}`,
      );
    }
    assert.equal((await sandbox.deliveries()).length, before);
    assert.equal(
      (await api.get('/api/v1/messages?limit=200')).items.length,
      6,
      'only the history is there',
    );
  },
);

test('broken JSON, types and names are refused', async (context) => {
  const demo = await start_demo(context);
  const post = (text, type = 'application/json') =>
    fetch(new URL('/api/v1/messages', demo.app), {
      method: 'POST',
      headers: { Authorization: `Bearer ${demo.token}`, 'Content-Type': type },
      body: text,
    });
  const bodies = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"to":1}',
    '{"to":["a@b.example"],"to":[]}',
    '[['.repeat(5000),
  ];
  for (const body of bodies) {
    const answer = await post(body);
    assert.ok([400, 422].includes(answer.status), `${body.slice(0, 20)}: ${answer.status}`);
    assert.ok((await answer.json()).error.message);
  }
  assert.equal((await post('{}', 'text/plain')).status, 400);
});

test('mail to an address that nobody has is accepted and bounces into the mailbox', async (context) => {
  const demo = await start_demo(context);
  const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
  await api.post('/api/v1/messages', { to: ['nobody@northwind.example'], html: '<p>x</p>' });
  const [bounce] = await sandbox.delivered({ to: demo.account });
  assert.match(Buffer.from(bounce.raw, 'base64url').toString(), /multipart\/report/);
});

test('tokens that were changed are never accepted', async (context) => {
  const demo = await start_demo(context);
  const api = new Api(demo);
  const made = await api.post('/api/v1/tracking', {
    recipients: kTo,
    links: ['https://example.org/x'],
  });
  const click = made.links[0].url;
  const before = await (await fetch(new URL('/metrics', demo.app))).text();
  const pixel_bytes = Buffer.from(await (await fetch(made.pixel)).arrayBuffer());
  let accepted = 0;
  for (let n = 0; n < 500; n++) {
    const [origin, token] = [new URL(click).origin, click.split('/').at(-1)];
    const bytes = Buffer.from(token, 'base64url');
    bytes[Math.floor(Math.random() * bytes.length)] ^= 1 << Math.floor(Math.random() * 8);
    const changed = bytes.toString('base64url');
    const answer = await fetch(`${origin}/c/${changed}`, { redirect: 'manual' });
    if (answer.status !== 404) accepted += 1;
    const image = await fetch(`${origin}/o/${changed}.gif`);
    assert.deepEqual(Buffer.from(await image.arrayBuffer()), pixel_bytes);
  }
  assert.equal(accepted, 0);
  const pixel_as_click = made.pixel.replace('/o/', '/c/').replace('.gif', '');
  assert.equal((await fetch(pixel_as_click, { redirect: 'manual' })).status, 404);
  const events = await api.get(`/api/v1/messages/${made.message_id}/events`);
  assert.equal(events.items.length, 1, 'only the one true open');
  assert.ok(before.includes('inboxpro_events_stored_total'));
});

test('an API that is asked without a token or across accounts gives nothing away', async (context) => {
  const demo = await start_demo(context);
  const [own, nobody] = [new Api(demo), new Api({ app: demo.app })];
  const { items } = await own.get('/api/v1/messages?limit=1');
  for (const path of [
    '/api/v1/messages',
    `/api/v1/messages/${items[0].id}`,
    '/api/v1/account',
    '/api/v1/feed',
    '/api/v1/events.csv',
  ])
    assert.equal((await nobody.request('GET', path)).status, 401, path);
  assert.equal(
    (await own.request('GET', '/api/v1/messages/00000000000000000000000000')).status,
    404,
  );
  assert.equal((await own.request('GET', '/api/v1/messages/../account')).status, 200);
  assert.equal((await own.request('GET', '/api/v1/nothing')).status, 404);
  assert.equal((await own.request('DELETE', '/api/v1/messages')).status, 405);
});

test('the same Idempotency-Key sends once, another body is refused', async (context) => {
  const demo = await start_demo(context);
  const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
  const body = { to: ['farah@sandbox.example'], subject: 'once', html: '<p>x</p>' };
  const headers = { 'Idempotency-Key': 'k1' };
  const before = (await sandbox.deliveries({ to: body.to[0] })).length;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => api.request('POST', '/api/v1/messages', body, headers)),
  );
  assert.ok(answers.every(({ status }) => status === 202 || status === 409));
  const again = await api.request('POST', '/api/v1/messages', body, headers);
  assert.equal(again.status, 202);
  assert.ok(answers.some((answer) => answer.body.id === again.body.id));
  await sandbox.delivered({ to: body.to[0] }, before + 1);
  assert.equal((await sandbox.deliveries({ to: body.to[0] })).length, before + 1);
  const other = await api.request(
    'POST',
    '/api/v1/messages',
    { ...body, subject: 'twice' },
    headers,
  );
  assert.equal(other.status, 422);
});
