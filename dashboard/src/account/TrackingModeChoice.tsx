import { Group, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../api';
import { accountQuery } from '../app/queries';
import classes from './TrackingModeChoice.module.css';

type Mode = Schemas['TrackingMode'];

const MODES: { value: Mode; label: string; meaning: string }[] = [
  { value: 'off', label: 'Off', meaning: 'Mail goes out untouched: no pixel, no rewritten links.' },
  {
    value: 'consented_only',
    label: 'Only who agreed',
    meaning:
      'Mail is tracked only when its recipients have agreed. In France, Italy and elsewhere the law asks for this.',
  },
  {
    value: 'on',
    label: 'On',
    meaning: 'All mail is tracked, unless you switch it off for one or a recipient has opted out.',
  },
];

export function TrackingModeChoice({ mode }: { mode: Mode }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (tracking_mode: Mode) =>
      dataOf(api.PATCH('/api/v1/account', { body: { tracking_mode } })),
    onSuccess: (account) => {
      client.setQueryData(accountQuery.queryKey, account);
      notifications.show({ message: 'Tracking is changed for mail from now on.' });
    },
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
  return (
    <Radio.Group
      aria-label="Tracking"
      value={change.isPending ? change.variables : mode}
      onChange={(value) => {
        const chosen = MODES.find((known) => known.value === value);
        if (chosen) change.mutate(chosen.value);
      }}
    >
      <Stack gap="xs">
        {MODES.map(({ value, label, meaning }) => (
          <Radio.Card
            key={value}
            value={value}
            className={classes.card ?? ''}
            disabled={change.isPending}
          >
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator mt={3} />
              <div>
                <Text fw={560}>{label}</Text>
                <Text size="sm" c="dimmed">
                  {meaning}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}
