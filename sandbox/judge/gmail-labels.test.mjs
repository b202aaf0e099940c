import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, mail, refused } = stage;
const full = ['https://mail.google.com/'];

const sent_to = (someone, to, extra = {}) =>
  someone.call('users.messages.send', { requestBody: { raw: encoded(mail({ to, ...extra })) } });

test('a label is made, changed, worn and taken away', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const color = { textColor: '#000000', backgroundColor: '#ffffff' };
  const label = await as_ada.call('users.labels.create', {
    requestBody: { name: 'Clients/Big', messageListVisibility: 'hide', color },
  });
  assert.match(label.id, /^Label_\d+$/);
  assert.equal(label.type, 'user');
  const id = label.id;
  const patched = await as_ada.call('users.labels.patch', { id, requestBody: { name: 'Clients' } });
  assert.equal(patched.messageListVisibility, 'hide');
  const updated = await as_ada.call('users.labels.update', { id, requestBody: { name: 'Deals' } });
  assert.equal(updated.messageListVisibility, 'show');
  assert.equal(updated.color, undefined);

  const sent = await sent_to(as_ada, grace);
  const worn = await as_ada.call('users.messages.modify', {
    id: sent.id,
    requestBody: { addLabelIds: [id] },
  });
  assert.ok(worn.labelIds.includes(id));
  const { historyId } = await as_ada.call('users.getProfile');
  for (const search of [{ labelIds: [id] }, { q: 'label:deals' }, { labelIds: [id, 'SENT'] }])
    assert.equal((await as_ada.call('users.messages.list', search)).messages.length, 1);
  assert.equal((await as_ada.call('users.threads.list', { labelIds: [id] })).threads.length, 1);
  assert.equal((await as_ada.call('users.labels.get', { id })).threadsTotal, 1);
  await as_ada.call('users.labels.delete', { id });
  const { history } = await as_ada.call('users.history.list', {
    startHistoryId: historyId,
    historyTypes: ['labelRemoved'],
    labelId: id,
  });
  assert.deepEqual(history[0].labelsRemoved[0].labelIds, [id]);
  const { labels } = await as_ada.call('users.labels.list');
  assert.ok(!labels.some((one) => one.id === id));
});

test('labels that cannot be', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const create = (requestBody) => as_ada.call('users.labels.create', { requestBody });
  const { id } = await create({ name: 'Work' });
  await refused(create({ name: 'WORK' }), 409, 'aborted');
  for (const name of ['', 'INBOX', 'Sent', 'x'.repeat(226)])
    assert.equal(
      (await refused(create({ name }), 400, 'invalidArgument')).message,
      'Invalid label name',
    );
  await refused(create({ name: 'A', labelListVisibility: 'odd' }), 400, 'invalidArgument');
  const other = await create({ name: 'Other' });
  const rename = { id: other.id, requestBody: { name: 'work' } };
  await refused(as_ada.call('users.labels.patch', rename), 409, 'aborted');
  await refused(as_ada.call('users.labels.update', { ...rename, id: 'Label_99' }), 404, 'notFound');
  await refused(
    as_ada.call('users.labels.patch', { ...rename, id: 'INBOX' }),
    400,
    'invalidArgument',
  );
  await refused(as_ada.call('users.labels.delete', { id: 'SENT' }), 400, 'invalidArgument');
  await refused(as_ada.call('users.labels.delete', { id: 'Label_99' }), 404, 'notFound');

  const sent = await sent_to(as_ada, grace);
  const modify = (requestBody) =>
    as_ada.call('users.messages.modify', { id: sent.id, requestBody });
  await refused(modify({}), 400, 'invalidArgument');
  await refused(modify({ addLabelIds: ['Label_99'] }), 400, 'invalidArgument');
  await refused(modify({ removeLabelIds: ['SENT'] }), 400, 'invalidArgument');
  await refused(modify({ addLabelIds: Array(101).fill(id) }), 400, 'invalidArgument');
  await refused(
    as_ada.call('users.messages.list', { labelIds: ['Label_99'] }),
    400,
    'invalidArgument',
  );
});

test('many messages and whole threads at once', async () => {
  const { grace, as_ada } = await ada_and_grace(full);
  const sent = [await sent_to(as_ada, grace), await sent_to(as_ada, grace)];
  const ids = sent.map(({ id }) => id);
  const labels = async (id) =>
    (await as_ada.call('users.messages.get', { id, format: 'minimal' })).labelIds;
  await as_ada.call('users.messages.batchModify', {
    requestBody: { ids, addLabelIds: ['STARRED'] },
  });
  for (const id of ids) assert.ok((await labels(id)).includes('STARRED'));
  const batch = (requestBody) => as_ada.call('users.messages.batchModify', { requestBody });
  await refused(batch({ ids }), 400, 'invalidArgument');
  await refused(batch({ addLabelIds: ['STARRED'] }), 400, 'invalidArgument');
  await refused(batch({ ids: ['x'], addLabelIds: ['STARRED'] }), 400, 'invalidArgument');

  const id = sent[0].threadId;
  const requestBody = { removeLabelIds: ['STARRED'] };
  const thread = await as_ada.call('users.threads.modify', { id, requestBody });
  assert.deepEqual(thread.messages[0].labelIds, ['SENT']);
  await as_ada.call('users.threads.trash', { id });
  assert.ok((await labels(ids[0])).includes('TRASH'));
  await as_ada.call('users.threads.untrash', { id });
  assert.deepEqual(await labels(ids[0]), ['SENT']);
  await as_ada.call('users.threads.delete', { id });
  await refused(as_ada.call('users.messages.get', { id: ids[0] }), 404, 'notFound');
  for (const method of ['delete', 'trash', 'untrash'])
    await refused(as_ada.call(`users.threads.${method}`, { id }), 404, 'notFound');
  await refused(as_ada.call('users.threads.modify', { id, requestBody }), 404, 'notFound');
  await refused(
    as_ada.call('users.threads.modify', { id, requestBody: {} }),
    400,
    'invalidArgument',
  );
  await as_ada.call('users.messages.batchDelete', { requestBody: { ids } });
  await refused(as_ada.call('users.messages.get', { id: ids[1] }), 404, 'notFound');
  await refused(
    as_ada.call('users.messages.batchDelete', { requestBody: {} }),
    400,
    'invalidArgument',
  );
});

test('mail from elsewhere is put into the mailbox as it is', async () => {
  const { as_ada } = await ada_and_grace();
  const headers = ['Date: Mon, 02 Mar 2026 10:00:00 +0000', 'Message-ID: <old@elsewhere>'];
  const raw = encoded(mail({ from: 'x@far.example', to: 'y@far.example', headers }));
  const labelIds = ['INBOX', 'UNREAD'];
  const inserted = await as_ada.call('users.messages.insert', { requestBody: { raw, labelIds } });
  assert.deepEqual(inserted.labelIds, labelIds);
  const imported = await as_ada.call('users.messages.import', { requestBody: { raw, labelIds } });
  const read = await as_ada.call('users.messages.get', { id: imported.id });
  assert.equal(stage.header(read, 'Message-ID'), '<old@elsewhere>');
  assert.equal(read.internalDate, String(Date.parse('2026-03-02T10:00:00Z')));
  assert.deepEqual((await stage.control('deliveries?from=x@far.example')).items, []);
  const insert = (more) => as_ada.call('users.messages.insert', more);
  await refused(insert({ requestBody: {} }), 400, 'invalidArgument');
  await refused(insert({ requestBody: { raw, labelIds: ['Label_7'] } }), 400, 'invalidArgument');
});
