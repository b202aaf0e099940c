// A person at the dashboard sends later, looks at the queue, changes the time, cancels, and takes a mail back that was
// just sent. Leaves pictures in build/pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { open_browser } from '../harness/browser.mjs';
import { Api, wait_for } from '../harness/clients.mjs';
import { root, start_demo } from '../harness/program.mjs';

const pictures = join(root, 'build/pictures');
mkdirSync(pictures, { recursive: true });
const picture = (page, name) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

async function sign_in(page, demo) {
  await page.goto(`${demo.app}/sign-in`);
  await page.getByRole('button').first().click();
  await page.locator(`input[name=account][value="${demo.account}"]`).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${demo.app}/**`);
}

async function write(page, demo, to) {
  await page.goto(`${demo.app}/compose`);
  await page.getByRole('combobox', { name: 'To' }).fill(to);
  await page.keyboard.press('Enter');
  await page.getByLabel('Subject').fill('Lunch?');
  await page.locator('.ProseMirror').fill('See you at noon.');
}

async function deliveries(demo) {
  const { items } = await (await fetch(`${demo.sandbox}/_sandbox/deliveries`)).json();
  return items.length;
}

test('send later, change it, cancel it, and undo', { timeout: 180_000 }, async (context) => {
  const demo = await start_demo(context);
  const api = new Api(demo);
  const { page, errors } = await open_browser(context);
  await sign_in(page, demo);
  const before = await deliveries(demo);

  await write(page, demo, 'bruno@northwind.example');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).waitFor();
  await picture(page, 'send-later-presets');
  await page.getByRole('menuitem', { name: /recipient’s zone/ }).click();
  await page.getByRole('combobox', { name: 'By the clocks of' }).fill('Tokyo');
  await page.getByRole('option', { name: 'Tokyo (Asia)' }).click();
  await picture(page, 'send-later-zone');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Tomorrow morning/ })
    .click();
  await page.getByText('Goes out').waitFor();
  await picture(page, 'send-later-message');
  const [waiting] = (await api.get('/api/v1/messages?waiting=true')).items;
  assert.equal(waiting.state, 'scheduled');
  assert.equal(waiting.time_zone, 'Asia/Tokyo');
  assert.match(waiting.local_time, /T08:00:00$/);

  await page.goto(`${demo.app}/queue`);
  await page.getByText('Tokyo (Asia)').waitFor();
  await picture(page, 'queue-light');
  const menu = page.getByRole('button', { name: /What to do with the mail/ });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Another time' }).click();
  await page.getByRole('button', { name: /Tomorrow afternoon/ }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await wait_for('the new time', async () => {
    const moved = await api.get(`/api/v1/messages/${waiting.id}`);
    return moved.local_time.endsWith('T13:00:00');
  });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Cancel this mail' }).click();
  await page.getByRole('button', { name: 'Cancel the mail' }).click();
  await page.getByText('Nothing waits').waitFor();
  await picture(page, 'queue-empty');

  await write(page, demo, 'chen@northwind.example');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  await picture(page, 'undo');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('See you at noon.').waitFor();
  assert.equal(await page.getByLabel('Subject').inputValue(), 'Lunch?');
  assert.equal(await deliveries(demo), before, 'nothing went out so far');

  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Send now' }).click();
  await wait_for('the mail that was sent after all', async () => {
    return (await deliveries(demo)) === before + 1;
  });
  assert.deepEqual(errors, []);
});
