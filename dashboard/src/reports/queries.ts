import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api';
import { ZONE } from '../parts/times';
import type { Grouping } from './search';
import { instantsOf, type Span } from './span';

export const summaryQuery = (span: Span, by: Grouping) =>
  queryOptions({
    queryKey: ['reports', 'summary', span, by],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/reports/summary', {
          params: { query: { ...instantsOf(span), by, tz: ZONE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
