import '@mantine/dates/styles.css';

import { Button, Group, Modal, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useMemo, useState } from 'react';
import { absolute, ZONE } from '../parts/times';
import { useNow } from '../parts/use_now';
import classes from './Queue.module.css';
import { instantOf, placeOf, presetsIn, shownReading, type WallTime, zonesFrom } from './wall_time';

interface WhenDialogProps {
  opened: boolean;
  title: string;
  /** The deed: "Send later". */
  confirm: string;
  busy?: boolean;
  onChoose: (when: WallTime) => void;
  onClose: () => void;
}

/** Asks when a mail is to go out: by the clocks of the sender, or of whoever gets it. */
export function WhenDialog({ opened, title, confirm, busy = false, ...rest }: WhenDialogProps) {
  return (
    <Modal opened={opened} onClose={rest.onClose} title={title} size="md">
      <Choice confirm={confirm} busy={busy} onChoose={rest.onChoose} />
    </Modal>
  );
}

function Choice({
  confirm,
  busy,
  onChoose,
}: Required<Pick<WhenDialogProps, 'confirm' | 'busy' | 'onChoose'>>) {
  const now = useNow();
  const [zone, setZone] = useState(ZONE);
  const [own, setOwn] = useState<string | null>(null);
  const zones = useMemo(
    () => zonesFrom(ZONE).map((value) => ({ value, label: placeOf(value) })),
    [],
  );
  const reading = own?.replace(' ', 'T').slice(0, 16);
  return (
    <Stack gap="md">
      <Select
        label="By the clocks of"
        description="Choose the recipient’s place to reach them in their morning."
        data={zones}
        value={zone}
        onChange={(chosen) => setZone(chosen ?? ZONE)}
        searchable
        allowDeselect={false}
        maxDropdownHeight={240}
        nothingFoundMessage="No such place"
        limit={60}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {presetsIn(zone, now).map((preset) => (
          <Button
            key={preset.label}
            variant="default"
            className={classes.preset ?? ''}
            disabled={busy}
            onClick={() => onChoose({ reading: preset.reading, zone })}
          >
            <span>
              <Text span size="sm" fw={560} display="block">
                {preset.label}
              </Text>
              <Text span size="xs" c="dimmed" display="block">
                {shownReading(preset.reading)}
              </Text>
            </span>
          </Button>
        ))}
      </SimpleGrid>
      <DateTimePicker
        label="Or at another time"
        placeholder="Day and time"
        value={own}
        onChange={setOwn}
        valueFormat="ddd, D MMM YYYY, HH:mm"
        minDate={new Date(now).toISOString().slice(0, 10)}
        clearable
      />
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" flex={1}>
          {reading && zone !== ZONE
            ? `For you: ${absolute(new Date(instantOf({ reading, zone })).toISOString())}`
            : 'It waits as a draft in your Gmail.'}
        </Text>
        <Button
          disabled={!reading}
          loading={busy}
          onClick={() => reading && onChoose({ reading, zone })}
        >
          {confirm}
        </Button>
      </Group>
    </Stack>
  );
}
