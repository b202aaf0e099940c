import { Box, Card, Center, Group, Indicator, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconActivity, IconRobot } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../api';
import { messageQuery } from '../messages/queries';
import { StatusIcon } from '../messages/StatusMark';
import { beginOf, countsOf, entriesOf } from '../messages/timeline';
import { headlineOf, namesOf, plural } from '../messages/wording';
import { Page } from '../parts/Page';
import { byDay, dayOf } from '../parts/times';
import { useNow } from '../parts/use_now';
import { When } from '../parts/When';
import classes from './ActivityPage.module.css';
import { useFeed } from './Feed';

type Activity = Schemas['Activity'];

const MARKS = { open: 'read', click: 'clicked', reply: 'replied', bounce: 'bounced' } as const;

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
  const lines = entriesOf(activities, (a, b) => a.message_id === b.message_id);
  return (
    <Stack gap="lg">
      {byDay(lines, (line) => dayOf(beginOf(line), now)).map(({ day, items }) => (
        <section key={day}>
          <Title order={3} mb="xs">
            {day}
          </Title>
          <Card padding={0} component="ul" className={classes.list}>
            {items.map((line) =>
              line.type === 'event' ? (
                <PersonLine key={line.event.id} activity={line.event} />
              ) : (
                <MachinesLine key={line.events[0].id} activities={line.events} />
              ),
            )}
          </Card>
        </section>
      ))}
    </Stack>
  );
}

function PersonLine({ activity }: { activity: Activity }) {
  return (
    <Line
      activity={activity}
      icon={<StatusIcon mark={MARKS[activity.kind]} size={32} />}
      headline={headlineOf(activity, activity.address ?? 'One of them')}
      detail={activity.reasons.join(' ')}
    />
  );
}

/** Requests that no figure counts, of one mail. */
function MachinesLine({ activities }: { activities: [Activity, ...Activity[]] }) {
  const [latest] = activities;
  const one = activities.length === 1;
  return (
    <Line
      activity={latest}
      quiet
      icon={<IconRobot size={17} stroke={1.6} className={classes.robot} aria-hidden />}
      headline={
        one
          ? headlineOf(latest, latest.address ?? 'One of them')
          : `${plural(activities.length, 'request')} not counted`
      }
      detail={one ? latest.reasons.join(' ') : countsOf(activities)}
    />
  );
}

interface LineProps {
  activity: Activity;
  icon: ReactNode;
  headline: string;
  detail: string;
  quiet?: boolean;
}

function Line({ activity, icon, headline, detail, quiet = false }: LineProps) {
  return (
    <li className={classes.row}>
      {icon}
      <Box miw={0}>
        <Link
          to="/messages/$id"
          params={{ id: activity.message_id }}
          className={classes.link}
          data-quiet={quiet || undefined}
        >
          {headline}
        </Link>
        <Text size="sm" c="dimmed" lineClamp={2}>
          <SentTo activity={activity} />
          {detail}
        </Text>
      </Box>
      <Text size="sm" c="dimmed" className={classes.when}>
        <When at={activity.at} />
      </Text>
    </li>
  );
}

/** Whom a mail went to, where the line itself cannot name one of them. */
function SentTo({ activity }: { activity: Activity }) {
  const unnamed = activity.address === undefined;
  const message = useQuery({
    ...messageQuery(activity.message_id),
    enabled: unnamed,
    staleTime: Infinity,
  });
  return unnamed && message.data && `To ${namesOf(message.data.recipients)}. `;
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
