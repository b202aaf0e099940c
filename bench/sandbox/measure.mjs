// Fills a mailbox of the local Google, lets wrk call three of Gmail's methods, and prints how many a second it answered.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [work, seconds, connections] = process.argv.slice(2);
const MESSAGES = 500;
const origin = JSON.parse(readFileSync(`${work}/sandbox.json`, 'utf8').split('\n')[0]).sandbox;
const account = 'bench@bench.example';
const redirect_uri = 'http://127.0.0.1:1/back';

async function posted(path, body, headers = {}) {
  const answer = await fetch(origin + path, { method: 'POST', body, headers, redirect: 'manual' });
  if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function sign_in() {
  const form = new URLSearchParams({
    client_id: 'bench',
    redirect_uri,
    response_type: 'code',
    scope: 'https://www.googleapis.com/auth/gmail.modify',
    account,
    decision: 'allow',
  });
  const back = new URL((await posted('/o/oauth2/v2/auth', form)).headers.get('location'));
  const exchange = new URLSearchParams({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    client_id: 'bench',
    client_secret: 'bench-secret',
    redirect_uri,
  });
  return (await (await posted('/token', exchange)).json()).access_token;
}

const message = Buffer.from(
  `From: ${account}\r\nTo: ${account}\r\nSubject: Figures of the week\r\nMIME-Version: 1.0\r\n` +
    `Content-Type: text/html; charset=utf-8\r\n\r\n<p>${'All is well. '.repeat(80)}</p>\r\n`,
).toString('base64url');

async function fill(token) {
  const json = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const path = '/gmail/v1/users/me/messages';
  const body = JSON.stringify({ raw: message, labelIds: ['INBOX', 'UNREAD'] });
  const ids = [];
  while (ids.length < MESSAGES) ids.push((await (await posted(path, body, json)).json()).id);
  return ids;
}

/** Calls a second, each answered well. */
function rate(name, calls, token) {
  const file = `${work}/${name}.calls`;
  writeFileSync(file, `${calls.join('\n')}\n`);
  const said = execFileSync(
    'wrk',
    [
      '-t2',
      `-c${connections}`,
      `-d${seconds}s`,
      '--latency',
      '-s',
      'bench/sandbox/calls.lua',
      origin,
    ],
    { env: { ...process.env, CALLS: file, TOKEN: token }, encoding: 'utf8' },
  );
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  const figure = Number(said.match(/Requests\/sec:\s+(\S+)/)[1]);
  console.log(`${name}: ${figure.toFixed(0)} calls/s, p99 ${said.match(/99%\s+(\S+)/)[1]}`);
  return figure;
}

await posted('/_sandbox/users', JSON.stringify({ address: account, name: 'Bench' }));
const token = await sign_in();
const ids = await fill(token);
const me = '/gmail/v1/users/me';
const profile = await fetch(`${origin}${me}/profile`, {
  headers: { authorization: `Bearer ${token}` },
});
const { historyId } = await profile.json();
const rates = [
  rate(
    'messages.get',
    ids.map((id) => `GET ${me}/messages/${id}?format=metadata&metadataHeaders=Subject`),
    token,
  ),
  rate('history.list', [`GET ${me}/history?startHistoryId=${historyId}`], token),
  rate(
    'drafts.create',
    [`POST ${me}/drafts ${JSON.stringify({ message: { raw: message } })}`],
    token,
  ),
];
console.log(`sandbox_calls_per_second=${Math.min(...rates).toFixed(0)}`);
