// What the sandbox lets go wrong, seen by Google's client.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, mail, refused, with_faults } = stage;

async function new_draft(someone, to) {
  const raw = encoded(mail({ to, subject: 'Mine', headers: [`X-InboxPro-Id: ${to}`] }));
  return someone.call('users.drafts.create', { requestBody: { message: { raw } } });
}
const send = (someone, { id }) => someone.call('users.drafts.send', { requestBody: { id } });
const delivered = async (marker) =>
  (await stage.control(`deliveries?marker=${marker}`)).items.length;

test('the user meddles with a draft between a call and its effect', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const read = ({ id }) => as_ada.call('users.drafts.get', { id, format: 'metadata' });
  const draft = await new_draft(as_ada, grace);
  const edited = await with_faults([{ kind: 'draft_edited' }], () => read(draft));
  assert.notEqual(edited.message.id, draft.message.id);
  assert.equal(edited.message.threadId, draft.message.threadId);
  const moved = await with_faults([{ kind: 'draft_resubjected' }], () => read(draft));
  assert.notEqual(moved.message.threadId, draft.message.threadId);
  assert.equal(stage.header(moved.message, 'Subject'), 'Mine (changed)');
  await with_faults([{ kind: 'draft_sent' }], () => refused(send(as_ada, draft), 404, 'notFound'));
  assert.equal(await delivered(grace), 1, 'by the user');
  const other = await new_draft(as_ada, grace);
  await with_faults([{ kind: 'draft_deleted' }], () =>
    refused(send(as_ada, other), 404, 'notFound'),
  );
  assert.equal(await delivered(grace), 1);
});

test('the user meddles at a moment that the test chooses', async () => {
  const { ada, grace, as_ada } = await ada_and_grace();
  const draft = await new_draft(as_ada, grace);
  const act = (body) => stage.control(`drafts/${ada}/${draft.id}`, body);
  const edited = await act({ do: 'edit', raw: encoded(mail({ to: grace, subject: 'By hand' })) });
  assert.notEqual(edited.message_id, draft.message.id);
  const renamed = await act({ do: 'subject', subject: 'Grüße' });
  assert.notEqual(renamed.thread_id, edited.thread_id);
  const read = await as_ada.call('users.drafts.get', { id: draft.id });
  assert.equal(stage.header(read.message, 'Subject'), 'Grüße');
  await act({ do: 'send' });
  await assert.rejects(act({ do: 'delete' }), /404/);
  await refused(as_ada.call('users.drafts.get', { id: draft.id }), 404, 'notFound');
});

test('history lags, and is too old', async () => {
  const { ada, grace, as_ada } = await ada_and_grace();
  const { historyId: startHistoryId } = await as_ada.call('users.getProfile');
  const history = () => as_ada.call('users.history.list', { startHistoryId });
  await with_faults([{ api: 'gmail', kind: 'history_lag', delay_ms: 5_000 }], async () => {
    await new_draft(as_ada, grace);
    assert.deepEqual(await history(), { historyId: startHistoryId });
    assert.equal((await as_ada.call('users.messages.list')).messages, undefined);
    await stage.control('clock', { advance_seconds: 6 });
    assert.equal((await history()).history.length, 1);
    assert.equal((await as_ada.call('users.messages.list')).messages.length, 1);
  });
  await with_faults([{ kind: 'history_expired' }], () => refused(history(), 404, 'notFound'));
  await history();
  const { history_id } = await stage.control(`history/${ada}/expire`, {});
  await refused(history(), 404, 'notFound');
  await as_ada.call('users.history.list', { startHistoryId: history_id });
});

test('answers are no JSON, pages, or lost after the effect', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const raw = encoded(mail({ to: grace, headers: [`X-InboxPro-Id: ${grace}`] }));
  const url = `${stage.origin}/gmail/v1/users/me/messages/send`;
  const { token } = await as_ada.client.getAccessToken();
  const post = () =>
    fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ raw }),
    });
  await with_faults([{ api: 'messages.send', kind: 'malformed' }], async () => {
    for (let i = 0; i < 2; ++i) await assert.rejects((await post()).json(), SyntaxError);
  });
  assert.equal(await delivered(grace), 2);
  await with_faults([{ api: 'messages.send', kind: 'html' }], async () => {
    const page = await post();
    assert.equal(page.status, 502);
    assert.match(page.headers.get('content-type'), /^text\/html/);
  });
  assert.equal(await delivered(grace), 2);
  const lost = [{ api: 'messages.send', kind: 'status', status: 503, after_effect: true }];
  await with_faults(lost, async () => assert.equal((await post()).status, 503));
  assert.equal(await delivered(grace), 3);
});

test('scopes, grants and rate limits', async () => {
  const { ada, as_ada } = await ada_and_grace();
  await with_faults([{ api: 'getProfile', kind: 'scope_lost' }], () =>
    refused(as_ada.call('users.getProfile'), 403, 'insufficientPermissions'),
  );
  await with_faults([{ kind: 'dead_grant' }], () =>
    assert.rejects(as_ada.client.refreshAccessToken(), /invalid_grant/),
  );
  await as_ada.client.refreshAccessToken();
  const limit = { api: 'getProfile', kind: 'rate_limit', delay_ms: 90_000 };
  await with_faults([{ ...limit, retry_after: true }], async () => {
    const error = await refused(as_ada.call('users.getProfile'), 429, 'rateLimitExceeded');
    assert.equal(error.response.headers.get('retry-after'), '90');
  });
  await with_faults([{ ...limit, from: 3_600 }], async () => {
    await as_ada.call('users.getProfile');
    const { items } = await stage.control('faults');
    assert.equal(items[0].calls, 0);
  });
  const { counts } = await stage.control(`calls?api=getProfile&user=${ada}`);
  assert.equal(counts[0].calls, 3);
});
