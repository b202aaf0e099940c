import { Tooltip } from '@mantine/core';
import { absolute, ago } from './times';
import { useNow } from './use_now';

/** A time as people say it, with the exact one in a tooltip. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow();
  return (
    <Tooltip label={absolute(at)}>
      <time dateTime={at}>{exact ? clock(at) : ago(at, now)}</time>
    </Tooltip>
  );
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
