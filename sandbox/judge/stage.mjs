// Where the judge works: a running sandbox, Google's own clients pointed at it, and a look at every answer.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { google } from 'googleapis';
import { answers_of, faults_of_error } from './schemas.mjs';

export const prefix = 'https://www.googleapis.com/auth/';
const redirect_uri = 'http://127.0.0.1:1/oauth/callback';

/** The origin of INBOXPRO_SANDBOX, else that of a sandbox started for this file alone. */
async function find_sandbox() {
  if (process.env.INBOXPRO_SANDBOX) return process.env.INBOXPRO_SANDBOX;
  const binary = process.env.INBOXPRO_BINARY ?? process.env.INBOXPRO_PROGRAM;
  assert.ok(binary, 'Set INBOXPRO_SANDBOX to an origin, or INBOXPRO_BINARY to the program.');
  const child = spawn(binary, ['sandbox', '--listen', '127.0.0.1:0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill());
  const first_line = await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the sandbox ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', done);
  });
  return JSON.parse(first_line).sandbox;
}

export const origin = await find_sandbox();
const run = randomBytes(4).toString('hex');
const versions = { gmail: 'v1', calendar: 'v3', oauth2: 'v2', people: 'v1' };
const documents = new Map(
  Object.entries(versions).map(([api, version]) => [api, answers_of(`${api}.${version}`)]),
);
for (const [api, answers] of documents)
  if (!answers)
    console.log(`judge: no discovery document of ${api} here, so answers are not held against it`);

/** Holds an answer against the discovery document of its API. @param method "userinfo.get" */
export function expect_documented(api, method, body) {
  assert.deepEqual(documents.get(api)?.get(`${api}.${method}`)(body) ?? [], [], method);
}

let calls = 0;
after(() => console.log(`judge: ${calls} calls`));

/** Reads a control route of the sandbox, or posts `body` to it. */
export async function control(path, body) {
  const options = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${origin}/_sandbox/${path}`, options);
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response.json();
}

/** A new user at an own domain of this run; `more` as the control route takes it. */
export async function new_user(name, aliases = [], more = {}) {
  const address = `${name.toLowerCase()}.${randomBytes(3).toString('hex')}@${run}.example`;
  await control('users', { address, name: `${name} Example`, aliases, ...more });
  return address;
}
export const domain = `${run}.example`;

/** Google's OAuth client, with the sandbox's addresses in the place of Google's. */
export function oauth_client({ id = `judge-${run}`, secret = 'judge-secret' } = {}) {
  return new google.auth.OAuth2({
    clientId: id,
    clientSecret: secret,
    redirectUri: redirect_uri,
    endpoints: {
      oauth2AuthBaseUrl: `${origin}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${origin}/token`,
      oauth2RevokeUrl: `${origin}/revoke`,
      tokenInfoUrl: `${origin}/tokeninfo`,
      oauth2FederatedSignonPemCertsUrl: `${origin}/oauth2/v1/certs`,
      oauth2FederatedSignonJwkCertsUrl: `${origin}/oauth2/v3/certs`,
    },
  });
}

/** Does what a person does on the consent page. @returns the parameters that come back to the application */
export async function consent(url, account, { deny = false, allow } = {}) {
  calls += 1;
  const form = new URLSearchParams(new URL(url).search);
  form.append('account', account);
  form.append('decision', deny ? 'deny' : 'allow');
  if (allow) form.append('asked', '1');
  for (const scope of allow ?? []) form.append('allow', scope);
  const response = await fetch(url.split('?')[0], {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  assert.equal(response.status, 302, await response.text());
  const target = new URL(response.headers.get('location'));
  assert.equal(target.origin + target.pathname, redirect_uri);
  return Object.fromEntries(target.searchParams);
}

export function pkce() {
  const verifier = randomBytes(40).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Counts calls that were made without a client of Google's. */
export function count(number) {
  calls += number;
}

/** Counts a call of the OAuth client. */
export function counted(promise) {
  calls += 1;
  return promise;
}

/** Signs `account` in with these scopes. @returns {Promise<{client, tokens}>} */
export async function sign_in(account, scopes, extra = {}) {
  const client = oauth_client();
  const { verifier, challenge } = pkce();
  const url = client.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope: scopes,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...extra,
  });
  const { code } = await consent(url, account);
  const { tokens } = await counted(client.getToken({ code, codeVerifier: verifier }));
  client.setCredentials(tokens);
  return { client, tokens };
}

/** Gmail's client as `account`, whose every answer is held against the discovery document. */
export const gmail_of = (account, scopes = [`${prefix}gmail.modify`]) =>
  api_of('gmail', account, scopes);

/** The same for any API that `versions` names. */
export async function api_of(api, account, scopes) {
  const { client, tokens } = await sign_in(account, scopes);
  const rootUrl = `${origin}/`;
  const service = google[api]({ version: versions[api], auth: client, rootUrl, retry: false });
  const standard = api === 'gmail' ? { userId: 'me' } : {};
  /** @param method the id without the API's name, for instance "users.drafts.get" */
  const call = async (method, parameters = {}, options = {}) => {
    calls += 1;
    const path = method.split('.');
    const name = path.pop();
    const place = path.reduce((at, step) => at[step], service);
    try {
      const response = await place[name]({ ...standard, ...parameters }, { rootUrl, ...options });
      if (response.status !== 304) expect_documented(api, method, response.data);
      return response.data;
    } catch (error) {
      const body = error.response?.data;
      if (body) assert.deepEqual(faults_of_error(body, error.status, api), [], method);
      throw error;
    }
  };
  return { call, client, tokens };
}

/** Two people, and Gmail as each of them. */
export async function ada_and_grace(scopes) {
  const [ada, grace] = [await new_user('Ada'), await new_user('Grace')];
  return { ada, grace, as_ada: await gmail_of(ada, scopes), as_grace: await gmail_of(grace) };
}

/** Runs `work` while these faults hold. */
export async function with_faults(faults, work) {
  await control('faults', faults);
  try {
    return await work();
  } finally {
    await control('faults', []);
  }
}

/** The value of a header of a message that was read with format metadata or full. */
export const header = (message, name) =>
  message.payload.headers.find((one) => one.name === name)?.value;

/** Expects a refusal with this status and reason; returns the error. */
export async function refused(promise, status, reason) {
  const error = await promise.then(
    () => assert.fail(`expected ${status} ${reason}, but it worked`),
    (refusal) => refusal,
  );
  assert.equal(error.status, status, error.stack);
  const body = error.response.data.error;
  assert.equal(typeof body === 'string' ? body : body.errors[0].reason, reason);
  return error;
}

export const encoded = (message) => Buffer.from(message).toString('base64url');

/** A small mail. */
export function mail({
  from = 'me@example.org',
  to,
  subject = 'Hello',
  headers = [],
  body = 'Good day\r\n',
}) {
  const lines = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, ...headers];
  return [...lines, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', body].join(
    '\r\n',
  );
}
