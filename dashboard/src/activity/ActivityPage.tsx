import {
  Badge,
  Box,
  Card,
  Center,
  Group,
  Indicator,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api';
import { headlineOf, LABELS } from '../messages/wording';
import { Page } from '../parts/Page';
import { dayOf } from '../parts/times';
import { useNow } from '../parts/use_now';
import { When } from '../parts/When';
import { MarkIcon } from './MarkIcon';
import classes from './ActivityPage.module.css';
import { useFeed } from './Feed';
import { groupByDay } from './group';

type Activity = Schemas['Activity'];

const STATES = {
  connecting: { color: 'gray', text: 'Connecting' },
  live: { color: 'pine', text: 'Live' },
  away: { color: 'orange', text: 'Reconnecting' },
} as const;

export function ActivityPage() {
  const { state } = useFeed();
  const { color, text } = STATES[state];
  return (
    <Page
      title="Activity"
      hint="What is seen of your mail, as it happens, newest first."
      actions={
        <Group gap="sm" role="status" px={6}>
          <Indicator processing={state === 'live'} color={color} position="middle-center" size={8}>
            <Box w={8} h={8} />
          </Indicator>
          <Text size="sm">{text}</Text>
        </Group>
      }
    >
      <List />
    </Page>
  );
}

function List() {
  const { activities, state } = useFeed();
  const now = useNow();
  if (activities.length === 0)
    return state === 'connecting' ? <Skeleton height={280} radius="lg" aria-busy /> : <Quiet />;
  return (
    <Stack gap="lg">
      {groupByDay(activities, (at) => dayOf(at, now)).map(({ day, activities: ofDay }) => (
        <section key={day}>
          <Title order={3} mb="xs">
            {day}
          </Title>
          <Card padding={0} component="ul" className={classes.list}>
            {ofDay.map((activity) => (
              <Row key={activity.id} activity={activity} />
            ))}
          </Card>
        </section>
      ))}
    </Stack>
  );
}

function Row({ activity }: { activity: Activity }) {
  const counted = activity.counted || activity.kind === 'reply' || activity.kind === 'bounce';
  return (
    <li className={classes.row} data-counted={counted}>
      <MarkIcon activity={activity} />
      <Box miw={0}>
        <Link to="/messages/$id" params={{ id: activity.message_id }} className={classes.link}>
          {headlineOf(activity, activity.address ?? 'One of them')}
        </Link>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {activity.reasons.join('. ')}
        </Text>
      </Box>
      <Box visibleFrom="sm">
        {!counted && (
          <Badge color="gray" size="sm">
            {LABELS[activity.label].name}
          </Badge>
        )}
      </Box>
      <Text size="sm" c="dimmed" className={classes.when}>
        <When at={activity.at} />
      </Text>
    </li>
  );
}

function Quiet() {
  return (
    <Card padding="xl">
      <Stack align="center" gap="xs" py="xl">
        <Center className={classes.emptyIcon}>
          <IconActivity size={26} stroke={1.5} aria-hidden />
        </Center>
        <Title order={2}>It is quiet</Title>
        <Text c="dimmed" ta="center" maw={420}>
          As soon as one of your mails is opened, clicked or answered, it appears here without
          reloading.
        </Text>
      </Stack>
    </Card>
  );
}
