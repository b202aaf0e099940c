import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../api';
import { inTurn } from './in_turn';

type Message = Schemas['Message'];

const PAGE = 25;
const EVENTS_PAGE = 200;
/** How often a mail on its way is looked at: its states do not travel over the feed. */
const MOVING_MS = 2_000;
/** Mail that goes out this soon is looked at as often. */
const SOON_MS = 90_000;
const MOVING = new Set<Message['state']>(['undo', 'sending', 'unknown']);

const isMoving = (message: Message) =>
  MOVING.has(message.state) ||
  (message.state === 'scheduled' &&
    Date.parse(message.send_at ?? message.created_at) - Date.now() < SOON_MS);

export const messageListQuery = infiniteQueryOptions({
  queryKey: ['messages', 'list'],
  queryFn: ({ pageParam, signal }) =>
    dataOf(
      api.GET('/api/v1/messages', {
        params: { query: { limit: PAGE, ...(pageParam && { after: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some(isMoving)) ? MOVING_MS : false,
});

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['messages', 'one', id],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/messages/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? MOVING_MS : false),
  });

export const eventsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['messages', 'one', id, 'events'],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET('/api/v1/messages/{id}/events', {
          params: {
            path: { id },
            query: { limit: EVENTS_PAGE, ...(pageParam && { after: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

const askGmail = inTurn(3);

/** Asked of Gmail when it is shown; kept in this page's memory for some minutes, and nowhere else. */
export const subjectQuery = (id: string) =>
  queryOptions({
    queryKey: ['subject', id],
    queryFn: ({ signal }) =>
      askGmail(() =>
        dataOf(api.GET('/api/v1/messages/{id}/subject', { params: { path: { id } }, signal })),
      ),
    staleTime: 5 * 60_000,
    gcTime: 5 * 60_000,
    retry: false,
  });
