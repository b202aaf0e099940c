import { Alert, Button, Group, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';

/** Google no longer accepts the grant. */
export function ReconnectNotice() {
  return (
    <Alert
      color="orange"
      radius="lg"
      mb="lg"
      icon={<IconPlugConnectedX />}
      title="Google no longer lets InboxPro in"
      role="alert"
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 320px">
          A changed password or a withdrawn permission causes this. Nothing is lost: mail on its way
          waits as a draft in your Gmail, and everything resumes once you have reconnected.
        </Text>
        <Button component="a" href="/sign-in" size="sm">
          Reconnect
        </Button>
      </Group>
    </Alert>
  );
}
