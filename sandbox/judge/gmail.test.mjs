import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, header, mail, prefix, refused } = stage;

const sent_of = (marker) => stage.control(`deliveries?marker=${marker}`).then(({ items }) => items);

test('a mail is sent, found, read and answered in its thread', async () => {
  const { ada, grace, as_ada, as_grace } = await ada_and_grace();
  const raw = encoded(
    mail({ from: ada, to: grace, subject: 'Plan', headers: ['Message-ID: <mine@x>'] }),
  );
  const sent = await as_ada.call('users.messages.send', { requestBody: { raw } });
  assert.deepEqual(sent.labelIds, ['SENT']);
  const read_back = await as_ada.call('users.messages.get', {
    id: sent.id,
    format: 'metadata',
    metadataHeaders: ['Message-ID', 'Subject'],
  });
  const message_id = header(read_back, 'Message-ID');
  assert.match(message_id, /^<CA.*@mail\.gmail\.com>$/);

  const found = await as_grace.call('users.messages.list', { q: `rfc822msgid:${message_id}` });
  assert.equal(found.messages.length, 1);
  const received = await as_grace.call('users.messages.get', { id: found.messages[0].id });
  assert.ok(received.labelIds.includes('INBOX') && received.labelIds.includes('UNREAD'));
  assert.equal(Buffer.from(received.payload.body.data, 'base64url').toString(), 'Good day\r\n');

  const headers = [`In-Reply-To: ${message_id}`, `References: ${message_id}`];
  const answer = mail({ from: grace, to: ada, subject: 'Re: Plan', headers });
  const answered = await as_grace.call('users.messages.send', {
    requestBody: { raw: encoded(answer), threadId: received.threadId },
  });
  assert.equal(answered.threadId, received.threadId);
  const thread = await as_ada.call('users.threads.get', { id: sent.threadId, format: 'metadata' });
  assert.equal(thread.messages.length, 2);
  await as_ada.call('users.threads.get', { id: sent.threadId, format: 'full' });
  await as_ada.call('users.threads.list', { q: 'subject:plan' });
});

test('a draft keeps its id, changes its message and is sent once', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const body = (subject) => ({
    message: {
      raw: encoded(mail({ to: grace, subject, headers: [`X-InboxPro-Id: once-${stage.domain}`] })),
    },
  });
  const draft = await as_ada.call('users.drafts.create', { requestBody: body('One') });
  assert.deepEqual(draft.message.labelIds, ['DRAFT']);
  const updated = await as_ada.call('users.drafts.update', {
    id: draft.id,
    requestBody: body('Two'),
  });
  assert.equal(updated.id, draft.id);
  assert.notEqual(updated.message.id, draft.message.id);
  for (const format of ['minimal', 'metadata', 'full', 'raw'])
    await as_ada.call('users.drafts.get', { id: draft.id, format });
  const listed = await as_ada.call('users.drafts.list');
  assert.equal(listed.drafts[0].id, draft.id);

  const sent = await as_ada.call('users.drafts.send', { requestBody: { id: draft.id } });
  assert.equal(sent.threadId, updated.message.threadId);
  await refused(
    as_ada.call('users.drafts.send', { requestBody: { id: draft.id } }),
    404,
    'notFound',
  );
  await refused(as_ada.call('users.drafts.get', { id: draft.id }), 404, 'notFound');
  await refused(as_ada.call('users.drafts.delete', { id: draft.id }), 404, 'notFound');
  await refused(
    as_ada.call('users.drafts.update', { id: draft.id, requestBody: body('3') }),
    404,
    'notFound',
  );
  const delivered = await sent_of(`once-${stage.domain}`);
  assert.equal(delivered.length, 1);
  assert.ok(Buffer.from(delivered[0].raw, 'base64url').includes('Subject: Two'));
});

test('a draft can be sent with last changes, or deleted', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const requestBody = { message: { raw: encoded(mail({ to: grace, subject: 'Before' })) } };
  const draft = await as_ada.call('users.drafts.create', { requestBody });
  const message = { raw: encoded(mail({ to: grace, subject: 'After' })) };
  const sent = await as_ada.call('users.drafts.send', { requestBody: { id: draft.id, message } });
  const read = await as_ada.call('users.messages.get', { id: sent.id, format: 'metadata' });
  assert.equal(header(read, 'Subject'), 'After');
  const other = await as_ada.call('users.drafts.create', { requestBody });
  await as_ada.call('users.drafts.delete', { id: other.id });
  await refused(as_ada.call('users.drafts.get', { id: other.id }), 404, 'notFound');
});

test('uploads are taken byte for byte, alone and with fields', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const message = mail({ to: grace, body: `bytes \u00e9 ${'x'.repeat(200_000)}\r\n` });
  const media = () => ({ mimeType: 'message/rfc822', body: Readable.from([message]) });
  const sent = await as_ada.call('users.messages.send', { media: media() });
  const kept = await as_ada.call('users.messages.get', { id: sent.id, format: 'raw' });
  assert.ok(Buffer.from(kept.raw, 'base64url').toString().endsWith(message.split('\r\n\r\n')[1]));
  const draft = await as_ada.call('users.drafts.create', {
    requestBody: { message: {} },
    media: media(),
  });
  const raw = await as_ada.call('users.drafts.get', { id: draft.id, format: 'raw' });
  assert.equal(Buffer.from(raw.message.raw, 'base64url').toString(), message);
});

test('attachments are fetched by their id', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const parts = [
    `To: ${grace}\r\nSubject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n`,
    'Content-Type: text/plain\r\n\r\nhello\r\n',
    'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n' +
      'Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n',
  ];
  const raw = encoded(`${parts.join('--b\r\n')}--b--\r\n`);
  const sent = await as_ada.call('users.messages.send', { requestBody: { raw } });
  const full = await as_ada.call('users.messages.get', { id: sent.id, format: 'full' });
  const { body, filename } = full.payload.parts[1];
  assert.equal(filename, 'a.pdf');
  const found = { messageId: sent.id, id: body.attachmentId };
  const attachment = await as_ada.call('users.messages.attachments.get', found);
  assert.deepEqual([...Buffer.from(attachment.data, 'base64url')], [0, 1, 2, 3]);
  await refused(
    as_ada.call('users.messages.attachments.get', { ...found, id: 'x' }),
    400,
    'invalidArgument',
  );
});

test('history tells of every change, in pages, until it is too old', async () => {
  const { grace, as_ada, as_grace } = await ada_and_grace();
  const { historyId: startHistoryId } = await as_grace.call('users.getProfile');
  const nothing = await as_grace.call('users.history.list', { startHistoryId });
  assert.deepEqual(nothing, { historyId: startHistoryId });
  for (let i = 0; i < 3; ++i)
    await as_ada.call('users.messages.send', {
      requestBody: { raw: encoded(mail({ to: grace })) },
    });
  const seen = [];
  let pageToken;
  do {
    const page = await as_grace.call('users.history.list', {
      startHistoryId,
      maxResults: 2,
      pageToken,
    });
    seen.push(...page.history.map((record) => record.messagesAdded[0].message.id));
    pageToken = page.nextPageToken;
  } while (pageToken);
  assert.equal(new Set(seen).size, 3);
  await as_grace.call('users.messages.modify', {
    id: seen[0],
    requestBody: { removeLabelIds: ['UNREAD'] },
  });
  const removed = await as_grace.call('users.history.list', {
    startHistoryId,
    historyTypes: ['labelRemoved'],
  });
  assert.deepEqual(removed.history[0].labelsRemoved[0].labelIds, ['UNREAD']);
  await refused(as_grace.call('users.history.list', { startHistoryId: '1' }), 404, 'notFound');
  await refused(as_grace.call('users.history.list', {}), 400, 'invalidArgument');
});

test('labels, trash and the account', async () => {
  const address = `sales@${stage.domain}`;
  const ada = await stage.new_user('Ada', [{ address, name: 'Sales', verified: false }]);
  const as_ada = await stage.gmail_of(ada);
  const sent = await as_ada.call('users.messages.send', {
    requestBody: { raw: encoded(mail({ to: ada })) },
  });
  assert.ok(sent.labelIds.includes('INBOX') && sent.labelIds.includes('SENT'));
  const { labels } = await as_ada.call('users.labels.list');
  assert.ok(labels.some(({ id }) => id === 'CATEGORY_PERSONAL'));
  const inbox = await as_ada.call('users.labels.get', { id: 'INBOX' });
  assert.equal(inbox.messagesTotal, 1);
  await refused(as_ada.call('users.labels.get', { id: 'Label_9' }), 404, 'notFound');
  await as_ada.call('users.messages.trash', { id: sent.id });
  assert.equal((await as_ada.call('users.messages.list')).messages, undefined);
  assert.equal(
    (await as_ada.call('users.messages.list', { labelIds: ['TRASH', 'SENT'] })).messages.length,
    1,
  );
  await as_ada.call('users.messages.untrash', { id: sent.id });
  const forbidden = { id: sent.id, requestBody: { addLabelIds: ['DRAFT'] } };
  await refused(as_ada.call('users.messages.modify', forbidden), 400, 'invalidArgument');
  await refused(
    as_ada.call('users.messages.delete', { id: sent.id }),
    403,
    'insufficientPermissions',
  );
  const all = await stage.gmail_of(ada, ['https://mail.google.com/']);
  await all.call('users.messages.delete', { id: sent.id });
  await refused(all.call('users.messages.get', { id: sent.id }), 404, 'notFound');

  const { sendAs } = await as_ada.call('users.settings.sendAs.list');
  assert.deepEqual(
    sendAs.map(({ verificationStatus }) => verificationStatus),
    [undefined, 'pending'],
  );
  await as_ada.call('users.settings.sendAs.get', { sendAsEmail: address });
  await refused(
    as_ada.call('users.settings.sendAs.get', { sendAsEmail: 'x@y.z' }),
    404,
    'notFound',
  );
});

test('what cannot be sent is refused with a reason', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const send = (requestBody) => as_ada.call('users.messages.send', { requestBody });
  await refused(send({}), 400, 'invalidArgument');
  await refused(send({ raw: '***' }), 400, 'invalidArgument');
  await refused(send({ raw: encoded('Subject: nobody\r\n\r\n') }), 400, 'invalidArgument');
  await refused(send({ raw: encoded(mail({ to: 'no address' })) }), 400, 'invalidArgument');
  const raw = encoded(mail({ to: grace }));
  await refused(send({ raw, threadId: 'FMfcgzQ' }), 400, 'invalidArgument');
  await refused(send({ raw, threadId: '18c0ffee18c0ffee' }), 404, 'notFound');
  await refused(as_ada.call('users.messages.get', { id: '18c0ffee18c0ffee' }), 404, 'notFound');
  await refused(as_ada.call('users.messages.get', { id: 'x' }), 400, 'invalidArgument');
  await refused(as_ada.call('users.threads.get', { id: '18c0ffee18c0ffee' }), 404, 'notFound');
  await refused(as_ada.call('users.getProfile', { userId: grace }), 403, 'forbidden');
  await refused(as_ada.call('users.drafts.list', { pageToken: 'x' }), 400, 'invalidArgument');
});

test('scopes open what Google says, and gmail.metadata closes bodies and search', async () => {
  const { ada, grace } = await ada_and_grace();
  const sending = await stage.gmail_of(ada, [`${prefix}gmail.send`]);
  const raw = encoded(mail({ to: grace }));
  const { id } = await sending.call('users.messages.send', { requestBody: { raw } });
  const error = await refused(sending.call('users.drafts.list'), 403, 'insufficientPermissions');
  assert.equal(error.response.data.error.details[0].reason, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  const narrow = await stage.gmail_of(ada, [`${prefix}gmail.compose`, `${prefix}gmail.metadata`]);
  await narrow.call('users.messages.get', { id, format: 'metadata' });
  await narrow.call('users.messages.get', { id, format: 'minimal' });
  await refused(narrow.call('users.messages.get', { id }), 403, 'forbidden');
  await refused(narrow.call('users.messages.list', { q: 'hello' }), 403, 'forbidden');
  await narrow.call('users.messages.list', { labelIds: ['SENT'] });
  await narrow.client.revokeToken(narrow.tokens.access_token);
  await refused(narrow.call('users.getProfile'), 401, 'authError');
});

test('a mail to nobody comes back, one to another place counts as delivered', async () => {
  const { as_ada } = await ada_and_grace();
  const headers = [`X-InboxPro-Id: far-${stage.domain}`];
  const message = mail({ to: `nobody@${stage.domain}, someone@far.example`, headers });
  const sent = await as_ada.call('users.messages.send', { requestBody: { raw: encoded(message) } });
  const { messages } = await as_ada.call('users.messages.list', {
    q: 'from:mailer-daemon in:inbox',
  });
  assert.equal(messages[0].threadId, sent.threadId);
  const bounce = await as_ada.call('users.messages.get', { id: messages[0].id });
  assert.equal(header(bounce, 'X-Failed-Recipients'), `nobody@${stage.domain}`);
  assert.equal(bounce.payload.parts[1].mimeType, 'message/delivery-status');
  assert.deepEqual(
    (await sent_of(`far-${stage.domain}`)).map(({ to }) => to),
    ['someone@far.example'],
  );
});

test('faults hit, also after the effect', async () => {
  const { grace, as_ada } = await ada_and_grace();
  const marker = `lost-${stage.domain}`;
  const raw = encoded(mail({ to: grace, headers: [`X-InboxPro-Id: ${marker}`] }));
  const send = () => as_ada.call('users.messages.send', { requestBody: { raw } });
  try {
    await stage.control('faults', [{ api: 'gmail.messages.send', rate: 1, kind: 'rate_limit' }]);
    const limited = await refused(send(), 429, 'rateLimitExceeded');
    assert.match(limited.response.data.error.message, / {2}Retry after \d{4}-/);
    await refused(send(), 403, 'userRateLimitExceeded');
    assert.equal((await sent_of(marker)).length, 0);
    await stage.control('faults', [
      { api: 'gmail.messages.send', rate: 1, kind: 'reset_after_effect' },
    ]);
    await assert.rejects(send());
    assert.equal((await sent_of(marker)).length, 1);
  } finally {
    await stage.control('faults', []);
  }
});
