import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { api } from '../api';
import { Confirm } from '../parts/Confirm';

export function Disconnect({ email }: { email: string }) {
  const [asking, dialog] = useDisclosure();
  const disconnect = useMutation({
    mutationFn: () => api.POST('/api/v1/account/disconnect'),
    onSuccess: () => window.location.assign('/'),
    onError: dialog.close,
  });
  return (
    <Stack gap="md" align="flex-start">
      {disconnect.error && <Alert color="red">{disconnect.error.message}</Alert>}
      <Text size="sm" c="dimmed">
        Ends what InboxPro may do with {email}. You can link the account again at any time.
      </Text>
      <Button color="red" variant="light" onClick={dialog.open}>
        Disconnect
      </Button>
      <Confirm
        opened={asking}
        title={`Disconnect ${email}?`}
        confirm="Disconnect"
        keep="Stay connected"
        busy={disconnect.isPending}
        onConfirm={() => disconnect.mutate()}
        onClose={dialog.close}
      >
        <List size="sm" spacing={6}>
          <List.Item>
            The permission is withdrawn at Google, and Google’s tokens are deleted here.
          </List.Item>
          <List.Item>All your sessions and API tokens end at once, this one too.</List.Item>
          <List.Item>
            Mail that is not out yet stays in your Gmail as a draft and is not sent.
          </List.Item>
          <List.Item>Mail that is out stays as it is, and its links keep working.</List.Item>
        </List>
      </Confirm>
    </Stack>
  );
}
