// A stranger's first ten minutes, in a real browser: activate in two steps, send a tracked mail, read it as its
// recipient, and see the dashboard say so. Leaves pictures in build/pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { open_browser } from '../harness/browser.mjs';
import { root, start_demo } from '../harness/program.mjs';

const kOrdinaryBrowser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const kHumanDelay = 2500;

const pictures = join(root, 'build/pictures');
mkdirSync(pictures, { recursive: true });

const picture = (page, name, options = {}) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true, ...options });

/** From the activation page through Google's consent to the dashboard. */
async function activate(page, demo, address, mode = 'on') {
  await page.goto(`${demo.app}/activate`);
  await page.locator(`input[name=tracking_mode][value=${mode}]`).check();
  await page.locator('input[name=accepted]').check();
  await picture(page, 'activate');
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.locator(`input[name=account][value="${address}"]`).check();
  await picture(page, 'consent');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${demo.app}/**`);
}

async function sign_in(page, demo, address) {
  await page.goto(`${demo.app}/sign-in`);
  await page.getByRole('button').first().click();
  await page.locator(`input[name=account][value="${address}"]`).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${demo.app}/**`);
}

async function write_mail(page, demo, { to, subject, text }) {
  await page.goto(`${demo.app}/compose`);
  await page.getByRole('combobox', { name: 'To' }).fill(to);
  await page.keyboard.press('Enter');
  await page.getByLabel('Subject').fill(subject);
  await page.locator('.ProseMirror').fill(text);
  await picture(page, 'compose');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Whatever the pages complained about; CSP violations are reported there too. */
function complaints_of(page, demo) {
  const complaints = [];
  page.on('console', (message) => {
    const ours = page.url().startsWith(demo.app);
    // A feed that ends because its page is left is no complaint.
    const left = message.location().url.endsWith('/api/v1/feed');
    if (message.type() === 'error' && ours && !left)
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  return complaints;
}

test('activate, send, be read, and see it', { timeout: 180_000 }, async (context) => {
  const demo = await start_demo(context);
  const { page, errors } = await open_browser(context);
  const complaints = complaints_of(page, demo);
  await activate(page, demo, 'farah@sandbox.example');
  await page.getByText('Farah Haddad').first().waitFor();
  await picture(page, 'dashboard-empty');

  const subject = 'Lunch on Friday?';
  await write_mail(page, demo, {
    to: 'bruno@northwind.example',
    subject,
    text: 'See you at noon.',
  });
  await page.getByText('bruno@northwind.example').first().waitFor();
  await page.getByRole('button', { name: 'Send now' }).click();

  // A person at an ordinary browser, who takes longer than a machine would.
  const { page: reader } = await open_browser(context, { userAgent: kOrdinaryBrowser });
  await reader.waitForTimeout(kHumanDelay);
  await reader.goto(`${demo.sandbox}/mail/bruno@northwind.example`);
  await picture(reader, 'webmail');
  await reader.getByText(subject).first().click();
  await reader.waitForLoadState('networkidle');
  await picture(reader, 'webmail-mail');

  await page.goto(`${demo.app}/`);
  const row = page.getByRole('listitem').filter({ hasText: subject });
  await row.getByText('Read', { exact: true }).waitFor();
  await picture(page, 'dashboard-read');
  assert.deepEqual(errors, []);
  assert.deepEqual(complaints, []);
});

test(
  'every page of the dashboard shows the demo history without a complaint',
  { timeout: 180_000 },
  async (context) => {
    const demo = await start_demo(context);
    for (const [look, options] of [
      ['light', { colorScheme: 'light' }],
      ['dark', { colorScheme: 'dark' }],
      ['small', { viewport: { width: 375, height: 800 } }],
    ]) {
      const { page, errors } = await open_browser(context, options);
      const complaints = complaints_of(page, demo);
      await sign_in(page, demo, demo.account);
      await page.getByText('Bruno Keller').first().waitFor();
      await page.waitForLoadState('load');
      await picture(page, `messages-${look}`);
      const first = page.locator('a[href^="/messages/"]').last();
      await page.goto(new URL(await first.getAttribute('href'), demo.app).href);
      await page
        .getByText(/Outlook|mail program|reader/i)
        .first()
        .waitFor();
      await picture(page, `message-${look}`);
      for (const place of ['queue', 'activity', 'reports', 'account', 'compose']) {
        await page.goto(`${demo.app}/${place}`);
        await page.getByRole('heading').first().waitFor();
        await page.waitForTimeout(500);
        await picture(page, `${place}-${look}`);
      }
      assert.deepEqual(errors, []);
      assert.deepEqual(complaints, []);
    }
  },
);

test('without a session the dashboard says how to come in', async (context) => {
  const demo = await start_demo(context);
  const { page } = await open_browser(context);
  await page.goto(`${demo.app}/reports`);
  await page
    .getByRole('link', { name: /sign in/i })
    .first()
    .waitFor();
  await picture(page, 'signed-out');
});

test('a refused or replayed consent gives one clear page and no session', async (context) => {
  const demo = await start_demo(context);
  const { browser, page } = await open_browser(context);
  await page.goto(`${demo.app}/sign-in`);
  await page.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL(/\/oauth\/callback/);
  await picture(page, 'refused');
  const text = await page.locator('body').innerText();
  assert.ok(text.length > 40, text);
  assert.equal(
    (await browser.cookies(demo.app)).filter(({ name }) => /session/.test(name)).length,
    0,
  );
  const replayed = await page.goto(page.url());
  assert.equal(replayed.status(), 400);
});
