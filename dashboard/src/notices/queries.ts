import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api';

/** As many as are told at once. */
export const MOST = 100;

/** What went wrong and still does. New ones come over the feed. */
export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) =>
    dataOf(api.GET('/api/v1/notices', { params: { query: { limit: MOST } }, signal })),
  refetchOnWindowFocus: true,
  staleTime: 30_000,
});
