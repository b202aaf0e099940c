import * as stage from './stage.mjs';

const full = [`${stage.prefix}calendar`];

/** Calendar as a new user in Berlin: `call` with calendarId "primary" unless given. */
export async function berliner(name, scopes = full) {
  const address = await stage.new_user(name, [], { time_zone: 'Europe/Berlin' });
  const { call } = await stage.api_of('calendar', address, scopes);
  const events = (method, parameters = {}, options = {}) =>
    call(`events.${method}`, { calendarId: 'primary', ...parameters }, options);
  return { address, call, events };
}

let made = 0;
export const new_id = () => `judge${(made += 1)}`;
export const meeting = (more = {}) => ({
  summary: 'Plan',
  start: { dateTime: '2026-12-01T10:00:00+01:00' },
  end: { dateTime: '2026-12-01T11:00:00+01:00' },
  ...more,
});
export const day = (date, next) => ({ start: { date }, end: { date: next } });
export const insert = ({ events }, more, parameters = {}) =>
  events('insert', { requestBody: meeting(more), ...parameters });
export const starts = ({ items }) => items.map(({ start }) => start.dateTime ?? start.date);
