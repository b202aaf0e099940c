import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schemas } from '../api';
import { ConfirmCancel } from '../queue/ConfirmCancel';
import { useActions } from '../queue/use_actions';

type Message = Schemas['Message'];

interface ProblemNoticeProps {
  message: Message;
  problem: NonNullable<Message['problem']>;
}

/** Why a mail did not go out, and what can be done about it. */
export function ProblemNotice({ message, problem }: ProblemNoticeProps) {
  const [asking, setAsking] = useState(false);
  const { sendNow, cancel } = useActions(message.id);
  const close = () => setAsking(false);
  return (
    <Alert
      color="orange"
      radius="lg"
      icon={<IconAlertTriangle />}
      title={problem.message}
      role="alert"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{problem.what_to_do}</Text>
        {message.state === 'needs_user' && (
          <Group gap="xs">
            <Button
              size="xs"
              color="orange"
              loading={sendNow.isPending}
              onClick={() => sendNow.mutate()}
            >
              Send now
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking(true)}>
              Cancel this mail
            </Button>
          </Group>
        )}
      </Stack>
      <ConfirmCancel
        opened={asking}
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate(undefined, { onSettled: close })}
        onClose={close}
      />
    </Alert>
  );
}
