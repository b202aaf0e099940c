// The main job on real mail: every mail of the collection, and of our own smaller one, goes as a tracked mail to two
// people. What reaches them has its links tracked and is otherwise what was written; pixel and links work; every open
// and click is recorded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open_browser } from '../harness/browser.mjs';
import { Api, Sandbox, wait_for } from '../harness/clients.mjs';
import { collected_mail, mail_is_absent, own_mail } from '../harness/mail.mjs';
import { addressed, parts_of, text_of } from '../harness/mime_parts.mjs';
import { start_demo } from '../harness/program.mjs';
import {
  same_target,
  tracked_in,
  unexpected_difference,
  with_crlf,
} from '../harness/tracked_html.mjs';

const kBrowser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const kSideBySide = 4;
const kReadInBrowser = 20;

/** Two people to whom the n-th mail goes: addresses of their own, so that its copies are known. */
const readers_of = (n) => [`bruno+m${n}@northwind.example`, `chen+m${n}@northwind.example`];

/** Runs `work` over all items, a few side by side; answers in the items' order. */
async function side_by_side(items, work) {
  const answers = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) answers[n] = await work(items[n], n);
  };
  await Promise.all(Array.from({ length: kSideBySide }, worker));
  return answers;
}

const is_live_html = (part) => part.type === 'text/html' && !part.attachment;

/** Links that may stay as they are: no host, a user name, or a backslash, which browsers take for a slash. */
const may_be_left = (url) => /^https?:\/*($|[?#])/i.test(url) || /\\|^[^/]*\/\/[^/?#]*@/.test(url);

/** Links that must be tracked: not those that show their own address either. */
const must_be_tracked = ({ links, links_text_is_url = [] }) =>
  links.filter((url, n) => !links_text_is_url.includes(n) && !may_be_left(url));

/** The request that sends a mail, and what of it will stand in the copies. */
async function letter_of(mail, n, from) {
  const to = readers_of(n);
  if (mail.kind === 'html')
    return {
      to,
      body: { to, subject: `Journey ${n}`, html: mail.text() },
      html: [mail.text()],
      live: [mail],
    };
  const raw = addressed(mail.read(), from, to);
  const parts = await parts_of(raw);
  const live = (mail.html_parts ?? []).filter((part) => !part.in_attached_message);
  return { to, body: { raw: raw.toString('base64url') }, parts, live };
}

/** Compares a delivered copy with what was sent. @returns its tracked links and pixels */
async function check_copy(mail, letter, copy, origin) {
  const parts = await parts_of(Buffer.from(copy.raw, 'base64url'));
  const html = parts.filter(is_live_html);
  const sent_html = letter.html ?? letter.parts.filter(is_live_html).map(text_of);
  assert.equal(html.length, sent_html.length, 'HTML parts');
  const all = { links: [], pixels: [] };
  for (const [n, part] of html.entries()) {
    const [before, after] = [with_crlf(sent_html[n]), with_crlf(text_of(part))];
    assert.equal(unexpected_difference(before, after, origin), undefined);
    const { links, pixels } = tracked_in(after, origin);
    all.links.push(...links);
    all.pixels.push(...pixels);
  }
  const others = (list) => list.filter((part) => !is_live_html(part));
  const as_text = (part) => `${part.type}\n${with_crlf(part.body.toString('latin1'))}`;
  if (letter.parts) assert.deepEqual(others(parts).map(as_text), others(letter.parts).map(as_text));
  return all;
}

/** Fetches pixel and links as a recipient's browser does. @returns where the links lead */
async function read_and_click({ links, pixels }) {
  const headers = { 'User-Agent': kBrowser };
  for (const url of pixels) {
    const answer = await fetch(url, { headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/gif');
    assert.equal((await answer.arrayBuffer()).byteLength, 43);
  }
  const targets = [];
  for (const url of links) {
    const answer = await fetch(url, { headers, redirect: 'manual' });
    assert.equal(answer.status, 302);
    targets.push(answer.headers.get('location'));
  }
  return targets;
}

/** One mail from sending to the recorded events. @returns what was counted on the way */
async function journey_of({ api, sandbox, demo }, mail, n) {
  const letter = await letter_of(mail, n, demo.account);
  const { id, tracking } = await api.post('/api/v1/messages', letter.body);
  const [first] = await sandbox.delivered({ to: letter.to[0] });
  const [second] = await sandbox.delivered({ to: letter.to[1] });
  const seen = await check_copy(mail, letter, first, demo.tracking);
  assert.deepEqual(await check_copy(mail, letter, second, demo.tracking), seen);

  const expected = letter.live.flatMap(must_be_tracked);
  const secret = (mail.features ?? []).includes('do-not-rewrite:signed-or-encrypted');
  const untracked = secret || letter.live.length === 0;
  assert.equal(seen.pixels.length, untracked ? 0 : 1, 'pixels');
  if (untracked) assert.ok(tracking.not_tracked_because, 'says why it is not tracked');
  if (secret) assert.equal(seen.links.length, 0);

  const targets = await read_and_click(seen);
  if (!secret) assert.deepEqual(targets.map(same_target), expected.map(same_target));
  const wanted = seen.pixels.length + seen.links.length;
  const events = await wait_for('the events', async () => {
    const all = await api.all(`/api/v1/messages/${id}/events?limit=500`);
    return all.length >= wanted && all;
  });
  assert.equal(events.length, wanted);
  assert.deepEqual(
    events
      .filter(({ kind }) => kind === 'click')
      .map(({ link }) => link)
      .sort((a, b) => a - b),
    seen.links.map((_, link) => link),
  );
  return { id, wanted, links: seen.links.length, pixels: seen.pixels.length };
}

async function run_journeys(context, mails) {
  const demo = await start_demo(context);
  const world = { demo, api: new Api(demo), sandbox: new Sandbox(demo) };
  const counted = await side_by_side(mails, async (mail, n) => {
    try {
      return await journey_of(world, mail, n);
    } catch (error) {
      error.message = `${mail.file}: ${error.message}`;
      return { error };
    }
  });
  const failures = counted.filter(({ error }) => error).map(({ error }) => error);
  const sum = (name) => counted.reduce((all, one) => all + (one[name] ?? 0), 0);
  context.diagnostic(
    `${mails.length} mails to 2 people each, ${sum('links')} links and ${sum('pixels')} pixels followed, ` +
      `${sum('wanted')} events, ${failures.length} failures`,
  );
  assert.deepEqual(
    failures.map(({ message }) => message),
    [],
  );
  return world;
}

/** Reads mails in the sandbox's webmail as their recipient does, and follows the first link of each. */
async function read_in_browser(context, { demo, api }, count) {
  const { browser } = await open_browser(context);
  await browser.route(
    (url) => ![demo.app, demo.tracking, demo.sandbox].includes(url.origin),
    (route) => route.fulfill({ status: 200, contentType: 'text/html', body: 'elsewhere' }),
  );
  const page = await browser.newPage();
  await page.goto(`${demo.sandbox}/mail/bruno@northwind.example`);
  const addresses = (
    await page.locator('a').evaluateAll((links) => links.map(({ href }) => href))
  ).filter((href) => /\/mail\/[^/]+\/[0-9a-f]{16}$/.test(href));
  let read = 0;
  for (const address of addresses) {
    if (read === count) break;
    const loads = [];
    const listen = (request) =>
      request.url().startsWith(`${demo.tracking}/o/`) && loads.push(request);
    page.on('request', listen);
    await page.goto(address, { waitUntil: 'networkidle' });
    page.off('request', listen);
    if (loads.length === 0) continue;
    assert.equal(loads.length, 1, `${address} loads one pixel`);
    assert.equal((await loads[0].response()).status(), 200);
    read += 1;
    const link = page
      .frameLocator('iframe')
      .locator(`a[href^="${demo.tracking}/c/"]:visible`)
      .first();
    if ((await link.count()) === 0) continue;
    const opened = browser.waitForEvent('page');
    await link.click();
    const elsewhere = await opened;
    await elsewhere.waitForLoadState();
    assert.notEqual(new URL(elsewhere.url()).origin, demo.tracking);
    await elsewhere.close();
  }
  context.diagnostic(`${read} mails read in Chromium`);
  return { read, api };
}

test('our own mails arrive tracked, and only that', async (context) => {
  const world = await run_journeys(
    context,
    own_mail().filter((mail) => mail.kind === 'eml' || mail.text() !== ''),
  );
  const { read } = await read_in_browser(context, world, 3);
  assert.ok(read >= 3);
});

test(
  'every mail of the collection arrives tracked, and only that',
  { skip: mail_is_absent, timeout: 900_000 },
  async (context) => {
    const world = await run_journeys(context, [
      ...collected_mail('html'),
      ...collected_mail('eml'),
    ]);
    const { read } = await read_in_browser(context, world, kReadInBrowser);
    assert.equal(read, kReadInBrowser);
  },
);
