// Asks for pixels of who objected and of others in turn, and prints the medians of both and their difference.
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { Api } from '../../tests/harness/clients.mjs';

const [file, requests] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(file, 'utf8').split('\n')[0]);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const kMails = 100;
const api = new Api(demo);

async function sent_to(recipient) {
  const made = await api.post('/api/v1/tracking', {
    recipients: [recipient],
    links: ['https://example.org/'],
    track: { opens: true, clicks: true },
  });
  await api.post(`/api/v1/tracking/${made.message_id}/sent`, { gmail_message_id: 'm', gmail_thread_id: 't' });
  return made;
}

/** Milliseconds from the request to the end of its answer. */
function time_of(url) {
  return new Promise((done, fail) => {
    const since = performance.now();
    get(url, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () => done(performance.now() - since));
    }).on('error', fail);
  });
}

async function stored() {
  const text = await (await fetch(`${demo.app}/metrics`)).text();
  return [...text.matchAll(/^inboxpro_events_stored_total\{\S+ (\S+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const mails = { objecting: [], others: [] };
for (let n = 0; n < kMails; n++) {
  mails.objecting.push(await sent_to('quiet@example.org'));
  mails.others.push(await sent_to('open@example.org'));
}
const answer = await fetch(mails.objecting[0].privacy, { method: 'POST', redirect: 'manual' });
if (answer.status !== 303) throw new Error(`the objection: ${answer.status}`);

for (const [what, url_of] of [
  ['pixel', (mail) => mail.pixel],
  ['link', (mail) => mail.links[0].url],
]) {
  const times = { objecting: [], others: [] };
  const before = await stored();
  for (let n = 0; n < Number(requests); n++)
    for (const who of n % 2 ? ['objecting', 'others'] : ['others', 'objecting'])
      times[who].push(await time_of(url_of(mails[who][n % kMails])));
  await new Promise((done) => setTimeout(done, 1000));
  const rows = (await stored()) - before;
  const [quiet, open] = [median(times.objecting), median(times.others)];
  console.log(
    `${what}: objecting median ${quiet.toFixed(3)} ms, others median ${open.toFixed(3)} ms, ` +
      `rows ${rows} of ${requests} others and 0 of ${requests} objecting expected`,
  );
  console.log(`opt_out_${what} difference_ms=${Math.abs(quiet - open).toFixed(3)}`);
}
agent.destroy();
