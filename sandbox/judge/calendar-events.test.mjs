import assert from 'node:assert/strict';
import test from 'node:test';
import { berliner, day, insert, meeting, new_id, starts } from './calendar_stage.mjs';
import * as stage from './stage.mjs';

const { refused } = stage;

test('an event is made, read, changed and deleted', async () => {
  const ada = await berliner('Ada');
  const id = new_id();
  const made = await insert(ada, { id, location: 'Here', transparency: 'transparent' });
  assert.equal(made.id, id);
  assert.equal(made.iCalUID, `${id}@google.com`);
  assert.deepEqual(made.organizer, { email: ada.address, self: true });
  assert.deepEqual(made.creator, { email: ada.address, self: true });
  assert.deepEqual(made.start, {
    dateTime: '2026-12-01T10:00:00+01:00',
    timeZone: 'Europe/Berlin',
  });
  assert.deepEqual(made.reminders, { useDefault: true });
  assert.equal(made.sequence, 0);

  const patched = await ada.events('patch', {
    eventId: id,
    requestBody: { location: null, end: { dateTime: '2026-12-01T12:00:00+01:00' } },
  });
  assert.equal(patched.location, undefined);
  assert.equal(patched.summary, 'Plan');
  assert.equal(patched.sequence, 1);
  assert.notEqual(patched.etag, made.etag);
  const updated = await ada.events('update', {
    eventId: id,
    requestBody: meeting({ summary: 'New' }),
  });
  assert.equal(updated.summary, 'New');
  assert.equal(updated.transparency, undefined);
  const elsewhere = await ada.events('get', { eventId: id, timeZone: 'America/New_York' });
  assert.equal(elsewhere.start.dateTime, '2026-12-01T04:00:00-05:00');

  await ada.events('delete', { eventId: id });
  assert.equal((await ada.events('get', { eventId: id })).status, 'cancelled');
  await refused(ada.events('delete', { eventId: id }), 410, 'deleted');
  await refused(insert(ada, { id }), 409, 'duplicate');
  await refused(ada.events('patch', { eventId: id, requestBody: {} }), 403, 'forbidden');
  await refused(ada.events('get', { eventId: 'nothing' }), 404, 'notFound');
});

test('what makes no event is refused', async () => {
  const ada = await berliner('Ada');
  const id = (await insert(ada, { id: new_id() })).id;
  await refused(insert(ada, { id }), 409, 'duplicate');
  await refused(insert(ada, { id: 'abc' }), 400, 'invalid');
  await refused(insert(ada, { id: 'wxyz-wxyz' }), 400, 'invalid');
  await refused(insert(ada, { end: undefined }), 400, 'required');
  await refused(insert(ada, { start: { dateTime: '2026-12-01T10:00:00' } }), 400, 'required');
  await refused(insert(ada, { start: { dateTime: 'soon' } }), 400, 'invalid');
  await refused(insert(ada, { start: { date: '2026-12-01' } }), 400, 'invalid');
  await refused(insert(ada, day('2026-12-02', '2026-12-01')), 400, 'timeRangeEmpty');
  await refused(
    insert(ada, { end: { dateTime: '2026-12-01T09:00:00+01:00' } }),
    400,
    'timeRangeEmpty',
  );
  await refused(insert(ada, { attendees: [{ displayName: 'Nobody' }] }), 400, 'required');
  await refused(insert(ada, { attendees: [{ email: 'nobody' }] }), 400, 'invalid');
  await refused(insert(ada, { colorId: '12' }), 400, 'invalid');
  await refused(insert(ada, { transparency: 'thick' }), 400, 'invalid');
  await refused(insert(ada, { recurrence: ['RRULE:FREQ=DAILY'] }), 400, 'required');
  await refused(insert(ada, { extendedProperties: { private: { a: 1 } } }), 400, 'invalid');
  await refused(
    insert(ada, { reminders: { useDefault: false, overrides: [{ method: 'pigeon', minutes: 1 }] } }),
    400,
    'invalid',
  );
  await refused(insert(ada, {}, { sendUpdates: 'some' }), 400, 'invalidParameter');
  await refused(insert(ada, {}, { calendarId: 'nobody@nowhere.example' }), 404, 'notFound');
  const sequence = { eventId: id, requestBody: { sequence: 7 } };
  await ada.events('patch', sequence);
  sequence.requestBody.sequence = 6;
  await refused(ada.events('patch', sequence), 400, 'invalid');
});

test('etags guard reading and writing', async () => {
  const ada = await berliner('Ada');
  const { id: eventId, etag } = await insert(ada);
  const with_etag = (name, value = etag) => ({ headers: { [name]: value } });
  const unchanged = await ada.events('get', { eventId }, with_etag('If-None-Match'));
  assert.ok(!unchanged);
  const requestBody = { summary: 'Next' };
  const stale = with_etag('If-Match', '"1"');
  await refused(ada.events('patch', { eventId, requestBody }, stale), 412, 'conditionNotMet');
  await refused(
    ada.events('update', { eventId, requestBody: meeting() }, stale),
    412,
    'conditionNotMet',
  );
  await refused(ada.events('delete', { eventId }, stale), 412, 'conditionNotMet');
  const next = await ada.events('patch', { eventId, requestBody }, with_etag('If-Match'));
  assert.equal((await ada.events('get', { eventId }, with_etag('If-None-Match'))).etag, next.etag);
});

test('properties are kept, cut and found', async () => {
  const ada = await berliner('Ada');
  const booking = `b${new_id()}`;
  const { id, extendedProperties } = await insert(ada, {
    extendedProperties: {
      private: { booking, long: 'x'.repeat(2000), ['k'.repeat(45)]: 'dropped' },
      shared: { team: 'blue' },
    },
    attachments: [{ fileUrl: 'https://example.org/' }],
  });
  assert.equal(extendedProperties.private.long.length, 1024);
  assert.deepEqual(Object.keys(extendedProperties.private).sort(), ['booking', 'long']);
  await insert(ada, { summary: 'Other', description: 'About Whales' });
  const found = async (parameters) =>
    (await ada.events('list', parameters)).items.map((event) => event.id);
  assert.deepEqual(await found({ privateExtendedProperty: `booking=${booking}` }), [id]);
  assert.deepEqual(await found({ privateExtendedProperty: 'booking=other' }), []);
  assert.deepEqual(await found({ sharedExtendedProperty: 'team=blue' }), [id]);
  assert.deepEqual(await found({ iCalUID: `${id}@google.com` }), [id]);
  assert.equal((await found({ q: 'whales about' })).length, 1);
  const merged = await ada.events('patch', {
    eventId: id,
    requestBody: { extendedProperties: { private: { long: null, extra: '1' } } },
  });
  assert.deepEqual(merged.extendedProperties.private, { booking, extra: '1' });
});

test('a series keeps to its clocks; instances can be moved and cancelled', async () => {
  const ada = await berliner('Ada');
  const zoned = (time) => ({ dateTime: `2026-10-18T${time}:00`, timeZone: 'Europe/Berlin' });
  const series = await insert(ada, {
    start: zoned('10:00'),
    end: zoned('11:00'),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20261108T100000'],
  });
  const instances = (more) => ada.events('instances', { eventId: series.id, ...more });
  assert.deepEqual(starts(await instances()), [
    '2026-10-18T10:00:00+02:00',
    '2026-10-25T10:00:00+01:00',
    '2026-11-01T10:00:00+01:00',
  ]);
  const second = `${series.id}_20261025T090000Z`;
  const instance = await ada.events('get', { eventId: second });
  assert.equal(instance.recurringEventId, series.id);
  assert.equal(instance.originalStartTime.dateTime, '2026-10-25T10:00:00+01:00');
  const moved = await ada.events('patch', {
    eventId: second,
    requestBody: {
      start: { dateTime: '2026-10-26T15:00:00+01:00' },
      end: { dateTime: '2026-10-26T16:00:00+01:00' },
    },
  });
  assert.deepEqual(moved.originalStartTime, instance.originalStartTime);
  const third = `${series.id}_20261101T090000Z`;
  await ada.events('delete', { eventId: third });
  assert.deepEqual(starts(await instances()), [
    '2026-10-18T10:00:00+02:00',
    '2026-10-26T15:00:00+01:00',
  ]);
  assert.equal((await instances({ showDeleted: true })).items.length, 3);
  assert.equal((await instances({ originalStart: '2026-10-25T10:00:00+01:00' })).items.length, 1);
  const first_page = await instances({ maxResults: 1 });
  const rest = await instances({ maxResults: 1, pageToken: first_page.nextPageToken });
  assert.equal(rest.items[0].id, second);
  const listed = await ada.events('list', { singleEvents: true, orderBy: 'startTime' });
  assert.deepEqual(starts(listed), ['2026-10-18T10:00:00+02:00', '2026-10-26T15:00:00+01:00']);
  const whole = await ada.events('list');
  assert.deepEqual(
    whole.items.map(({ status, recurringEventId }) => [status, !recurringEventId]),
    [
      ['confirmed', true],
      ['confirmed', false],
      ['cancelled', false],
    ],
  );
  await refused(ada.events('get', { eventId: `${series.id}_20261102T090000Z` }), 404, 'notFound');
  await refused(ada.events('instances', { eventId: 'nothing' }), 404, 'notFound');
  await refused(insert(ada, { start: zoned('10:00'), recurrence: ['RRULE:x'] }), 400, 'invalid');
});

test('lists are paged, ordered, filtered and kept up by sync tokens', async () => {
  const ada = await berliner('Ada');
  const made = [];
  for (const hour of ['12', '10', '11'])
    made.push(
      await insert(ada, {
        start: { dateTime: `2026-12-01T${hour}:00:00Z` },
        end: { dateTime: `2026-12-01T${hour}:30:00Z` },
      }),
    );
  const first = await ada.events('list', { maxResults: 2 });
  assert.equal(first.nextSyncToken, undefined);
  const second = await ada.events('list', { maxResults: 2, pageToken: first.nextPageToken });
  assert.equal(first.items.length + second.items.length, 3);
  const window = { timeMin: '2026-12-01T10:30:00Z', timeMax: '2026-12-01T12:00:00Z' };
  assert.deepEqual(starts(await ada.events('list', window)), ['2026-12-01T12:00:00+01:00']);
  const ordered = await ada.events('list', { singleEvents: true, orderBy: 'startTime' });
  assert.deepEqual(starts(ordered), starts(ordered).sort());
  assert.equal(ordered.nextSyncToken, undefined);

  const syncToken = second.nextSyncToken;
  const nothing = await ada.events('list', { syncToken });
  assert.deepEqual(nothing.items, []);
  await ada.events('delete', { eventId: made[0].id });
  await ada.events('patch', { eventId: made[1].id, requestBody: { summary: 'News' } });
  const news = await ada.events('list', { syncToken: nothing.nextSyncToken });
  assert.deepEqual(
    Object.fromEntries(news.items.map(({ id, status }) => [id, status])),
    { [made[0].id]: 'cancelled', [made[1].id]: 'confirmed' },
  );
  assert.equal((await ada.events('list')).items.length, 2);
  assert.equal((await ada.events('list', { showDeleted: true })).items.length, 3);
  const updated = { updatedMin: '2020-01-01T00:00:00Z', orderBy: 'updated' };
  assert.equal((await ada.events('list', updated)).items.at(-1).summary, 'News');

  for (const more of [
    { q: 'x' },
    { orderBy: 'updated' },
    { timeMin: window.timeMin },
    { updatedMin: window.timeMin },
    { iCalUID: 'x' },
  ])
    await refused(ada.events('list', { syncToken, ...more }), 400, 'badRequest');
  await refused(ada.events('list', { syncToken: 'nonsense' }), 400, 'invalid');
  await refused(ada.events('list', { pageToken: 'nonsense' }), 400, 'invalid');
  await refused(ada.events('list', { timeMin: '2026-12-01T10:00:00' }), 400, 'badRequest');
  await refused(
    ada.events('list', { timeMin: window.timeMax, timeMax: window.timeMin }),
    400,
    'timeRangeEmpty',
  );
  await refused(ada.events('list', { orderBy: 'startTime' }), 400, 'badRequest');
  await refused(ada.events('list', { orderBy: 'size' }), 400, 'invalidParameter');
  await refused(ada.events('list', { maxResults: 'many' }), 400, 'invalidParameter');
  await stage.control('calendar/expire-sync', {});
  await refused(ada.events('list', { syncToken }), 410, 'fullSyncRequired');
});
