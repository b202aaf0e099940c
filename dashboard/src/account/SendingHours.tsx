import { Button, Checkbox, Group, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, dataOf, type Schemas } from '../api';
import { accountQuery } from '../app/queries';
import { ZONE } from '../parts/times';
import { placeOf, zonesFrom } from '../queue/wall_time';

const DAYS = [
  { value: 'monday', label: 'Mon' },
  { value: 'tuesday', label: 'Tue' },
  { value: 'wednesday', label: 'Wed' },
  { value: 'thursday', label: 'Thu' },
  { value: 'friday', label: 'Fri' },
  { value: 'saturday', label: 'Sat' },
  { value: 'sunday', label: 'Sun' },
] as const;
type Day = (typeof DAYS)[number]['value'];

/** On which days and between which hours mail goes out that asks for it, and how much on one day. */
export function SendingHours({ account }: { account: Schemas['Account'] }) {
  const { sending } = account;
  const first = sending.hours[0];
  const [zone, setZone] = useState(first ? sending.time_zone : ZONE);
  const [held, setHeld] = useState(first !== undefined);
  const [days, setDays] = useState<string[]>(
    first?.weekdays ?? DAYS.slice(0, 5).map((d) => d.value),
  );
  const [from, setFrom] = useState(first?.from ?? '09:00');
  const [until, setUntil] = useState(first?.until ?? '17:00');
  const [limit, setLimit] = useState<number | string>(sending.daily_limit);
  const zones = useMemo(
    () => zonesFrom(ZONE).map((value) => ({ value, label: placeOf(value) })),
    [],
  );
  const several = sending.hours.length > 1;
  const hours = held && !several ? [{ weekdays: days as Day[], from, until }] : [];
  const change = useChange();
  const wrong = held && !several && (days.length === 0 || from >= until);
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <NumberInput
          label="Mails a day at most"
          description={`Google allows this account about ${sending.most_a_day.toLocaleString()} beside what you send by hand. More than your limit goes out on the next days, in order.`}
          min={1}
          max={sending.most_a_day}
          value={limit}
          onChange={setLimit}
          clampBehavior="strict"
          allowDecimal={false}
        />
        <Select
          label="By the clocks of"
          description="By them a day begins, and your sending hours are meant"
          data={zones}
          value={zone}
          onChange={(chosen) => setZone(chosen ?? ZONE)}
          searchable
          allowDeselect={false}
          limit={60}
          nothingFoundMessage="No such place"
        />
      </Group>
      {several ? (
        <Text size="sm" c="dimmed">
          A program of yours has set several sending hours. They stay as they are.
        </Text>
      ) : (
        <>
          <Switch
            label="I have sending hours"
            description="Mail can then be held to them, and what is over the limit waits for them"
            checked={held}
            onChange={(event) => setHeld(event.currentTarget.checked)}
          />
          {held && (
            <Group align="flex-end" gap="lg">
              <Checkbox.Group label="Days" value={days} onChange={setDays}>
                <Group gap="xs" mt={6}>
                  {DAYS.map((day) => (
                    <Checkbox key={day.value} value={day.value} label={day.label} />
                  ))}
                </Group>
              </Checkbox.Group>
              <TimeInput
                label="From"
                value={from}
                onChange={(event) => setFrom(event.currentTarget.value)}
              />
              <TimeInput
                label="Until"
                value={until}
                error={from >= until ? 'Later than “From”' : undefined}
                onChange={(event) => setUntil(event.currentTarget.value)}
              />
            </Group>
          )}
        </>
      )}
      <Group>
        <Button
          variant="default"
          disabled={wrong || limit === ''}
          loading={change.isPending}
          onClick={() =>
            change.mutate({
              time_zone: zone,
              daily_limit: Number(limit),
              ...(!several && { hours }),
            })
          }
        >
          Save
        </Button>
      </Group>
    </Stack>
  );
}

function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sending: Schemas['SendingRules']) =>
      dataOf(api.PATCH('/api/v1/account', { body: { sending } })),
    onSuccess: (changed) => {
      client.setQueryData(accountQuery.queryKey, changed);
      notifications.show({ message: 'Holds for mail that goes out from now on.' });
    },
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
}
