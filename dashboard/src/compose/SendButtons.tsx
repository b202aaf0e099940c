import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconChevronDown, IconClock, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../app/queries';
import { ZONE } from '../parts/times';
import { useNow } from '../parts/use_now';
import { WhenDialog } from '../queue/WhenDialog';
import { presetsIn, shownReading } from '../queue/wall_time';
import type { When } from './draft';

interface SendButtonsProps {
  busy: boolean;
  onSend: (when?: When) => void;
}

/** Send now, and beside it the times that people want. */
export function SendButtons({ busy, onSend }: SendButtonsProps) {
  const [choosing, setChoosing] = useState(false);
  const now = useNow();
  const hasHours = (useQuery(accountQuery).data?.sending.hours ?? []).length > 0;
  return (
    <Group gap={1} wrap="nowrap">
      <Button
        leftSection={<IconSend size={17} />}
        loading={busy}
        onClick={() => onSend()}
        title="Ctrl+Enter"
        style={{ borderTopRightRadius: 0, borderBottomRightRadius: 0 }}
      >
        Send
      </Button>
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            size={36}
            disabled={busy}
            aria-label="Send later"
            style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0 }}
          >
            <IconChevronDown size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Send later</Menu.Label>
          {presetsIn(ZONE, now).map(({ label, reading }) => (
            <Menu.Item
              key={label}
              rightSection={<small>{shownReading(reading)}</small>}
              onClick={() => onSend({ reading, zone: ZONE })}
            >
              {label}
            </Menu.Item>
          ))}
          {hasHours && (
            <Menu.Item onClick={() => onSend('hours')}>Within my sending hours</Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconClock size={16} />} onClick={() => setChoosing(true)}>
            Another time, or in the recipient’s zone
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WhenDialog
        opened={choosing}
        title="Send later"
        confirm="Send later"
        onChoose={(when) => {
          setChoosing(false);
          onSend(when);
        }}
        onClose={() => setChoosing(false)}
      />
    </Group>
  );
}
