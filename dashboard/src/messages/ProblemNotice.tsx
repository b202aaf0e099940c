import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas } from '../api';
import { Confirm } from '../parts/Confirm';

type Message = Schemas['Message'];

interface ProblemNoticeProps {
  message: Message;
  problem: NonNullable<Message['problem']>;
}

/** Why a mail did not go out, and what can be done about it. */
export function ProblemNotice({ message, problem }: ProblemNoticeProps) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const params = { params: { path: { id: message.id } } };
  const callbacks = {
    onSuccess: () => client.invalidateQueries({ queryKey: ['messages'] }),
    onError: (error: Error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => setAsking(false),
  };
  const sendNow = useMutation({
    mutationFn: () => api.POST('/api/v1/messages/{id}/send-now', params),
    ...callbacks,
  });
  const cancel = useMutation({
    mutationFn: () => api.POST('/api/v1/messages/{id}/cancel', params),
    ...callbacks,
  });
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
      <Confirm
        opened={asking}
        title="Cancel this mail?"
        confirm="Cancel the mail"
        keep="Keep it"
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      >
        Its draft in your Gmail is deleted, and it will not be sent.
      </Confirm>
    </Alert>
  );
}
