import type { Schemas } from '../api';

export type FeedState = 'connecting' | 'live' | 'away';

export interface FeedListener {
  onActivity: (activity: Schemas['Activity']) => void;
  onNotice: (notice: Schemas['Notice']) => void;
  onState: (state: FeedState) => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;

/**
 * Listens to the feed until `signal` ends it. After a lost connection the browser itself comes back with
 * `Last-Event-ID`; after a refusal, which the browser takes as final, a new connection is tried with growing waits.
 */
export function listen({ onActivity, onNotice, onState }: FeedListener, signal: AbortSignal): void {
  let wait = FIRST_WAIT_MS;
  const connect = () => {
    if (signal.aborted) return;
    const source = new EventSource('/api/v1/feed?recent=50');
    signal.addEventListener('abort', () => source.close(), { once: true });
    source.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      onState('live');
    });
    source.addEventListener('activity', ({ data }: MessageEvent<string>) =>
      onActivity(JSON.parse(data) as Schemas['Activity']),
    );
    source.addEventListener('notice', ({ data }: MessageEvent<string>) =>
      onNotice(JSON.parse(data) as Schemas['Notice']),
    );
    source.addEventListener('error', () => {
      onState('away');
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  connect();
}
