import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../api';

export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/v1/account/senders', { signal })),
  staleTime: 5 * 60_000,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/v1/account/sessions', { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/v1/account/tokens', { signal })),
});

/** The first 200 rules of a kind. */
export const rulesQuery = (kind: Schemas['RecipientRuleKind']) =>
  queryOptions({
    queryKey: ['recipient-rules', kind],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/recipient-rules', { params: { query: { kind, limit: 200 } }, signal }),
      ),
  });
