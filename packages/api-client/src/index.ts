import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type { paths } from './schema.js';
export type Schemas = components['schemas'];
export type ApiClient = Client<paths>;

/** What the API, or the way to it, answered instead of success. `message` may be shown to people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    /** HTTP status; 0 when no answer came, so that the outcome is unknown. */
    readonly status: number,
    readonly code: string,
    /** The input field that is wrong. */
    readonly field?: string,
  ) {
    super(message);
  }
}

export interface ClientOptions {
  /** The application's origin; empty in a page that it served. */
  origin?: string;
  /** An API token. Without it, the browser's session cookie is used. */
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
}

/** A client for the API. Its calls throw `ApiError` for every answer that is no success. */
export function createApiClient({ origin = '', token, fetch }: ClientOptions = {}): ApiClient {
  const client = createFetchClient<paths>({ baseUrl: origin, ...(fetch && { fetch }) });
  client.use(identified(token), strict);
  return client;
}

function identified(token: string | undefined): Middleware {
  return {
    onRequest({ request }) {
      if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
      else if (request.method !== 'GET') request.headers.set('X-InboxPro', '1');
      return request;
    },
  };
}

const strict: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return new ApiError('The server does not answer.', 0, 'unreachable');
  },
};

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!isErrorBody(body))
    return new ApiError(
      `The server answered ${String(response.status)}.`,
      response.status,
      'unknown',
    );
  const { code, message, field } = body.error;
  return new ApiError(message, response.status, code, field);
}

function isErrorBody(body: unknown): body is Schemas['Error'] {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    'message' in error &&
    typeof error.message === 'string'
  );
}
