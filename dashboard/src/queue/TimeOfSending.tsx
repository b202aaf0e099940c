import { Text, Tooltip } from '@mantine/core';
import type { Schemas } from '../api';
import { absolute, ZONE } from '../parts/times';
import { useSeconds } from './use_seconds';
import { placeOf, shownReading, until } from './wall_time';

/** When a mail that waits goes out, and by whose clocks. */
export function TimeOfSending({ message }: { message: Schemas['Message'] }) {
  const now = useSeconds();
  const at = message.next_try_at ?? message.send_at;
  if (at === undefined) return null;
  const elsewhere = message.time_zone !== undefined && message.time_zone !== ZONE;
  return (
    <div>
      <Tooltip label={absolute(at)}>
        <Text size="sm" fw={560} component="time" dateTime={at}>
          {message.state === 'needs_user' ? 'Waits for you' : until(at, now)}
        </Text>
      </Tooltip>
      {elsewhere && message.local_time && (
        <Text size="xs" c="dimmed">
          {shownReading(message.local_time)} in {placeOf(message.time_zone ?? '')}
        </Text>
      )}
    </div>
  );
}

/** Why it does not simply go out at its time; undefined when it does. */
export function reasonOf(message: Schemas['Message']): string | undefined {
  if (message.problem) return message.problem.message;
  if (message.next_try_at !== undefined) return 'Gmail asked to wait. It is tried again by itself.';
  if (message.put_off) return message.put_off.message;
  if (message.moved_from !== undefined)
    return `The rules of its time zone have changed, so it moved with them. Before, it was due ${absolute(message.moved_from)}.`;
  return undefined;
}
