import { Badge, Box, Collapse, Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconChevronDown,
  IconEye,
  IconHandClick,
  IconMailX,
  IconRobot,
  IconSend,
} from '@tabler/icons-react';
import { useId } from 'react';
import type { Schemas } from '../api';
import { When } from '../parts/When';
import { countsOf } from './timeline';
import classes from './TimelineCard.module.css';
import { headlineOf, LABELS, maybeYou, plural, sureness, whoOf } from './wording';

type Event = Schemas['Event'];
type Message = Schemas['Message'];

const KINDS = {
  open: { Icon: IconEye, tone: 'read' },
  click: { Icon: IconHandClick, tone: 'clicked' },
  reply: { Icon: IconArrowBackUp, tone: 'replied' },
  bounce: { Icon: IconMailX, tone: 'bounced' },
} as const;

export function SentEntry({ at }: { at: string }) {
  return (
    <li className={classes.entry}>
      <Box className={classes.dot}>
        <IconSend size={15} stroke={1.8} aria-hidden />
      </Box>
      <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap" mih={29}>
        <Text fw={560}>Sent</Text>
        <Text size="sm" c="dimmed" flex="none">
          <When at={at} exact />
        </Text>
      </Group>
    </li>
  );
}

/** What a person did, or a reply or a bounce. */
export function EventEntry({ event, message }: { event: Event; message: Message }) {
  const { Icon, tone } = KINDS[event.kind];
  return (
    <li className={classes.entry}>
      <Box className={classes.dot} data-tone={tone}>
        <Icon size={15} stroke={1.8} aria-hidden />
      </Box>
      <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap">
        <Text fw={560}>{headlineOf(event, whoOf(message, event.recipient))}</Text>
        <Text size="sm" c="dimmed" flex="none">
          <When at={event.at} exact />
        </Text>
      </Group>
      <Verdict event={event} />
    </li>
  );
}

/** A run of requests that no figure counts. */
export function MachinesEntry({
  events,
  message,
}: {
  events: [Event, ...Event[]];
  message: Message;
}) {
  const [opened, { toggle }] = useDisclosure();
  const listId = useId();
  return (
    <li className={classes.entry}>
      <Box className={classes.dot} data-tone="machine">
        <IconRobot size={15} stroke={1.6} aria-hidden />
      </Box>
      <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap">
        <UnstyledButton onClick={toggle} aria-expanded={opened} aria-controls={listId} c="dimmed">
          {plural(events.length, 'request')} not counted{' '}
          <IconChevronDown size={14} className={classes.chevron} data-opened={opened} aria-hidden />
        </UnstyledButton>
        <Text size="sm" c="dimmed" flex="none">
          <When at={events[0].at} exact />
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {countsOf(events)}
      </Text>
      <Collapse expanded={opened} id={listId}>
        <ol className={classes.machines}>
          {events.map((event) => (
            <li key={event.id}>
              <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap">
                <Text size="sm">{headlineOf(event, whoOf(message, event.recipient))}</Text>
                <Text size="sm" c="dimmed" flex="none">
                  <When at={event.at} exact />
                </Text>
              </Group>
              <Verdict event={event} />
            </li>
          ))}
        </ol>
      </Collapse>
    </li>
  );
}

/** What it is held for, how surely, and why. */
function Verdict({ event }: { event: Event }) {
  const label = LABELS[event.label];
  const percent = `${String(Math.round(event.confidence * 100))} %`;
  return (
    <Box mt={4}>
      <Group gap={6}>
        <Tooltip label={label.meaning}>
          <Badge size="sm" color={event.counted ? 'pine' : 'gray'} tabIndex={0}>
            {label.name}
          </Badge>
        </Tooltip>
        <Tooltip
          label={`${percent} sure of what made the request. This says nothing about attention. Rule: ${event.rule}.`}
        >
          <Badge size="sm" color="gray" tabIndex={0}>
            {sureness(event.confidence)}
          </Badge>
        </Tooltip>
        {event.provisional && (
          <Tooltip label="What follows within the next seconds may still change this.">
            <Badge size="sm" color="yellow" tabIndex={0}>
              May change
            </Badge>
          </Tooltip>
        )}
        {maybeYou(event) && (
          <Tooltip label="A provider’s proxy hides who opened the mail. If you looked at your own sent mail without the extension, this may be you.">
            <Badge size="sm" color="yellow" tabIndex={0}>
              May be you
            </Badge>
          </Tooltip>
        )}
      </Group>
      {event.reasons.length > 0 && (
        <ul className={classes.reasons}>
          {event.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </Box>
  );
}
