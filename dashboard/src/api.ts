import { createApiClient } from '@inboxpro/api-client';

export { ApiError, type Schemas } from '@inboxpro/api-client';

/** The server that sent this page, with its session cookie. */
export const api = createApiClient();

/** The body of an answer that has one. Failures were thrown before. */
export async function dataOf<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call;
  if (data === undefined || data === null) throw new Error('The answer is empty.');
  return data;
}
