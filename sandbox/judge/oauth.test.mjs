import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { counted, prefix, refused } = stage;
const compose = `${prefix}gmail.compose`;
const metadata = `${prefix}gmail.metadata`;

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
  const response = await counted(
    fetch(`${stage.origin}/oauth2/v2/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    }),
  );
  assert.equal((await response.json()).id, claims.sub);
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
