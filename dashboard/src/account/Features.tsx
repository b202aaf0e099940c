import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import type { Schemas } from '../api';
import { Confirm } from '../parts/Confirm';
import { useGiveBack, useTurnOn } from './use_turn_on';

type Feature = Schemas['Feature'];

export function Features({ features }: { features: Feature[] }) {
  return (
    <Stack gap="md">
      {features.map((feature) => (
        <Group key={feature.id} justify="space-between" gap="sm" align="flex-start">
          <div style={{ flex: '1 1 260px' }}>
            <Text fw={560}>{feature.name}</Text>
            <Text size="sm">{feature.promise}</Text>
            {feature.price && (
              <Text size="sm" c="dimmed" mt={4}>
                {feature.price}
              </Text>
            )}
            <Text size="xs" c="dimmed" mt={4}>
              {feature.scopes.map(shortScope).join(', ')}
            </Text>
          </div>
          {feature.granted ? <Granted feature={feature} /> : <SwitchOn feature={feature} />}
        </Group>
      ))}
    </Stack>
  );
}

function SwitchOn({ feature }: { feature: Feature }) {
  const turnOn = useTurnOn();
  const [asking, dialog] = useDisclosure();
  const go = () => turnOn.mutate(feature.id);
  return (
    <>
      <Button
        size="xs"
        variant={feature.price ? 'default' : 'filled'}
        loading={turnOn.isPending}
        onClick={feature.price ? dialog.open : go}
      >
        Switch on
      </Button>
      <Confirm
        opened={asking}
        title={`${feature.name}?`}
        confirm="Ask Google for it"
        keep="Leave it off"
        busy={turnOn.isPending}
        onConfirm={go}
        onClose={dialog.close}
      >
        <Text size="sm">{feature.price}</Text>
      </Confirm>
    </>
  );
}

function Granted({ feature }: { feature: Feature }) {
  const giveBack = useGiveBack();
  const [asking, dialog] = useDisclosure();
  return (
    <Stack gap="xs" align="flex-end">
      <Badge leftSection={<IconCheck size={13} />}>Granted</Badge>
      {feature.price && (
        <Button size="xs" variant="default" onClick={dialog.open}>
          Give back
        </Button>
      )}
      <Confirm
        opened={asking}
        title={`Give back “${feature.name}”?`}
        confirm="Give back"
        busy={giveBack.isPending}
        onConfirm={() => giveBack.mutate(feature.id)}
        onClose={dialog.close}
      >
        <Text size="sm">
          Google ends everything that it granted at once. It then asks you for the rest again; until
          you agree there, your mail waits.
        </Text>
      </Confirm>
    </Stack>
  );
}

/** "gmail.modify" of Google's long form. */
function shortScope(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1);
}
