import { Alert, Anchor, Button, Group, Select, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError, type Schemas } from '../api';
import { useTurnOn } from '../account/use_turn_on';
import { sendersQuery } from '../account/queries';

interface SenderSelectProps {
  value: string;
  onChange: (address: string) => void;
  error: string | undefined;
}

/** The addresses that Gmail lets this account send from. */
export function SenderSelect({ value, onChange, error }: SenderSelectProps) {
  const senders = useQuery(sendersQuery);
  if (senders.isPending)
    return <Skeleton height={62} aria-label="Asking Gmail for your addresses" />;
  if (!senders.data)
    return <NoSenders error={senders.error} retry={() => void senders.refetch()} />;
  const { items } = senders.data;
  const chosen = value || (items.find(({ is_default }) => is_default) ?? items[0])?.address;
  return (
    <Select
      label="From"
      value={chosen ?? null}
      onChange={(address) => onChange(address ?? '')}
      data={items.map((sender) => ({ value: sender.address, label: labelOf(sender) }))}
      allowDeselect={false}
      error={error}
      checkIconPosition="right"
    />
  );
}

function labelOf({ name, address }: Schemas['Sender']): string {
  return name ? `${name} <${address}>` : address;
}

function NoSenders({ error, retry }: { error: Error; retry: () => void }) {
  const turnOn = useTurnOn();
  const refused = error instanceof ApiError && error.status === 403;
  return (
    <Alert
      color={refused ? 'orange' : 'gray'}
      title={refused ? 'Sending is not switched on' : 'Your addresses could not be asked of Gmail'}
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 260px">
          {refused
            ? 'Google has not been asked for sending yet, or it was unticked.'
            : `${error.message} Your default address is used.`}
        </Text>
        {refused ? (
          <Button size="xs" loading={turnOn.isPending} onClick={() => turnOn.mutate('sending')}>
            Switch on sending
          </Button>
        ) : (
          <Anchor component="button" type="button" size="sm" onClick={retry}>
            Ask again
          </Anchor>
        )}
      </Group>
    </Alert>
  );
}
