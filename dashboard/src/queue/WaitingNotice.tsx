import { Button, Card, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconClock } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api';
import { takenBack } from '../compose/taken_back';
import { reasonOf, TimeOfSending } from './TimeOfSending';
import { useActions } from './use_actions';
import { WhenDialog } from './WhenDialog';

type Message = Schemas['Message'];

/** A mail that waits for its time: when it goes out, and what can still be done. */
export function WaitingNotice({ message }: { message: Message }) {
  const [choosing, setChoosing] = useState(false);
  const { sendNow, cancel, reschedule } = useActions(message.id);
  const navigate = useNavigate();
  const isUndo = message.state === 'undo';
  const takeBack = () =>
    cancel.mutate(undefined, {
      onSuccess: () => {
        if (takenBack.has(message.id))
          void navigate({ to: '/compose', search: { again: message.id } });
      },
    });
  return (
    <Card padding="sm" px="lg" role="status">
      <Group gap="sm" justify="space-between">
        <Group gap="sm" wrap="nowrap">
          <IconClock size={19} stroke={1.6} aria-hidden />
          <div>
            <Group gap={5}>
              <Text size="sm">Goes out</Text>
              <TimeOfSending message={message} />
            </Group>
            {reasonOf(message) && (
              <Text size="sm" c="dimmed">
                {reasonOf(message)}
              </Text>
            )}
          </div>
        </Group>
        <Group gap="xs">
          <Button
            size="xs"
            variant={isUndo ? 'filled' : 'default'}
            leftSection={isUndo && <IconArrowBackUp size={16} />}
            loading={cancel.isPending}
            onClick={takeBack}
          >
            {isUndo ? 'Undo' : 'Cancel this mail'}
          </Button>
          <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
            Another time
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={sendNow.isPending}
            onClick={() => sendNow.mutate()}
          >
            Send now
          </Button>
        </Group>
      </Group>
      <WhenDialog
        opened={choosing}
        title="When should it go out?"
        confirm="Set this time"
        busy={reschedule.isPending}
        onChoose={(when) => reschedule.mutate(when, { onSuccess: () => setChoosing(false) })}
        onClose={() => setChoosing(false)}
      />
    </Card>
  );
}
