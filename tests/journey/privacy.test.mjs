// A recipient's own rights against the real program: object by one button, without scripts, for mail that is out already;
// prove the mailbox by a mailed link, see what is stored, take it along and erase it. Leaves pictures in build/pictures.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { open_browser } from '../harness/browser.mjs';
import { Api, Sandbox, wait_for } from '../harness/clients.mjs';
import { root, start_demo } from '../harness/program.mjs';

const kTokens = 1000;
const kAtOnce = 40;

const pictures = join(root, 'build/pictures');
mkdirSync(pictures, { recursive: true });
const picture = (page, name) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

/** Does `task` with each of `items`, a few at a time, and returns what it gave, in order. */
async function with_each(items, task) {
  const results = [];
  for (let at = 0; at < items.length; at += kAtOnce)
    results.push(...(await Promise.all(items.slice(at, at + kAtOnce).map(task))));
  return results;
}

async function stored(demo) {
  const text = await (await fetch(`${demo.app}/metrics`)).text();
  const lines = text.matchAll(/^inboxpro_events_stored_total\{kind="(?:open|click)"\} (\S+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Status, telling header fields and body of an answer, as one text. */
async function bytes_of(url) {
  const answer = await fetch(url, { redirect: 'manual' });
  const fields = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  const body = Buffer.from(await answer.arrayBuffer()).toString('base64');
  return JSON.stringify([answer.status, fields, body]);
}

/** Pixel and link of a mail that the extension reported as sent. */
async function sent_from_gmail(api, recipient, n) {
  const made = await api.post('/api/v1/tracking', {
    recipients: [recipient],
    links: [`https://example.org/${n}`],
    track: { opens: true, clicks: true },
  });
  assert.equal(made.not_tracked_because, undefined);
  const ids = { gmail_message_id: `m${n}`, gmail_thread_id: `t${n}` };
  await api.post(`/api/v1/tracking/${made.message_id}/sent`, ids);
  return { ...made, urls: [made.pixel, made.links[0].url] };
}

const folded = (raw) => Buffer.from(raw, 'base64url').toString('latin1').replaceAll('\r\n ', '');

test(
  'an objection silences a thousand tokens of mail that is out',
  { timeout: 300_000 },
  async (context) => {
    const demo = await start_demo(context);
    const api = new Api(demo);
    const numbers = Array.from({ length: kTokens / 2 }, (_, n) => n);
    const mails = await with_each(numbers, (n) => sent_from_gmail(api, 'quiet@example.org', n));
    const other = await sent_from_gmail(api, 'open@example.org', 'other');
    const urls = mails.flatMap((mail) => mail.urls);

    const start = await stored(demo);
    const before = await with_each(urls, bytes_of);
    await wait_for('a row for each', async () => (await stored(demo)) === start + kTokens);

    const answer = await fetch(mails[0].privacy, { method: 'POST', redirect: 'manual' });
    assert.equal(answer.status, 303);
    assert.deepEqual(
      await with_each(urls, bytes_of),
      before,
      'the answers are the same in every byte',
    );
    const shown = await api.get(`/api/v1/messages/${mails[7].message_id}`);
    assert.deepEqual(shown.tracking, {
      opens: false,
      clicks: false,
      not_tracked_because: 'opted_out',
    });
    await bytes_of(other.pixel);
    await wait_for('the other one', async () => (await stored(demo)) === start + kTokens + 1);
    await sleep(500);
    assert.equal(await stored(demo), start + kTokens + 1, 'nothing was written of who objects');
    const events = await with_each(mails, (mail) =>
      api.get(`/api/v1/messages/${mail.message_id}/events`),
    );
    assert.equal(events.flatMap(({ items }) => items).length, kTokens);

    await demo.kill();
    await demo.start();
    const restarted = await stored(demo);
    await with_each(urls.slice(0, 100), bytes_of);
    await bytes_of(other.pixel);
    await wait_for('the other one again', async () => (await stored(demo)) > restarted);
    await sleep(500);
    assert.equal(await stored(demo), restarted + 1, 'a start forgets no objection');
  },
);

test(
  'a recipient objects, looks, takes along and erases, without scripts',
  { timeout: 180_000 },
  async (context) => {
    const demo = await start_demo(context);
    const [api, sandbox] = [new Api(demo), new Sandbox(demo)];
    const { page } = await open_browser(context, { javaScriptEnabled: false });
    const complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });

    const to = 'gina@northwind.example';
    await sandbox.add_user(to, 'Gina Moretti');
    const html = '<p>Our <a href="https://example.org/offer">offer</a></p>';
    const { id } = await api.post('/api/v1/messages', { to: [to], subject: 'Offer', html });
    const [mail] = await sandbox.delivered({ to });
    const raw = folded(mail.raw);
    const way = raw.match(/^X-InboxPro-Privacy: (\S+)/m)[1];
    assert.ok(way.startsWith(`${demo.tracking}/privacy/`));
    const text = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    await fetch(text.match(/src="([^"]+\/o\/[^"]+)"/)[1]);
    const events = async () => (await api.get(`/api/v1/messages/${id}/events`)).items.length;
    await wait_for('the open', async () => (await events()) === 1);

    await page.goto(way);
    await page.getByRole('heading', { name: 'This mail is tracked' }).waitFor();
    await picture(page, 'privacy-object');
    await page.getByRole('button', { name: 'Mail me the link' }).click();
    await page.getByText('a link is on its way').waitFor();
    const [, letter] = await sandbox.delivered({ to }, 2);
    const link = folded(letter.raw)
      .replaceAll('=\r\n', '')
      .match(/http\S+\/privacy\/\S+/)[0];

    await page.goto(link);
    await page.getByRole('heading', { name: 'What is stored about you' }).waitFor();
    await picture(page, 'privacy-file');
    const file = await (await fetch(`${link}/export`)).json();
    assert.equal(file.address, to);
    assert.equal(file.mails.flatMap((filed) => filed.events).length, 1);

    await page.goto(way);
    await page.getByRole('button', { name: 'Do not track me' }).click();
    await page.getByRole('heading', { name: 'You are not tracked' }).waitFor();
    await picture(page, 'privacy-objected');
    const next = await api.post('/api/v1/messages', { to: [to], subject: 'Once more', html });
    assert.equal(next.tracking.not_tracked_because, 'opted_out');

    await page.goto(link);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Everything about you was erased').waitFor();
    await picture(page, 'privacy-erased');
    assert.equal(await events(), 0);
    const [recipient] = (await api.get(`/api/v1/messages/${id}`)).recipients;
    assert.deepEqual([recipient.address, recipient.erased], ['', true]);
    assert.deepEqual(complaints, []);
  },
);
