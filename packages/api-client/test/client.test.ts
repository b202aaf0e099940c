import { describe, expect, it } from 'vitest';
import { ApiError, createApiClient } from '../src/index.js';

function answering(response: () => Response | Error, token?: string) {
  const seen: Request[] = [];
  const client = createApiClient({
    origin: 'https://app.example.org',
    ...(token !== undefined && { token }),
    fetch: (request) => {
      seen.push(request);
      const answer = response();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  return { client, seen };
}

const done = () => new Response(null, { status: 204 });

describe('the client', () => {
  it('marks changes made with the session cookie, and only those', async () => {
    const { client, seen } = answering(done);
    await client.POST('/api/v1/session/end');
    await client.GET('/api/v1/account');
    expect(seen.map((request) => request.headers.get('X-InboxPro'))).toEqual(['1', null]);
  });

  it('uses a token in place of the cookie', async () => {
    const { client, seen } = answering(done, 'ipt_example');
    await client.POST('/api/v1/session/end');
    expect(seen[0]?.headers.get('Authorization')).toBe('Bearer ipt_example');
    expect(seen[0]?.headers.has('X-InboxPro')).toBe(false);
  });

  it('throws what the API says, with the field', async () => {
    const body = { error: { code: 'invalid', message: 'This is not a mail address', field: 'to' } };
    const { client } = answering(() => Response.json(body, { status: 422 }));
    await expect(client.GET('/api/v1/account')).rejects.toMatchObject({
      message: 'This is not a mail address',
      status: 422,
      code: 'invalid',
      field: 'to',
    });
  });

  it('throws status 0 when no answer came', async () => {
    const { client } = answering(() => new TypeError('fetch failed'));
    await expect(client.GET('/api/v1/account')).rejects.toMatchObject({ status: 0 });
  });

  it('understands a failure that is not in the shape of the API', async () => {
    const { client } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const failure = client.GET('/api/v1/account');
    await expect(failure).rejects.toBeInstanceOf(ApiError);
    await expect(failure).rejects.toMatchObject({ status: 502, code: 'unknown' });
  });
});
