import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import * as stage from './stage.mjs';

const { counted, prefix, refused } = stage;
const compose = `${prefix}gmail.compose`;
const metadata = `${prefix}gmail.metadata`;

/** A JSON answer of the sandbox. */
async function read(path, token, status = 200) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await counted(fetch(`${stage.origin}${path}`, { headers }));
  assert.equal(response.status, status, path);
  return response.json();
}

/** An application of its own, so that nothing done to it touches other tests. */
function application() {
  const id = `app-${randomBytes(4).toString('hex')}`;
  const client = stage.oauth_client({ id });
  return {
    id,
    client,
    set: (standing) => stage.control(`clients/${id}`, standing),
    /** Signs in with consent. @returns the tokens */
    sign_in: async (account, scope, extra = {}) => {
      const url = client.generateAuthUrl({
        access_type: 'offline',
        prompt: 'consent',
        scope,
        ...extra,
      });
      const { code } = await stage.consent(url, account);
      const { tokens } = await counted(client.getToken(code));
      client.setCredentials(tokens);
      return tokens;
    },
  };
}

/** Refreshes, and expects that the token is dead. */
async function expect_dead(client) {
  const error = await refused(counted(client.refreshAccessToken()), 400, 'invalid_grant');
  assert.equal(error.response.data.error_description, 'Token has been expired or revoked.');
}

/** Asks for consent, and expects a page that says why there is none. */
async function expect_page(client, scope, account, status, error) {
  const form = new URLSearchParams(new URL(client.generateAuthUrl({ scope })).search);
  form.append('account', account);
  const response = await counted(
    fetch(`${stage.origin}/o/oauth2/v2/auth`, { method: 'POST', body: form, redirect: 'manual' }),
  );
  assert.equal(response.status, status);
  assert.match(await response.text(), new RegExp(`Error ${status}: ${error}`));
}

test('the whole sign-in with state, PKCE and nonce', async () => {
  const ada = await stage.new_user('Ada');
  const client = stage.oauth_client();
  const { verifier, challenge } = stage.pkce();
  const url = client.generateAuthUrl({
    access_type: 'offline',
    scope: ['openid', 'email', 'profile', compose],
    state: 'a b&c',
    nonce: 'once',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const page = await counted(fetch(url));
  assert.equal(page.status, 200);
  assert.ok((await page.text()).includes(ada));

  const back = await stage.consent(url, ada);
  assert.equal(back.state, 'a b&c');
  assert.equal(back.iss, 'https://accounts.google.com');
  assert.match(back.code, /^4\//);
  const { tokens } = await counted(client.getToken({ code: back.code, codeVerifier: verifier }));
  assert.equal(tokens.token_type, 'Bearer');
  assert.ok(tokens.refresh_token);
  assert.ok(tokens.scope.split(' ').includes(compose));

  const ticket = await counted(
    client.verifyIdToken({ idToken: tokens.id_token, audience: client._clientId }),
  );
  const claims = ticket.getPayload();
  assert.equal(claims.email, ada);
  assert.equal(claims.nonce, 'once');
  assert.equal(claims.name, 'Ada Example');

  const info = await counted(client.getTokenInfo(tokens.access_token));
  assert.equal(info.sub, claims.sub);
  assert.ok(info.scopes.includes(compose));
  const person = await read('/oauth2/v2/userinfo', tokens.access_token);
  stage.expect_documented('oauth2', 'userinfo.get', person);
  assert.equal(person.id, claims.sub);
});

test('an id token of somebody else or for another application does not pass', async () => {
  const { client, tokens } = await stage.sign_in(await stage.new_user('Ada'), ['openid', 'email']);
  await assert.rejects(
    counted(client.verifyIdToken({ idToken: tokens.id_token, audience: 'another' })),
  );
  const [head, , signature] = tokens.id_token.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: '1' })).toString('base64url');
  const forged = [head, claims, signature].join('.');
  await assert.rejects(
    counted(client.verifyIdToken({ idToken: forged, audience: client._clientId })),
  );
});

test('keys come as JWKS too, to be cached', async () => {
  const response = await counted(fetch(`${stage.origin}/oauth2/v3/certs`));
  assert.match(response.headers.get('cache-control'), /max-age=\d+/);
  const { keys } = await response.json();
  assert.deepEqual(Object.keys(keys[0]).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test('refusals of the token endpoint', async () => {
  const ada = await stage.new_user('Ada');
  const client = stage.oauth_client();
  const { verifier, challenge } = stage.pkce();
  const url = client.generateAuthUrl({
    scope: compose,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const code = async () => (await stage.consent(url, ada)).code;
  await refused(counted(client.getToken('4/nonsense')), 400, 'invalid_grant');
  await refused(counted(client.getToken(await code())), 400, 'invalid_grant');
  await refused(
    counted(client.getToken({ code: await code(), codeVerifier: 'wrong' })),
    400,
    'invalid_grant',
  );
  await refused(
    counted(
      client.getToken({
        code: await code(),
        codeVerifier: verifier,
        redirect_uri: 'http://x.example/',
      }),
    ),
    400,
    'redirect_uri_mismatch',
  );
  const used = await code();
  await counted(client.getToken({ code: used, codeVerifier: verifier }));
  await refused(
    counted(client.getToken({ code: used, codeVerifier: verifier })),
    400,
    'invalid_grant',
  );
  const impostor = stage.oauth_client({ secret: 'guessed' });
  await refused(
    counted(impostor.getToken({ code: await code(), codeVerifier: verifier })),
    401,
    'invalid_client',
  );
});

test('the person may refuse, or untick a scope', async () => {
  const ada = await stage.new_user('Ada');
  const client = stage.oauth_client();
  const url = client.generateAuthUrl({ scope: ['openid', compose, metadata], state: 's' });
  assert.deepEqual(await stage.consent(url, ada, { deny: true }), {
    state: 's',
    error: 'access_denied',
    iss: 'https://accounts.google.com',
  });
  const { code } = await stage.consent(url, ada, { allow: [compose] });
  const { tokens } = await counted(client.getToken(code));
  assert.deepEqual(tokens.scope.split(' ').sort(), [compose, 'openid'].sort());
});

test('earlier grants join when asked for', async () => {
  const ada = await stage.new_user('Ada');
  await stage.sign_in(ada, [compose]);
  const alone = await stage.sign_in(ada, [metadata]);
  assert.ok(!alone.tokens.scope.includes(compose));
  const joined = await stage.sign_in(ada, [metadata], { include_granted_scopes: true });
  assert.ok(joined.tokens.scope.includes(compose));
});

test('refresh works until the grant is revoked, by either token', async () => {
  const ada = await stage.new_user('Ada');
  for (const kind of ['access_token', 'refresh_token']) {
    const { client } = await stage.sign_in(ada, [compose]);
    const renewed = await counted(client.refreshAccessToken());
    assert.ok(renewed.credentials.access_token);
    await counted(client.revokeToken(client.credentials[kind]));
    const error = await refused(counted(client.refreshAccessToken()), 400, 'invalid_grant');
    assert.equal(error.response.data.error_description, 'Token has been expired or revoked.');
  }
  await refused(counted(stage.oauth_client().revokeToken('nonsense')), 400, 'invalid_token');
});

test('a second sign-in without prompt brings no refresh token', async () => {
  const ada = await stage.new_user('Ada');
  assert.ok((await stage.sign_in(ada, [compose], { prompt: undefined })).tokens.refresh_token);
  assert.equal(
    (await stage.sign_in(ada, [compose], { prompt: undefined })).tokens.refresh_token,
    undefined,
  );
});

test('userinfo and tokeninfo say what the documents say', async () => {
  const ada = await stage.new_user('Ada');
  const { tokens } = await stage.sign_in(ada, ['openid', 'email', 'profile', compose]);
  for (const path of ['/oauth2/v2/userinfo', '/userinfo/v2/me', '/oauth2/v1/userinfo']) {
    const person = await read(path, tokens.access_token);
    stage.expect_documented('oauth2', 'userinfo.get', person);
    assert.equal(person.email, ada);
  }
  for (const path of ['/oauth2/v3/userinfo', '/v1/userinfo']) {
    const person = await read(path, tokens.access_token);
    assert.equal(person.email_verified, true);
    assert.equal(person.hd, stage.domain);
    assert.equal((await fetch(person.picture)).headers.get('content-type'), 'image/svg+xml');
  }
  for (const query of [`access_token=${tokens.access_token}`, `id_token=${tokens.id_token}`]) {
    const info = await read(`/oauth2/v2/tokeninfo?${query}`);
    stage.expect_documented('oauth2', 'tokeninfo', info);
    assert.equal(info.email, ada);
    assert.equal((await read(`/tokeninfo?${query}`)).email_verified, 'true');
  }
  assert.equal((await read('/tokeninfo?id_token=a.b.c', undefined, 400)).error, 'invalid_token');
  assert.equal((await read('/v1/userinfo', 'nonsense', 401)).error, 'invalid_request');
});

test('an id token names domain and access token, and survives one rotation of keys', async () => {
  const ada = await stage.new_user('Ada');
  const { client, tokens } = await stage.sign_in(ada, ['openid', 'email'], { nonce: 'n' });
  const verified = async (who, token) =>
    (
      await counted(who.verifyIdToken({ idToken: token, audience: client._clientId }))
    ).getPayload();
  const claims = await verified(client, tokens.id_token);
  assert.equal(claims.hd, stage.domain);
  assert.equal(claims.nonce, 'n');
  assert.equal(Buffer.from(claims.at_hash, 'base64url').length, 16);

  const { kids } = await stage.control('keys/rotate', {});
  const { keys } = await read('/oauth2/v3/certs');
  assert.deepEqual(
    keys.map((key) => key.kid),
    kids,
  );
  const renewed = await stage.sign_in(ada, ['openid']);
  await verified(stage.oauth_client(), tokens.id_token);
  await verified(renewed.client, renewed.tokens.id_token);
  await stage.control('keys/rotate', {});
  await assert.rejects(verified(stage.oauth_client(), tokens.id_token), /No pem found/);
});

test('a changed password ends what holds a Gmail scope', async () => {
  const ada = await stage.new_user('Ada');
  const [mail_app, plain_app] = [application(), application()];
  await mail_app.sign_in(ada, ['openid', compose]);
  await plain_app.sign_in(ada, ['openid', 'email', `${prefix}contacts`]);
  await stage.control(`users/${ada}/password-change`, {});
  await expect_dead(mail_app.client);
  await counted(plain_app.client.refreshAccessToken());
});

test('the oldest of more than a hundred refresh tokens goes silently', async () => {
  const ada = await stage.new_user('Ada');
  const { client, sign_in } = application();
  const first = await sign_in(ada, ['openid']);
  for (let i = 0; i < 100; i += 1) await sign_in(ada, ['openid']);
  await counted(client.refreshAccessToken());
  client.setCredentials(first);
  await expect_dead(client);
});

test('a grant is limited in time while the application is in testing, or by the person', async () => {
  const ada = await stage.new_user('Ada');
  const { client, set, sign_in } = application();
  await set({ publishing: 'testing' });
  const plain = await sign_in(ada, ['openid', 'email', 'profile']);
  assert.equal(plain.refresh_token_expires_in, undefined);
  const limited = await sign_in(ada, [compose]);
  assert.equal(limited.refresh_token_expires_in, 604799);
  await set({ publishing: 'production', grant_seconds: 3600 });
  assert.equal((await sign_in(ada, [compose])).refresh_token_expires_in, 3599);
  await set({ grant_seconds: 0 });
  assert.equal((await sign_in(ada, [compose])).refresh_token_expires_in, undefined);

  await stage.control('clock', { advance_seconds: 7 * 24 * 3600 });
  try {
    client.setCredentials({ refresh_token: limited.refresh_token });
    await expect_dead(client);
    client.setCredentials({ refresh_token: plain.refresh_token });
    await counted(client.refreshAccessToken());
    await stage.control('clock', { advance_seconds: 184 * 24 * 3600 });
    await expect_dead(client);
    await stage.control('clock', { advance_seconds: -184 * 24 * 3600 });
  } finally {
    await stage.control('clock', { advance_seconds: -7 * 24 * 3600 });
  }
});

test('what administrators and the console forbid is said on a page', async () => {
  const ada = await stage.new_user('Ada');
  const { client, set, sign_in } = application();
  await sign_in(ada, [compose]);
  await set({ restricted: true });
  await expect_page(client, compose, ada, 400, 'admin_policy_enforced');
  await expect_dead(client);
  await set({ restricted: false, internal_to: 'elsewhere.example' });
  await expect_page(client, compose, ada, 403, 'org_internal');
  await set({ internal_to: stage.domain });
  await sign_in(ada, [compose]);
  await set({ deleted: true });
  await expect_page(client, compose, ada, 401, 'deleted_client');
  await refused(counted(client.refreshAccessToken()), 401, 'deleted_client');
  await expect_page(stage.oauth_client(), 'nonsense', ada, 400, 'invalid_scope');
});

test('without prompt there is an answer at once, or a reason', async () => {
  const ada = await stage.new_user('Ada');
  const { client, sign_in } = application();
  const unasked = async (extra) => {
    const url = client.generateAuthUrl({ scope: compose, prompt: 'none', ...extra });
    const response = await counted(fetch(url, { redirect: 'manual' }));
    return Object.fromEntries(new URL(response.headers.get('location')).searchParams);
  };
  assert.equal((await unasked({})).error, 'login_required');
  assert.equal((await unasked({ login_hint: ada })).error, 'interaction_required');
  await sign_in(ada, [compose]);
  const { code } = await unasked({ login_hint: ada });
  const { tokens } = await counted(client.getToken(code));
  assert.equal(tokens.scope, compose);
});

test('the secret may come in the header, and plain PKCE works', async () => {
  const ada = await stage.new_user('Ada');
  const { client, id } = application();
  const verifier = 'v'.repeat(43);
  const code = async () => {
    const url = client.generateAuthUrl({
      scope: 'openid',
      code_challenge: verifier,
      code_challenge_method: 'plain',
    });
    return (await stage.consent(url, ada)).code;
  };
  const exchange = async (secret, code_verifier) => {
    const response = await counted(
      fetch(`${stage.origin}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: await code(),
          redirect_uri: client.redirectUri,
          code_verifier,
        }),
      }),
    );
    return { status: response.status, ...(await response.json()) };
  };
  assert.equal((await exchange('judge-secret', verifier)).token_type, 'Bearer');
  assert.equal((await exchange('judge-secret', `${verifier}x`)).error, 'invalid_grant');
  const wrong = await exchange('wrong', verifier);
  assert.deepEqual([wrong.status, wrong.error], [401, 'invalid_client']);
});
