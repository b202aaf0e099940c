import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api';

const PAGE = 50;
const SOON_MS = 2_000;
const QUIET_MS = 20_000;
const SOON = 60_000;

/** Mail on its way, the first to go out first. */
export const queueQuery = infiniteQueryOptions({
  queryKey: ['messages', 'queue'],
  queryFn: ({ pageParam, signal }) =>
    dataOf(
      api.GET('/api/v1/messages', {
        params: { query: { waiting: 'true', limit: PAGE, ...(pageParam && { after: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
  refetchInterval: ({ state }) => {
    const first = state.data?.pages[0]?.items.find((one) => one.state !== 'needs_user');
    const soon = first?.send_at !== undefined && Date.parse(first.send_at) - Date.now() < SOON;
    return soon ? SOON_MS : QUIET_MS;
  },
});
