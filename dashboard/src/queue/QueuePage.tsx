import {
  ActionIcon,
  Button,
  Card,
  Center,
  Group,
  Menu,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import {
  IconClock,
  IconClockEdit,
  IconDots,
  IconPencil,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api';
import { StatusIcon } from '../messages/StatusMark';
import { namesOf, plural, statusOf } from '../messages/wording';
import { Failure } from '../parts/Failure';
import { LoadMore } from '../parts/LoadMore';
import { Page } from '../parts/Page';
import { ConfirmCancel } from './ConfirmCancel';
import { queueQuery } from './queries';
import classes from './Queue.module.css';
import { reasonOf, TimeOfSending } from './TimeOfSending';
import { useActions } from './use_actions';
import { WhenDialog } from './WhenDialog';

type Message = Schemas['Message'];

export function QueuePage() {
  return (
    <Page
      title="Queue"
      hint="Mail that waits for its time, as a draft in your Gmail. Change what it says there: it goes out as it is then."
    >
      <Queue />
    </Page>
  );
}

function Queue() {
  const list = useInfiniteQuery(queueQuery);
  if (list.isPending) return <Skeleton height={220} radius="lg" aria-label="Loading the queue" />;
  if (!list.data)
    return (
      <Failure what="Your queue could not be loaded" error={list.error} retry={list.refetch} />
    );
  const all = list.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) return <NothingWaits />;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {plural(all.length, 'mail')}
        {list.hasNextPage ? ' and more' : ''}, the first to go out first
      </Text>
      <Card padding={0} component="ul" className={classes.list ?? ''}>
        {all.map((message) => (
          <Row key={message.id} message={message} />
        ))}
      </Card>
      {list.hasNextPage && (
        <Group justify="center">
          <LoadMore list={list}>Load later ones</LoadMore>
        </Group>
      )}
    </Stack>
  );
}

function Row({ message }: { message: Message }) {
  const status = statusOf(message);
  const reason = reasonOf(message);
  return (
    <li className={classes.row}>
      <StatusIcon mark={status.mark} />
      <div style={{ minWidth: 0 }}>
        <Text
          fw={560}
          truncate
          display="block"
          renderRoot={(props) => <Link to="/messages/$id" params={{ id: message.id }} {...props} />}
          c="inherit"
        >
          {namesOf(message.recipients)}
        </Text>
        <Text size="sm" c={message.problem ? 'var(--mantine-color-orange-light-color)' : 'dimmed'}>
          {reason ?? status.label}
        </Text>
      </div>
      <div className={classes.when}>
        <TimeOfSending message={message} />
      </div>
      <Actions message={message} />
    </li>
  );
}

function Actions({ message }: { message: Message }) {
  const [asking, setAsking] = useState<'cancel' | 'when'>();
  const { sendNow, cancel, reschedule } = useActions(message.id);
  const close = () => setAsking(undefined);
  const moving = message.state === 'sending' || message.state === 'unknown';
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={moving}
            aria-label={`What to do with the mail to ${namesOf(message.recipients)}`}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconSend size={16} />} onClick={() => sendNow.mutate()}>
            Send now
          </Menu.Item>
          <Menu.Item leftSection={<IconClockEdit size={16} />} onClick={() => setAsking('when')}>
            Another time
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={() => setAsking('cancel')}
          >
            Cancel this mail
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WhenDialog
        opened={asking === 'when'}
        title="When should it go out?"
        confirm="Set this time"
        busy={reschedule.isPending}
        onChoose={(when) => reschedule.mutate(when, { onSuccess: close })}
        onClose={close}
      />
      <ConfirmCancel
        opened={asking === 'cancel'}
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate(undefined, { onSettled: close })}
        onClose={close}
      />
    </>
  );
}

function NothingWaits() {
  return (
    <Card padding="xl">
      <Stack align="center" gap="xs" py="xl">
        <Center>
          <IconClock size={30} stroke={1.4} opacity={0.6} aria-hidden />
        </Center>
        <Title order={2}>Nothing waits</Title>
        <Text c="dimmed" ta="center" maw={420}>
          Mail that you send later stands here until it goes out, and so does mail that needs you.
        </Text>
        <Button
          mt="sm"
          leftSection={<IconPencil size={17} />}
          renderRoot={(props) => <Link to="/compose" {...props} />}
        >
          Write a mail
        </Button>
      </Stack>
    </Card>
  );
}
