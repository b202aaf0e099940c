// What went wrong with a mail is told once, at once and on every page, until its writer has seen to it. Leaves pictures
// in build/pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { open_browser } from '../harness/browser.mjs';
import { Api, Sandbox, wait_for } from '../harness/clients.mjs';
import { root, start_demo } from '../harness/program.mjs';

const pictures = join(root, 'build/pictures');
mkdirSync(pictures, { recursive: true });
const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });

async function sign_in(page, demo) {
  await page.goto(`${demo.app}/sign-in`);
  await page.getByRole('button').first().click();
  await page.locator(`input[name=account][value="${demo.account}"]`).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${demo.app}/**`);
}

const mail_to = (to) => ({ to: [to], subject: 'Offer', html: '<p>Here it is</p>' });

test('a refused mail is told on every page until it is dismissed', async (context) => {
  const demo = await start_demo(context);
  const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
  const { page, errors } = await open_browser(context);
  await sign_in(page, demo);
  await page.goto(`${demo.app}/reports`);
  await page.getByRole('heading', { name: 'Reports' }).waitFor();
  await sandbox.set_faults([{ api: 'drafts.send', rate: 1, kind: 'status', status: 400 }]);

  await api.post('/api/v1/messages', mail_to('bruno@northwind.example'));
  const notice = page
    .getByRole('alert')
    .filter({ hasText: 'Your mail to bruno@northwind.example' });
  await notice.getByText('Gmail does not accept this mail as it is.').waitFor();
  await picture(page, 'notice-one');
  await notice.getByRole('link', { name: 'See the mail' }).click();
  await page.getByRole('button', { name: 'Cancel this mail' }).waitFor();
  await notice.waitFor({ state: 'detached' }); // The page of the mail says it itself.

  await api.post('/api/v1/messages', mail_to('chiara@northwind.example'));
  await wait_for('both', async () => (await api.get('/api/v1/notices')).items.length === 2);
  await page.goto(`${demo.app}/queue`);
  const both = page.getByRole('alert').filter({ hasText: '2 mails' });
  await both.waitFor();
  await picture(page, 'notice-many');
  await both.getByRole('button', { name: 'Dismiss this notice' }).click();
  await both.waitFor({ state: 'detached' });
  assert.deepEqual((await api.get('/api/v1/notices')).items, []);
  await page.reload();
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.deepEqual(errors, []);
});

test('notices survive kill -9 and are told once over the feed', async (context) => {
  const demo = await start_demo(context);
  const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
  await sandbox.set_faults([{ api: 'drafts.send', rate: 1, kind: 'status', status: 400 }]);
  const listening = new AbortController();
  context.after(() => listening.abort());
  const first = (async () => {
    for await (const { event, data } of api.feed(listening.signal))
      if (event === 'notice') return data;
    return undefined;
  })();
  const { id } = await api.post('/api/v1/messages', mail_to('bruno@northwind.example'));
  const told = await first;
  assert.equal(told.message_id, id);
  assert.equal(told.code, 'refused');
  await demo.kill();
  await demo.start();
  assert.deepEqual((await api.get('/api/v1/notices')).items, [told]);
});
