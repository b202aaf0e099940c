// Gmail's push notices: an endpoint of our own receives them, Google's library checks their token.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test, { after } from 'node:test';
import * as stage from './stage.mjs';

const { ada_and_grace, encoded, mail, refused } = stage;

/** An endpoint that answers with the statuses of `says` in turn, then 204. */
async function endpoint(says = []) {
  const pushes = [];
  const waiting = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      response.writeHead(says.shift() ?? 204).end();
      pushes.push({ headers: request.headers, method: request.method, body: JSON.parse(body) });
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  /** Resolves when so many pushes are here. */
  const come = async (count) => {
    while (pushes.length < count) await new Promise((done) => waiting.push(done));
    return pushes;
  };
  return { url: `http://127.0.0.1:${server.address().port}/push`, pushes, come };
}

const topic_of = (name) => `projects/judge/topics/${name}-${stage.domain.split('.')[0]}`;
const send = (someone, to) =>
  someone.call('users.messages.send', { requestBody: { raw: encoded(mail({ to })) } });
const data_of = ({ body }) => JSON.parse(Buffer.from(body.message.data, 'base64').toString());
const next_second = () => stage.control('clock', { advance_seconds: 1 });

test('a change is pushed with a token that Google’s own library takes', async () => {
  const { grace, as_ada, as_grace } = await ada_and_grace();
  const { url, come } = await endpoint();
  const topicName = topic_of('signed');
  const service_account = 'push@judge.iam.gserviceaccount.com';
  await stage.control('pubsub', {
    topic: topicName,
    endpoint: url,
    audience: 'us',
    service_account,
  });
  const watch = await as_grace.call('users.watch', {
    requestBody: { topicName, labelIds: ['INBOX'], labelFilterBehavior: 'INCLUDE' },
  });
  const { now } = await stage.control('clock');
  assert.ok(Math.abs(Number(watch.expiration) - Date.parse(now) - 7 * 86_400_000) < 60_000);

  await send(as_ada, grace);
  const [push] = await come(1);
  assert.equal(push.method, 'POST');
  const { message, subscription } = push.body;
  assert.match(subscription, /^projects\/judge\/subscriptions\//);
  assert.match(message.messageId, /^\d+$/);
  assert.equal(message.message_id, message.messageId);
  assert.equal(message.publish_time, message.publishTime);
  const { emailAddress, historyId } = data_of(push);
  assert.equal(emailAddress, grace);
  assert.ok(Number(historyId) > Number(watch.historyId));
  const { history } = await as_grace.call('users.history.list', {
    startHistoryId: watch.historyId,
  });
  assert.equal(history[0].messagesAdded.length, 1);

  const idToken = push.headers.authorization.replace(/^Bearer /, '');
  const client = stage.oauth_client();
  const ticket = await client.verifyIdToken({ idToken, audience: 'us' });
  const claims = ticket.getPayload();
  assert.equal(claims.email, service_account);
  assert.equal(claims.email_verified, true);
  assert.equal(claims.iss, 'https://accounts.google.com');
  await assert.rejects(client.verifyIdToken({ idToken, audience: 'others' }));
});

test('what is not acknowledged comes again; a second holds one notice', async () => {
  const { grace, as_ada, as_grace } = await ada_and_grace();
  const { url, pushes, come } = await endpoint([503, 404]);
  const topicName = topic_of('again');
  await stage.control('pubsub', { topic: topicName, endpoint: url });
  await as_grace.call('users.watch', { requestBody: { topicName } });
  await send(as_ada, grace);
  await send(as_ada, grace);
  await come(3);
  const ids = pushes.map(({ body }) => body.message.messageId);
  assert.equal(new Set(ids).size, 1, 'one notice, three times');
  assert.equal(pushes[0].headers.authorization, undefined);
  await next_second();
  await send(as_ada, grace);
  await come(4);
  assert.ok(data_of(pushes[3]).historyId > data_of(pushes[0]).historyId);
  const { notices } = await stage.control('pubsub');
  assert.ok(notices.attempts >= 4);
});

test('labels choose what is told', async () => {
  const { grace, as_ada, as_grace } = await ada_and_grace();
  const { url, pushes, come } = await endpoint();
  const topicName = topic_of('labels');
  await stage.control('pubsub', { topic: topicName, endpoint: url });
  const watch = (requestBody) =>
    as_grace.call('users.watch', { requestBody: { topicName, ...requestBody } });
  const { historyId } = await watch({ labelIds: ['SENT'], labelFilterBehavior: 'exclude' });
  await send(as_grace, 'x@far.example');
  await next_second();
  await send(as_ada, grace);
  await come(1);
  const inbox = await as_grace.call('users.history.list', {
    startHistoryId: historyId,
    labelId: 'INBOX',
  });
  assert.equal(String(data_of(pushes[0]).historyId), inbox.history[0].id);
  await as_grace.call('users.stop');
  await next_second();
  await send(as_ada, grace);
  await watch({ labelIds: ['SENT'], labelFilterBehavior: 'include' });
  await next_second();
  await send(as_ada, grace);
  await send(as_grace, 'x@far.example');
  await come(2);
  assert.equal(pushes.length, 2);
});

test('a watch that cannot be is refused in Google’s words', async () => {
  const { as_ada } = await ada_and_grace();
  const watch = (requestBody) => as_ada.call('users.watch', { requestBody });
  const topicName = topic_of('one');
  await refused(watch({}), 400, 'invalidArgument');
  await refused(watch({ topicName: 'a-topic' }), 400, 'invalidArgument');
  const forbidden = await refused(watch({ topicName }), 403, 'forbidden');
  assert.match(forbidden.message, /User not authorized to perform this action/);
  await stage.control('pubsub', { topic: topicName, granted: false });
  await refused(watch({ topicName }), 403, 'forbidden');
  await stage.control('pubsub', { topic: topicName, granted: true });
  await stage.control('pubsub', { topic: topic_of('two') });
  await refused(watch({ topicName, labelIds: ['Label_9'] }), 400, 'invalidArgument');
  await refused(watch({ topicName, labelFilterBehavior: 'odd' }), 400, 'invalidArgument');
  const first = await watch({ topicName });
  await next_second();
  const renewed = await watch({ topicName });
  assert.ok(Number(renewed.expiration) > Number(first.expiration));
  const second = await refused(watch({ topicName: topic_of('two') }), 400, 'invalidArgument');
  assert.equal(
    second.message,
    'Only one user push notification client allowed per developer (call /stop then try again)',
  );
  await as_ada.call('users.stop');
  await as_ada.call('users.stop');
  await watch({ topicName: topic_of('two') });
});
