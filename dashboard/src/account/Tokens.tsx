import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas } from '../api';
import { Confirm } from '../parts/Confirm';
import { Failure } from '../parts/Failure';
import { When } from '../parts/When';
import { NewTokenDialog } from './NewTokenDialog';
import { tokensQuery } from './queries';

type ApiToken = Schemas['ApiToken'];

export function Tokens() {
  const [creating, dialog] = useDisclosure();
  const tokens = useQuery(tokensQuery);
  if (tokens.isPending) return <Skeleton height={56} />;
  if (!tokens.data)
    return (
      <Failure
        bare
        what="Your tokens could not be loaded"
        error={tokens.error}
        retry={tokens.refetch}
      />
    );
  return (
    <Stack gap="md" align="flex-start">
      <TokenList tokens={tokens.data.items} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={15} />}
        onClick={dialog.open}
      >
        Make a token
      </Button>
      {creating && <NewTokenDialog onClose={dialog.close} />}
    </Stack>
  );
}

function TokenList({ tokens }: { tokens: ApiToken[] }) {
  const [leaving, setLeaving] = useState<ApiToken>();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) =>
      api.DELETE('/api/v1/account/tokens/{id}', { params: { path: { id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
    onSettled: () => setLeaving(undefined),
  });
  return (
    <Stack gap="md" w="100%">
      {tokens.map((token) => (
        <Group key={token.id} justify="space-between" gap="sm">
          <div style={{ flex: '1 1 260px' }}>
            <Group gap={6}>
              <Text fw={560} mr={4}>
                {token.name}
              </Text>
              {token.scopes.map((scope) => (
                <Badge key={scope} color="gray" size="sm">
                  {scope}
                </Badge>
              ))}
            </Group>
            <Text size="sm" c="dimmed">
              Made <When at={token.created_at} />,{' '}
              {token.last_used_at ? (
                <>
                  last used <When at={token.last_used_at} />
                </>
              ) : (
                'never used'
              )}
            </Text>
          </div>
          <Button variant="default" size="xs" onClick={() => setLeaving(token)}>
            Revoke
          </Button>
        </Group>
      ))}
      <Confirm
        opened={leaving !== undefined}
        title={`Revoke “${leaving?.name ?? ''}”?`}
        confirm="Revoke"
        busy={revoke.isPending}
        onConfirm={() => {
          if (leaving) revoke.mutate(leaving.id);
        }}
        onClose={() => setLeaving(undefined)}
      >
        Programs that use this token are refused from then on.
      </Confirm>
    </Stack>
  );
}
