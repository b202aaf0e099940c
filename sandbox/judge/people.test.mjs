import assert from 'node:assert/strict';
import test from 'node:test';
import * as stage from './stage.mjs';

const { encoded, mail, prefix, refused } = stage;
const contacts = `${prefix}contacts`;
const others = `${prefix}contacts.other.readonly`;
const modify = `${prefix}gmail.modify`;
const all = 'names,emailAddresses,phoneNumbers,memberships,metadata';

/** People's client as somebody new. */
async function somebody(scopes = [contacts, others]) {
  const address = await stage.new_user('Ada');
  return { address, ...(await stage.api_of('people', address, scopes)) };
}

const person = (name, address) => ({
  names: [{ givenName: name.split(' ')[0], familyName: name.split(' ')[1] }],
  emailAddresses: [{ value: address, type: 'work' }],
});
const create = (call, name, address = 'x@y.example') =>
  call('people.createContact', { personFields: all, requestBody: person(name, address) });
const list = (call, more = {}) =>
  call('people.connections.list', { resourceName: 'people/me', personFields: all, ...more });
const names_in = (people) => (people ?? []).map((one) => one.names?.[0].displayName);

/** Moves the clock of the sandbox for the time of `work`; sign in again inside, tokens are old by then. */
async function later(seconds, work) {
  await stage.control('clock', { advance_seconds: seconds });
  try {
    await work();
  } finally {
    await stage.control('clock', { advance_seconds: -seconds });
  }
}

test('a contact is created, read, changed and deleted', async () => {
  const { call } = await somebody();
  const made = await create(call, 'Grace Hopper', 'grace@navy.example');
  assert.match(made.resourceName, /^people\/c\d+$/);
  assert.equal(made.names[0].displayName, 'Grace Hopper');
  assert.equal(made.emailAddresses[0].formattedType, 'Work');
  assert.equal(made.metadata.sources[0].type, 'CONTACT');
  const { resourceName } = made;
  const read = await call('people.get', { resourceName, personFields: 'names,metadata' });
  assert.deepEqual(Object.keys(read).sort(), ['etag', 'metadata', 'names', 'resourceName']);
  const changed = await call('people.updateContact', {
    resourceName,
    updatePersonFields: 'phoneNumbers',
    personFields: all,
    requestBody: { ...read, phoneNumbers: [{ value: '+1 202 555 0100', type: 'mobile' }] },
  });
  assert.equal(changed.phoneNumbers[0].canonicalForm, '+12025550100');
  assert.equal(changed.emailAddresses[0].value, 'grace@navy.example');
  assert.notEqual(changed.etag, made.etag);
  await call('people.deleteContact', { resourceName });
  await refused(call('people.get', { resourceName, personFields: 'names' }), 404, 'notFound');
  await refused(call('people.deleteContact', { resourceName }), 404, 'notFound');
});

test('the same contact twice is two contacts, and two names are none', async () => {
  const { call } = await somebody();
  const first = await create(call, 'Same Name');
  const second = await create(call, 'Same Name');
  assert.notEqual(first.resourceName, second.resourceName);
  assert.equal((await list(call)).totalItems, 2);
  const requestBody = { names: [{ givenName: 'A' }, { givenName: 'B' }] };
  await refused(call('people.createContact', { requestBody }), 400, 'badRequest');
  await refused(
    call('people.createContact', { requestBody: { mail: 'x@y.example' } }),
    400,
    'badRequest',
  );
});

test('masks are required, and held to', async () => {
  const { call } = await somebody();
  const { resourceName } = await create(call, 'Ada Lovelace');
  const missing = await refused(call('people.get', { resourceName }), 400, 'badRequest');
  assert.match(missing.message, /^personFields mask is required\./);
  const unknown = await refused(
    call('people.get', { resourceName, personFields: 'names,notes' }),
    400,
    'badRequest',
  );
  assert.match(unknown.message, /^Invalid personFields mask path: "notes"\./);
  await refused(
    call('people.connections.list', { resourceName: 'people/me' }),
    400,
    'badRequest',
  );
  await refused(call('people.searchContacts', { query: 'a' }), 400, 'badRequest');
  await refused(call('otherContacts.list', { readMask: 'organizations' }), 400, 'badRequest');
  await refused(call('otherContacts.search', { query: '', readMask: 'photos' }), 400, 'badRequest');
  await refused(
    call('people.updateContact', { resourceName, requestBody: {} }),
    400,
    'badRequest',
  );
});

test('an update needs the etag that the contact has now', async () => {
  const { call } = await somebody();
  const made = await create(call, 'Ada Lovelace');
  const update = (requestBody) =>
    call('people.updateContact', {
      resourceName: made.resourceName,
      updatePersonFields: 'names',
      requestBody,
    });
  await update(made);
  const stale = await refused(update(made), 400, 'failedPrecondition');
  assert.equal(stale.response.data.error.status, 'FAILED_PRECONDITION');
  await refused(update({ names: made.names }), 400, 'badRequest');
  await refused(
    call('people.updateContact', {
      resourceName: 'people/c1',
      updatePersonFields: 'names',
      requestBody: made,
    }),
    404,
    'notFound',
  );
});

test('pages, orders and sync tokens lead through all connections', async () => {
  const { call } = await somebody();
  const made = [];
  for (const name of ['Cyd Adams', 'Ann Young', 'Bob Miller']) made.push(await create(call, name));
  const first = await list(call, { pageSize: 2, requestSyncToken: true });
  assert.equal(first.totalItems, 3);
  assert.equal(first.nextSyncToken, undefined);
  const second = await list(call, {
    pageSize: 2,
    requestSyncToken: true,
    pageToken: first.nextPageToken,
  });
  assert.deepEqual(names_in(first.connections.concat(second.connections)), [
    'Cyd Adams',
    'Ann Young',
    'Bob Miller',
  ]);
  const sorted = await list(call, { sortOrder: 'LAST_NAME_ASCENDING' });
  assert.deepEqual(names_in(sorted.connections), ['Cyd Adams', 'Bob Miller', 'Ann Young']);

  await call('people.deleteContact', { resourceName: made[1].resourceName });
  await create(call, 'Dan Brown');
  const changed = await list(call, { pageSize: 2, syncToken: second.nextSyncToken });
  assert.deepEqual(
    changed.connections.map((one) => one.metadata.deleted ?? one.names[0].displayName),
    [true, 'Dan Brown'],
  );
  assert.ok(changed.nextSyncToken);
  await refused(list(call, { syncToken: second.nextSyncToken }), 400, 'badRequest');
  await refused(list(call, { pageSize: 1, pageToken: first.nextPageToken }), 400, 'badRequest');
  await refused(list(call, { syncToken: 'nonsense' }), 400, 'badRequest');
  await refused(list(call, { pageSize: 1001 }), 400, 'badRequest');
});

test('a sync token dies after seven days', async () => {
  const { address, call } = await somebody();
  await create(call, 'Ada Lovelace');
  const { nextSyncToken } = await list(call, { requestSyncToken: true });
  await later(7 * 24 * 3600 + 1, async () => {
    const again = await stage.api_of('people', address, [contacts]);
    const error = await refused(
      list(again.call, { syncToken: nextSyncToken }),
      400,
      'failedPrecondition',
    );
    const [detail] = error.response.data.error.details;
    assert.equal(detail['@type'], 'type.googleapis.com/google.rpc.ErrorInfo');
    assert.equal(detail.reason, 'EXPIRED_SYNC_TOKEN');
  });
});

test('a search sees what was there at the last warm-up', async () => {
  const { call } = await somebody();
  await create(call, 'Foo Name', 'box@mail.example');
  const search = async (query) =>
    names_in(
      (await call('people.searchContacts', { query, readMask: 'names' })).results?.map(
        ({ person: found }) => found,
      ),
    );
  assert.deepEqual(await search('foo'), []);
  await search('');
  for (const query of ['f', 'FOO', 'foo n', 'nam', 'box@mail'])
    assert.deepEqual(await search(query), ['Foo Name'], query);
  assert.deepEqual(await search('oo n'), []);
});

test('whom one writes to becomes an other contact, and then a contact', async () => {
  const { address, call } = await somebody();
  const gmail = await stage.gmail_of(address, [modify]);
  const raw = encoded(mail({ from: address, to: 'Linus Example <linus@far.example>' }));
  await gmail.call('users.messages.send', { requestBody: { raw } });
  const found = await call('otherContacts.list', { readMask: 'names,emailAddresses,metadata' });
  assert.equal(found.totalSize, 1);
  assert.equal(found.otherContacts[0].emailAddresses[0].value, 'linus@far.example');
  await call('otherContacts.search', { query: '', readMask: 'names' });
  const { results } = await call('otherContacts.search', { query: 'lin', readMask: 'names' });
  assert.deepEqual(names_in(results.map((one) => one.person)), ['Linus Example']);

  const { resourceName } = found.otherContacts[0];
  const copy = (requestBody) =>
    call('otherContacts.copyOtherContactToMyContactsGroup', { resourceName, requestBody });
  const copied = await copy({ copyMask: 'names,emailAddresses' });
  assert.match(copied.resourceName, /^people\/c/);
  assert.equal((await list(call)).totalItems, 1);
  await refused(copy({}), 400, 'badRequest');
  await refused(copy({ copyMask: 'birthdays' }), 400, 'badRequest');
});

test('each list has its scope', async () => {
  const mine = await somebody([contacts]);
  await refused(
    mine.call('otherContacts.list', { readMask: 'names' }),
    403,
    'insufficientPermissions',
  );
  const theirs = await somebody([others]);
  await refused(list(theirs.call), 403, 'insufficientPermissions');
  await refused(create(theirs.call, 'Ada Lovelace'), 403, 'insufficientPermissions');
  const { address, call } = await somebody(['email', 'profile']);
  const me = await call('people.get', {
    resourceName: 'people/me',
    personFields: 'names,emailAddresses,metadata',
  });
  assert.equal(me.emailAddresses[0].value, address);
});
