import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import test, { after } from 'node:test';
import { berliner, day, insert, meeting, new_id } from './calendar_stage.mjs';
import * as stage from './stage.mjs';

const { prefix, refused } = stage;

test('freeBusy tells what is taken, and errors inside its answer', async () => {
  const [ada, grace] = [await berliner('Ada'), await berliner('Grace')];
  await insert(ada);
  await insert(ada, { end: { dateTime: '2026-12-01T12:00:00+01:00' } });
  await insert(ada, { ...day('2026-12-03', '2026-12-04'), transparency: 'transparent' });
  await insert(ada, day('2026-12-04', '2026-12-05'));
  const gone = await insert(ada, day('2026-12-06', '2026-12-07'));
  await ada.events('delete', { eventId: gone.id });
  const ask = (who, items, more = {}) =>
    who.call('freebusy.query', {
      requestBody: {
        timeMin: '2026-12-01T00:00:00Z',
        timeMax: '2026-12-31T00:00:00Z',
        items: items.map((id) => ({ id })),
        ...more,
      },
    });
  const busy = [
    { start: '2026-12-01T09:00:00Z', end: '2026-12-01T11:00:00Z' },
    { start: '2026-12-03T23:00:00Z', end: '2026-12-04T23:00:00Z' },
  ];
  assert.deepEqual((await ask(ada, ['primary'])).calendars.primary, { busy });
  const unshared = (await ask(grace, [ada.address])).calendars[ada.address];
  assert.equal(unshared.errors[0].reason, 'notFound');
  const access = [{ address: grace.address, role: 'freeBusyReader' }];
  await stage.control('calendars', { owner: ada.address, id: ada.address, access });
  assert.deepEqual((await ask(grace, [ada.address])).calendars[ada.address], { busy });
  const local = await ask(ada, ['primary'], { timeZone: 'Asia/Kolkata' });
  assert.equal(local.calendars.primary.busy[0].start, '2026-12-01T14:30:00+05:30');
  const many = await ask(ada, ['primary', grace.address], { calendarExpansionMax: 1 });
  assert.equal(many.calendars[grace.address].errors[0].reason, 'tooManyCalendarsRequested');
  const seen = await grace.events('list', { calendarId: ada.address });
  assert.ok(seen.items.length > 0 && seen.items.every((event) => event.summary === undefined));
  assert.equal(seen.accessRole, 'freeBusyReader');
  await refused(
    grace.events('insert', { calendarId: ada.address, requestBody: meeting() }),
    403,
    'requiredAccessLevel',
  );
  const until = (timeMax) => ask(ada, ['primary'], { timeMax });
  await until('2027-02-28T00:00:00Z');
  await refused(until('2027-03-15T00:00:00Z'), 400, 'timeRangeTooLong');
  await refused(until('2026-12-01T00:00:00Z'), 400, 'timeRangeEmpty');
  await refused(until('later'), 400, 'badRequest');
  await refused(until(undefined), 400, 'required');
});

test('guests have the event too, answer it, and get mail', async () => {
  const [ada, grace] = [await berliner('Ada'), await berliner('Grace')];
  const id = new_id();
  const outside = `max.${id}@elsewhere.example`;
  const attendees = [{ email: grace.address }, { email: outside, optional: true }];
  await insert(ada, { id, attendees }, { sendUpdates: 'externalOnly' });
  const mails = async (to) => (await stage.control(`deliveries?to=${to}`)).items;
  assert.equal((await mails(outside)).length, 1);
  assert.equal((await mails(grace.address)).length, 0);
  const copy = await grace.events('get', { eventId: id });
  assert.equal(copy.organizer.self, undefined);
  assert.deepEqual(copy.attendees[0], {
    email: grace.address,
    responseStatus: 'needsAction',
    self: true,
  });
  const few = await grace.events('get', { eventId: id, maxAttendees: 1 });
  assert.ok(few.attendeesOmitted && few.attendees.length === 1);
  const accepted = [{ email: grace.address, responseStatus: 'accepted' }, copy.attendees[1]];
  await grace.events('patch', {
    eventId: id,
    sendUpdates: 'all',
    requestBody: { attendees: accepted },
  });
  const seen = await ada.events('get', { eventId: id });
  assert.equal(seen.attendees[0].responseStatus, 'accepted');
  assert.match(Buffer.from((await mails(ada.address))[0].raw, 'base64url').toString(), /Accepted/);
  await refused(
    grace.events('patch', { eventId: id, requestBody: { summary: 'Mine' } }),
    403,
    'forbiddenForNonOrganizer',
  );
  await ada.events('patch', { eventId: id, sendUpdates: 'all', requestBody: { summary: 'Ours' } });
  assert.equal((await grace.events('get', { eventId: id })).summary, 'Ours');
  assert.equal((await mails(grace.address)).length, 1);
  await ada.events('delete', { eventId: id, sendUpdates: 'all' });
  assert.equal((await grace.events('get', { eventId: id })).status, 'cancelled');
  assert.equal((await mails(grace.address)).length, 2);
  assert.equal((await mails(outside)).length, 3);
});

test('a Meet is made when asked for in the right version, and later', async () => {
  const ada = await berliner('Ada');
  const conferenceData = (requestId) => ({
    createRequest: { requestId, conferenceSolutionKey: { type: 'hangoutsMeet' } },
  });
  const ignored = await insert(ada, { conferenceData: conferenceData('a') });
  assert.equal(ignored.conferenceData, undefined);
  const version = { conferenceDataVersion: 1 };
  const made = await insert(ada, { conferenceData: conferenceData('a') }, version);
  assert.equal(made.conferenceData.createRequest.status.statusCode, 'pending');
  assert.equal(made.hangoutLink, undefined);
  const ready = await ada.events('get', { eventId: made.id });
  assert.equal(ready.conferenceData.createRequest.status.statusCode, 'success');
  assert.match(ready.hangoutLink, /^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
  const patch = (data) =>
    ada.events('patch', { eventId: made.id, ...version, requestBody: { conferenceData: data } });
  assert.equal((await patch(conferenceData('a'))).hangoutLink, ready.hangoutLink);
  assert.equal((await patch(conferenceData('b'))).hangoutLink, undefined);
  const kept = await ada.events('get', { eventId: made.id });
  assert.notEqual(kept.hangoutLink, ready.hangoutLink);
  assert.equal((await patch(null)).conferenceData, undefined);
  await refused(patch({ createRequest: {} }), 400, 'invalid');
  await refused(
    ada.events('insert', { conferenceDataVersion: 2, requestBody: meeting() }),
    400,
    'invalidParameter',
  );
});

test('calendars and settings', async () => {
  const [ada, grace] = [await berliner('Ada'), await berliner('Grace')];
  const team = `team+${new_id()}@group.calendar.google.com`;
  const access = [{ address: grace.address, role: 'writer' }];
  const calendar = { owner: ada.address, id: team, summary: 'Team', time_zone: 'Asia/Tokyo' };
  await stage.control('calendars', { ...calendar, access });
  const own = await ada.call('calendarList.list');
  assert.ok(own.nextSyncToken);
  assert.deepEqual(
    own.items.map(({ id, primary, accessRole }) => [id, primary, accessRole]),
    [
      [ada.address, true, 'owner'],
      [team, undefined, 'owner'],
    ],
  );
  assert.deepEqual(own.items[0].conferenceProperties, {
    allowedConferenceSolutionTypes: ['hangoutsMeet'],
  });
  const page = await ada.call('calendarList.list', { maxResults: 1 });
  const { pageToken } = { pageToken: page.nextPageToken };
  assert.equal((await ada.call('calendarList.list', { maxResults: 1, pageToken })).items[0].id, team);
  const entry = await grace.call('calendarList.get', { calendarId: team });
  assert.deepEqual([entry.accessRole, entry.timeZone], ['writer', 'Asia/Tokyo']);
  const owned = await grace.call('calendarList.list', { minAccessRole: 'owner' });
  assert.equal(owned.items.length, 1);
  const { syncToken } = { syncToken: own.nextSyncToken };
  assert.deepEqual((await ada.call('calendarList.list', { syncToken })).items, []);
  await stage.control('calendars', { ...calendar, summary: 'Crew' });
  assert.equal((await ada.call('calendarList.list', { syncToken })).items[0].summary, 'Crew');
  await refused(grace.call('calendarList.get', { calendarId: ada.address }), 404, 'notFound');

  const event = await grace.events('insert', { calendarId: team, requestBody: meeting() });
  assert.equal(event.organizer.email, team);
  assert.equal(event.creator.email, grace.address);
  assert.equal(event.start.dateTime, '2026-12-01T18:00:00+09:00');
  assert.equal((await ada.events('list', { calendarId: team })).items.length, 1);

  const zone = await ada.call('settings.get', { setting: 'timezone' });
  assert.deepEqual([zone.kind, zone.value], ['calendar#setting', 'Europe/Berlin']);
  const settings = await ada.call('settings.list');
  assert.ok(settings.items.some(({ id }) => id === 'timezone'));
  await refused(ada.call('settings.get', { setting: 'shoeSize' }), 404, 'notFound');
});

test('scopes open what they say', async () => {
  const reader = await berliner('Ada', [`${prefix}calendar.events.readonly`]);
  await reader.events('list');
  await refused(insert(reader), 403, 'insufficientPermissions');
  await refused(
    reader.call('freebusy.query', { requestBody: {} }),
    403,
    'insufficientPermissions',
  );
});

/** A little server that keeps the heads of what is posted to it. */
async function listener() {
  const notices = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      notices.push({ method: request.method, body, headers: request.headers });
      response.end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  const wait_for = async (count) => {
    for (let tries = 0; notices.length < count && tries < 200; tries += 1)
      await new Promise((done) => setTimeout(done, 25));
    return notices;
  };
  return { address: `http://127.0.0.1:${server.address().port}/notices`, wait_for };
}

test('a watched calendar tells of its changes until it is stopped', async () => {
  const ada = await berliner('Ada');
  const { address, wait_for } = await listener();
  const channel = { id: randomUUID(), type: 'web_hook', address, token: 'secret' };
  const watch = (more) => ada.events('watch', { requestBody: { ...channel, ...more } });
  const opened = await watch({ params: { ttl: '3600' } });
  assert.equal(opened.kind, 'api#channel');
  assert.ok(Number(opened.expiration) < Date.now() + 3_700_000);
  await refused(watch(), 400, 'channelIdNotUnique');
  await refused(watch({ id: 'other', address: 'http://example.org/' }), 400, 'push.webhookUrlNotHttps');
  await refused(watch({ id: undefined }), 400, 'required');
  await refused(watch({ id: 'other', type: 'pigeon' }), 400, 'invalid');

  await insert(ada);
  const [sync, exists] = await wait_for(2);
  for (const notice of [sync, exists]) {
    assert.equal(notice.method, 'POST');
    assert.equal(notice.body, '');
    assert.equal(notice.headers['x-goog-channel-id'], channel.id);
    assert.equal(notice.headers['x-goog-channel-token'], 'secret');
    assert.equal(notice.headers['x-goog-resource-id'], opened.resourceId);
    assert.equal(notice.headers['x-goog-resource-uri'], opened.resourceUri);
    assert.ok(Date.parse(notice.headers['x-goog-channel-expiration']) > Date.now());
  }
  assert.equal(sync.headers['x-goog-resource-state'], 'sync');
  assert.equal(sync.headers['x-goog-message-number'], '1');
  assert.equal(exists.headers['x-goog-resource-state'], 'exists');

  const second = await watch({ id: `${channel.id}-2` });
  assert.equal(second.resourceId, opened.resourceId);
  const stop = (id) =>
    ada.call('channels.stop', { requestBody: { id, resourceId: opened.resourceId } });
  await stop(channel.id);
  await refused(stop(channel.id), 404, 'notFound');
  await insert(ada);
  const all = await wait_for(4);
  assert.deepEqual(
    all.slice(2).map(({ headers }) => headers['x-goog-channel-id']),
    [`${channel.id}-2`, `${channel.id}-2`],
  );
  await refused(ada.call('channels.stop', { requestBody: {} }), 400, 'required');
});
