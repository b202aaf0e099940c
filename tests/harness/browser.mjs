// A real browser for journeys: Debian's Chromium, driven by playwright-core, that speaks to nobody but the pages.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { at_end } from './at_end.mjs';
import { temporary_folder } from './program.mjs';

const kQuiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a profile of its own; closed when the test ends. Errors that a page throws fail the test's `errors`. */
export async function open_browser(context, options = {}) {
  const profile = join(temporary_folder(context), 'profile');
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: kQuiet,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  at_end(context, () => browser.close());
  const errors = [];
  browser.on('weberror', (error) => errors.push(String(error.error())));
  return { browser, errors, page: browser.pages()[0] ?? (await browser.newPage()) };
}
