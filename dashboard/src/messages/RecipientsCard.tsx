import { Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../api';
import { StatusBadge } from './StatusMark';
import { nameOf, readStatus } from './wording';

const FIELDS = { to: '', cc: 'Cc', bcc: 'Bcc' } as const;

export function RecipientsCard({ message }: { message: Schemas['Message'] }) {
  return (
    <Card component="section">
      <Title order={2} mb="sm">
        {message.recipients.length === 1
          ? 'Recipient'
          : `${String(message.recipients.length)} recipients`}
      </Title>
      <Stack gap="sm">
        {message.recipients.map((recipient) => (
          <Group key={recipient.index} justify="space-between" wrap="nowrap" gap="xs">
            <Box miw={0}>
              <Text size="sm" fw={540} truncate>
                {nameOf(recipient)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {[FIELDS[recipient.field], recipient.name && recipient.address]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </Box>
            {recipient.status && recipient.status !== 'none' && (
              <Box flex="none">
                <StatusBadge status={readStatus(recipient.status)} />
              </Box>
            )}
          </Group>
        ))}
      </Stack>
      {message.shared && (
        <Text size="sm" c="dimmed" mt="md">
          All of them got one and the same mail. An opening or a click belongs to one of them;
          nobody can say to which.
        </Text>
      )}
    </Card>
  );
}
