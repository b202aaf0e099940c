// One refusal of every method that the sandbox serves, and its errors' shape.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, mail, refused } = stage;
const nobody = '18c0ffee18c0ffee';
const invalid = [400, 'invalidArgument'];
const gone = [404, 'notFound'];
const star = { addLabelIds: ['STARRED'] };

/** [method, parameters, status, reason]; `other` is another person's address. */
const refusals = (other, draft) => [
  ['users.getProfile', { userId: other }, 403, 'forbidden'],
  ['users.watch', { requestBody: {} }, ...invalid],
  ['users.stop', { userId: other }, 403, 'forbidden'],
  ['users.drafts.create', { requestBody: {} }, ...invalid],
  ['users.drafts.create', { requestBody: { message: { raw: '***' } } }, ...invalid],
  ['users.drafts.delete', { id: 'r1' }, ...gone],
  ['users.drafts.get', { id: 'r1' }, ...gone],
  ['users.drafts.get', { id: draft, format: 'odd' }, ...invalid],
  ['users.drafts.list', { maxResults: 'many' }, ...invalid],
  ['users.drafts.send', { requestBody: {} }, ...invalid],
  ['users.drafts.send', { requestBody: { id: 'r1' } }, ...gone],
  ['users.drafts.update', { id: draft, requestBody: {} }, ...invalid],
  ['users.history.list', { startHistoryId: 'x' }, ...invalid],
  ['users.history.list', { startHistoryId: '1' }, ...gone],
  ['users.history.list', { startHistoryId: '1', historyTypes: ['odd'] }, ...invalid],
  ['users.labels.create', { requestBody: {} }, ...invalid],
  ['users.labels.delete', { id: 'Label_99' }, ...gone],
  ['users.labels.get', { id: 'Label_99' }, ...gone],
  ['users.labels.list', { userId: other }, 403, 'forbidden'],
  ['users.labels.patch', { id: 'Label_99', requestBody: { name: 'x' } }, ...gone],
  ['users.labels.update', { id: 'Label_99', requestBody: { name: 'x' } }, ...gone],
  ['users.messages.attachments.get', { messageId: nobody, id: 'x' }, ...gone],
  ['users.messages.batchDelete', { requestBody: {} }, ...invalid],
  ['users.messages.batchModify', { requestBody: { ids: [nobody] } }, ...invalid],
  ['users.messages.delete', { id: nobody }, ...gone],
  ['users.messages.get', { id: nobody }, ...gone],
  ['users.messages.import', { requestBody: {} }, ...invalid],
  ['users.messages.insert', { internalDateSource: 'odd', requestBody: { raw: 'YQ' } }, ...invalid],
  ['users.messages.list', { pageToken: 'x' }, ...invalid],
  ['users.messages.modify', { id: nobody, requestBody: star }, ...gone],
  ['users.messages.send', { requestBody: { raw: '' } }, ...invalid],
  ['users.messages.trash', { id: nobody }, ...gone],
  ['users.messages.untrash', { id: nobody }, ...gone],
  ['users.settings.getVacation', { userId: other }, 403, 'forbidden'],
  ['users.settings.sendAs.get', { sendAsEmail: other }, ...gone],
  ['users.settings.sendAs.list', { userId: other }, 403, 'forbidden'],
  ['users.settings.updateVacation', { requestBody: {} }, 403, 'insufficientPermissions'],
  ['users.threads.delete', { id: nobody }, ...gone],
  ['users.threads.get', { id: nobody }, ...gone],
  ['users.threads.list', { labelIds: ['Label_99'] }, ...invalid],
  ['users.threads.modify', { id: nobody, requestBody: star }, ...gone],
  ['users.threads.trash', { id: 'x' }, ...invalid],
  ['users.threads.untrash', { id: nobody }, ...gone],
];

test('every method refuses what it cannot do, in Google’s shape', async () => {
  const { grace, as_ada } = await ada_and_grace(['https://mail.google.com/']);
  const requestBody = { message: { raw: encoded(mail({ to: grace })) } };
  const draft = await as_ada.call('users.drafts.create', { requestBody });
  for (const [method, parameters, status, reason] of refusals(grace, draft.id))
    await refused(as_ada.call(method, parameters), status, reason);
});

test('every method wants a good token', async () => {
  const { grace, as_ada } = await ada_and_grace();
  await as_ada.client.revokeCredentials();
  as_ada.client.setCredentials({ access_token: 'ya29.dead', expiry_date: Date.now() + 3_600_000 });
  const served = new Map(refusals(grace, 'r1').map((row) => [row[0], row[1]]));
  assert.equal(served.size, 38);
  for (const [method, parameters] of served)
    await refused(as_ada.call(method, parameters), 401, 'authError');
});
