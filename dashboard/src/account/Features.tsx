import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Schemas } from '../api';
import { useTurnOn } from './use_turn_on';

export function Features({ features }: { features: Schemas['Feature'][] }) {
  const turnOn = useTurnOn();
  return (
    <Stack gap="md">
      {features.map((feature) => (
        <Group key={feature.id} justify="space-between" gap="sm">
          <div style={{ flex: '1 1 260px' }}>
            <Text fw={560}>{feature.name}</Text>
            <Text size="xs" c="dimmed">
              {feature.scopes.map(shortScope).join(', ')}
            </Text>
          </div>
          {feature.granted ? (
            <Badge leftSection={<IconCheck size={13} />}>Granted</Badge>
          ) : (
            <Button
              size="xs"
              loading={turnOn.isPending && turnOn.variables === feature.id}
              onClick={() => turnOn.mutate(feature.id)}
            >
              Switch on
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}

/** "gmail.modify" of Google's long form. */
function shortScope(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1);
}
