import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import * as stage from './stage.mjs';

const { encoded, mail } = stage;

/** A request of the upload protocol itself, which Google's client does not speak for Gmail. */
async function upload(someone, method, url, body, headers = {}) {
  const { token } = await someone.client.getAccessToken();
  return fetch(url, { method, body, headers: { authorization: `Bearer ${token}`, ...headers } });
}
const begin = (someone, method, path, resource) =>
  upload(
    someone,
    method,
    `${stage.origin}/upload/gmail/v1/users/me/${path}?uploadType=resumable`,
    JSON.stringify(resource),
    { 'content-type': 'application/json', 'x-upload-content-type': 'message/rfc822' },
  );

test('a resumable upload comes in pieces and counts once', async () => {
  const { grace, as_ada } = await stage.ada_and_grace();
  const message = mail({ to: grace, body: `long ${'x'.repeat(50_000)}\r\n` });
  const begun = await begin(as_ada, 'POST', 'drafts', { message: {} });
  assert.equal(begun.status, 200);
  const place = begun.headers.get('location');
  assert.match(place, /upload_id=/);
  const half = 20_000;
  const total = Buffer.byteLength(message);
  const first = await upload(as_ada, 'PUT', place, message.slice(0, half), {
    'content-range': `bytes 0-${half - 1}/${total}`,
  });
  assert.equal(first.status, 308);
  assert.equal(first.headers.get('range'), `bytes=0-${half - 1}`);
  const asked = await upload(as_ada, 'PUT', place, '', { 'content-range': `bytes */${total}` });
  assert.equal(asked.status, 308);
  assert.equal(asked.headers.get('range'), `bytes=0-${half - 1}`);
  const last = await upload(as_ada, 'PUT', place, message.slice(half), {
    'content-range': `bytes ${half}-${total - 1}/${total}`,
  });
  assert.equal(last.status, 200);
  const draft = await last.json();
  const kept = await as_ada.call('users.drafts.get', { id: draft.id, format: 'raw' });
  assert.equal(Buffer.from(kept.message.raw, 'base64url').toString(), message);
  assert.equal((await upload(as_ada, 'PUT', place, 'again')).status, 404);
  assert.equal((await as_ada.call('users.drafts.list')).drafts.length, 1);

  const other = await begin(as_ada, 'PUT', `drafts/${draft.id}`, { message: {} });
  const text = mail({ to: grace, subject: 'Second' });
  const updated = await upload(as_ada, 'PUT', other.headers.get('location'), text);
  assert.equal((await updated.json()).id, draft.id);
  const wrong = await begin(as_ada, 'POST', 'messages/send', {});
  const bad = await upload(as_ada, 'PUT', wrong.headers.get('location'), 'x', {
    'content-range': 'bytes 0-9/10',
  });
  assert.equal(bad.status, 400);
  const unsigned = await fetch(
    `${stage.origin}/upload/gmail/v1/users/me/drafts?uploadType=resumable`,
    {
      method: 'POST',
    },
  );
  assert.equal(unsigned.status, 401);
});

test('drafts are updated, and sent with last changes, by upload', async () => {
  const { grace, as_ada } = await stage.ada_and_grace();
  const raw = encoded(mail({ to: grace, subject: 'One' }));
  const draft = await as_ada.call('users.drafts.create', { requestBody: { message: { raw } } });
  const media = (subject) => ({
    mimeType: 'message/rfc822',
    body: Readable.from([mail({ to: grace, subject })]),
  });
  const updated = await as_ada.call('users.drafts.update', {
    id: draft.id,
    requestBody: { message: { threadId: draft.message.threadId } },
    media: media('Two'),
  });
  assert.equal(updated.id, draft.id);
  const sent = await as_ada.call('users.drafts.send', {
    requestBody: { id: draft.id },
    media: media('Three'),
  });
  const read = await as_ada.call('users.messages.get', { id: sent.id, format: 'metadata' });
  assert.equal(stage.header(read, 'Subject'), 'Three');
});
