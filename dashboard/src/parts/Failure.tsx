import { Button, Card, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconCloudOff, IconMoodPuzzled } from '@tabler/icons-react';
import { useEffect } from 'react';
import { ApiError } from '../api';
import { mayPass } from '../app/queries';

const RETRY_MS = 5_000;

interface FailureProps {
  error: Error;
  retry: () => unknown;
  /** What could not be done: "Your messages could not be loaded". */
  what: string;
  /** In a card that is there already. */
  bare?: boolean;
}

/** Says what went wrong in place of what should be there, and tries again by itself where that may help. */
export function Failure({ error, retry, what, bare = false }: FailureProps) {
  const passing = mayPass(error);
  useEffect(() => {
    if (!passing) return;
    const timer = setInterval(retry, RETRY_MS);
    return () => clearInterval(timer);
  }, [passing, retry]);

  const Icon = passing ? IconCloudOff : IconMoodPuzzled;
  return (
    <Card role="alert" padding="xl" withBorder={!bare}>
      <Stack align="center" gap="xs" py="md">
        <Icon size={30} stroke={1.4} opacity={0.6} aria-hidden />
        <Title order={2} ta="center">
          {what}
        </Title>
        <Text c="dimmed" ta="center" maw={440}>
          {error instanceof ApiError ? error.message : 'Something in this page went wrong.'}
        </Text>
        <Group gap="xs" mt="xs">
          {passing && (
            <Group gap={6}>
              <Loader size={14} />
              <Text size="sm" c="dimmed">
                Trying again
              </Text>
            </Group>
          )}
          {mayHelp(error) && (
            <Button variant="default" size="xs" onClick={() => void retry()}>
              Try now
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

/** What does not exist will not come into being. */
function mayHelp(error: Error): boolean {
  return !(error instanceof ApiError && error.status === 404);
}
