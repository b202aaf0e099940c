// Content stays in Gmail: forty texts that occur nowhere else go through every path, and none of them is found in what
// the server keeps or says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { new_canary, search_bytes, search_folder } from '../harness/canaries.mjs';
import { Api, Sandbox } from '../harness/clients.mjs';
import { parts_of, text_of } from '../harness/mime_parts.mjs';
import { start_demo } from '../harness/program.mjs';
import { tracked_in } from '../harness/tracked_html.mjs';

const kMails = 5;

/** A mail of which every part can be recognised. */
function marked_mail() {
  const canaries = {
    reader: `${new_canary('reader')}@northwind.example`,
    copied: `${new_canary('copied')}@harbour.example`,
    name: new_canary('Name'),
    subject: new_canary('Subject'),
    body: new_canary('body'),
    target: `https://example.org/${new_canary('target')}`,
    file: `${new_canary('file')}.txt`,
    attachment: new_canary('attached'),
  };
  const body = {
    to: [`${canaries.name} <${canaries.reader}>`],
    cc: [canaries.copied],
    subject: canaries.subject,
    html: `<p>${canaries.body} <a href="${canaries.target}">here</a></p>`,
    attachments: [
      {
        file_name: canaries.file,
        media_type: 'text/plain',
        content: Buffer.from(canaries.attachment).toString('base64'),
      },
    ],
  };
  return { canaries, body };
}

/** Opens and clicks what was delivered, with a client and an address that can be recognised too. */
async function react(copy, origin, agent) {
  const parts = await parts_of(Buffer.from(copy.raw, 'base64url'));
  const html = parts
    .filter(({ type }) => type === 'text/html')
    .map(text_of)
    .join('');
  const { links, pixels } = tracked_in(html, origin);
  for (const url of [...pixels, ...links])
    await fetch(url, { headers: { 'User-Agent': agent }, redirect: 'manual' });
  return [...pixels, ...links].map((url) => url.split('/').at(-1).replace('.gif', ''));
}

/** Mails that Google answers badly in every way it can: what is then written down must not tell what they said. */
async function send_while_google_fails(api, sandbox) {
  const canaries = [];
  for (const kind of ['malformed', 'html', 'status', 'reset_after_effect', 'rate_limit']) {
    const mail = marked_mail();
    for (const address of [mail.canaries.reader, mail.canaries.copied])
      await sandbox.add_user(address, 'Somebody');
    await sandbox.set_faults([{ api: 'gmail.drafts', kind, rate: 1 }]);
    await api.request('POST', '/api/v1/messages', mail.body);
    canaries.push(...Object.values(mail.canaries));
  }
  await sandbox.set_faults([]);
  return canaries;
}

test('no canary is found in database, journal or log', { timeout: 300_000 }, async (context) => {
  const demo = await start_demo(context, { env: { INBOXPRO_LOG_LEVEL: 'debug' } });
  const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
  const canaries = [demo.token];
  for (let n = 0; n < kMails; n++) {
    const mail = marked_mail();
    await sandbox.add_user(mail.canaries.reader, mail.canaries.name);
    await sandbox.add_user(mail.canaries.copied, 'Copied');
    const { id } = await api.post('/api/v1/messages', mail.body, {
      'Idempotency-Key': new_canary('key'),
    });
    const [copy] = await sandbox.delivered({ to: mail.canaries.reader });
    const agent = `Mozilla/5.0 (X11; Linux) ${new_canary('Agent')}`;
    const tokens = await react(copy, demo.tracking, agent);
    assert.equal(tokens.length, 2);
    assert.equal((await api.get(`/api/v1/messages/${id}/subject`)).subject, mail.canaries.subject);
    await api.request('POST', '/api/v1/messages', { ...mail.body, from: new_canary('nobody') });
    canaries.push(...Object.values(mail.canaries), agent.split(' ').at(-1), ...tokens);
  }
  await api.get('/api/v1/messages');
  canaries.push(...(await send_while_google_fails(api, sandbox)));
  await demo.stop();
  assert.ok(canaries.length >= 40);

  const hits = search_folder(demo.data, canaries);
  const said = search_bytes(readFileSync(demo.log_file), canaries);
  context.diagnostic(
    `${canaries.length} canaries, ${hits.length} hits in database, journal and other files, ${said.length} in the log`,
  );
  assert.deepEqual(hits, []);
  assert.deepEqual(said, []);
  assert.ok(demo.log().length > 0, 'the log was written');
});
