import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { encoded, mail, prefix, refused } = stage;

test('an alias has a signature, which the API never adds', async () => {
  const address = `sales.${Date.now()}@${stage.domain}`;
  const ada = await stage.new_user('Ada', [{ address, name: 'Sales', verified: true }]);
  const as_ada = await stage.gmail_of(ada);
  const signature = '<b>Ada, Sales</b>';
  await stage.control(`senders/${address}`, { signature, reply_to: ada });
  const sender = await as_ada.call('users.settings.sendAs.get', { sendAsEmail: address });
  assert.equal(sender.signature, signature);
  assert.equal(sender.replyToAddress, ada);
  const { sendAs } = await as_ada.call('users.settings.sendAs.list');
  assert.deepEqual(
    sendAs.map((one) => one.signature),
    ['', signature],
  );
  const raw = encoded(mail({ from: address, to: 'x@far.example' }));
  const sent = await as_ada.call('users.messages.send', { requestBody: { raw } });
  const kept = await as_ada.call('users.messages.get', { id: sent.id, format: 'raw' });
  assert.ok(!Buffer.from(kept.raw, 'base64url').includes('Ada, Sales'));
});

test('the vacation responder is read and set', async () => {
  const ada = await stage.new_user('Ada');
  const as_ada = await stage.gmail_of(ada, [`${prefix}gmail.settings.basic`]);
  assert.deepEqual(await as_ada.call('users.settings.getVacation'), { enableAutoReply: false });
  const requestBody = {
    enableAutoReply: true,
    responseSubject: 'Away',
    startTime: '1790000000000',
  };
  await as_ada.call('users.settings.updateVacation', { requestBody });
  assert.deepEqual(await as_ada.call('users.settings.getVacation'), requestBody);
  const update = (body) => as_ada.call('users.settings.updateVacation', { requestBody: body });
  await refused(update({ enableAutoReply: true }), 400, 'invalidArgument');
  await refused(update({ startTime: 'soon' }), 400, 'invalidArgument');
  const reading = await stage.gmail_of(ada);
  await refused(
    reading.call('users.settings.updateVacation', { requestBody }),
    403,
    'insufficientPermissions',
  );
});

test('a token that holds gmail.metadata sees no content by any method', async () => {
  const ada = await stage.new_user('Ada');
  const scopes = [`${prefix}gmail.modify`, `${prefix}gmail.metadata`];
  const as_ada = await stage.gmail_of(ada, scopes);
  const raw = encoded(mail({ to: ada }));
  const { id, threadId } = await as_ada.call('users.messages.send', { requestBody: { raw } });
  const draft = await as_ada.call('users.drafts.create', { requestBody: { message: { raw } } });
  const closed = [
    ['users.messages.get', { id }],
    ['users.messages.get', { id, format: 'raw' }],
    ['users.messages.attachments.get', { messageId: id, id: 'x' }],
    ['users.threads.get', { id: threadId }],
    ['users.drafts.get', { id: draft.id }],
    ['users.drafts.get', { id: draft.id, format: 'raw' }],
    ['users.messages.list', { q: 'hello' }],
    ['users.threads.list', { q: 'hello' }],
    ['users.drafts.list', { q: 'hello' }],
  ];
  for (const [method, parameters] of closed)
    await refused(as_ada.call(method, parameters), 403, 'forbidden');
  await as_ada.call('users.threads.get', { id: threadId, format: 'metadata' });
  await as_ada.call('users.drafts.get', { id: draft.id, format: 'minimal' });
});

test('a day has so many mails, a mail so many recipients', async () => {
  const ada = await stage.new_user('Ada');
  const as_ada = await stage.gmail_of(ada);
  const send = (to) =>
    as_ada.call('users.messages.send', { requestBody: { raw: encoded(mail({ to })) } });
  await stage.control('quota', { mails_per_day_workspace: 2 });
  try {
    await send('x@far.example');
    await send('x@far.example');
    const error = await refused(send('x@far.example'), 429, 'rateLimitExceeded');
    assert.match(error.message, / {2}Retry after \d{4}-/);
  } finally {
    await stage.control('quota', { mails_per_day_workspace: 0 });
  }
  await stage.control('quota', { recipients_per_mail: 1 });
  await refused(send('x@far.example, y@far.example'), 400, 'invalidArgument');
  await stage.control('quota', { recipients_per_mail: 500 });
  const many = Array.from({ length: 501 }, (_, i) => `x${i}@far.example`);
  await refused(send(many.join(', ')), 400, 'invalidArgument');
  await send(many.slice(1).join(', '));
});
