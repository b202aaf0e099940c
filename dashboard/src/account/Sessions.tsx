import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api';
import { Failure } from '../parts/Failure';
import { When } from '../parts/When';
import { sessionsQuery } from './queries';

export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) =>
      api.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
  if (sessions.isPending) return <Skeleton height={56} />;
  if (!sessions.data)
    return (
      <Failure
        bare
        what="Your sessions could not be loaded"
        error={sessions.error}
        retry={sessions.refetch}
      />
    );
  return (
    <Stack gap="md">
      {sessions.data.items.map((session) => (
        <Group key={session.id} justify="space-between" gap="sm">
          <div>
            <Group gap="xs">
              <Text fw={560}>
                Signed in <When at={session.created_at} />
              </Text>
              {session.current && <Badge>This browser</Badge>}
            </Group>
            <Text size="sm" c="dimmed">
              Last used <When at={session.last_seen_at} />
            </Text>
          </div>
          {!session.current && (
            <Button
              variant="default"
              size="xs"
              loading={end.isPending && end.variables === session.id}
              onClick={() => end.mutate(session.id)}
            >
              Sign out there
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}
