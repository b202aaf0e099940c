import { QueryCache, MutationCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { api, ApiError, dataOf } from '../api';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/v1/account', { signal })),
  staleTime: 60_000,
});

/** Whether trying the same again may help: no answer, or the server's own trouble. */
export function mayPass(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export function isSignedOut(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 401;
}

export function createQueryClient(): QueryClient {
  /** A 401 anywhere makes the account ask again; its own 401 then shows the signed-out page. */
  const noticeSignOut = (error: Error, key?: readonly unknown[]) => {
    if (isSignedOut(error) && key?.[0] !== accountQuery.queryKey[0])
      void client.invalidateQueries({ queryKey: accountQuery.queryKey });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => noticeSignOut(error, query.queryKey) }),
    mutationCache: new MutationCache({ onError: (error) => noticeSignOut(error) }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && mayPass(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
