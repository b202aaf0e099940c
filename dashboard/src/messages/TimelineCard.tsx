import { Box, Button, Card, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconSend } from '@tabler/icons-react';
import type { Schemas } from '../api';
import { Failure } from '../parts/Failure';
import { dayOf, ZONE } from '../parts/times';
import { useNow } from '../parts/use_now';
import { When } from '../parts/When';
import { eventsQuery } from './queries';
import { byDay, entriesOf, type Entry } from './timeline';
import classes from './TimelineCard.module.css';
import { EventEntry, MachinesEntry } from './TimelineEntries';
import { isUntracked, statusOf } from './wording';

type Message = Schemas['Message'];

/** The story of one message, oldest first. */
export function TimelineCard({ message }: { message: Message }) {
  const events = useInfiniteQuery(eventsQuery(message.id));
  return (
    <Card component="section">
      <Title order={2}>What happened</Title>
      <Text size="sm" c="dimmed" mb="lg">
        Oldest first. Times are in {ZONE.replaceAll('_', ' ')}.
      </Text>
      {events.isPending ? (
        <EventsSkeleton />
      ) : events.data ? (
        <>
          <Days
            message={message}
            entries={entriesOf(events.data.pages.flatMap(({ items }) => items))}
          />
          {events.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              mt="md"
              loading={events.isFetchingNextPage}
              onClick={() => void events.fetchNextPage()}
            >
              Show what came later
            </Button>
          )}
        </>
      ) : (
        <Failure
          what="The timeline could not be loaded"
          error={events.error}
          retry={events.refetch}
        />
      )}
    </Card>
  );
}

function Days({ message, entries }: { message: Message; entries: Entry[] }) {
  const now = useNow();
  return (
    <Stack gap="lg">
      {message.sent_at && (
        <ol className={classes.line}>
          <li className={classes.entry}>
            <Box className={classes.dot}>
              <IconSend size={15} stroke={1.8} aria-hidden />
            </Box>
            <Text fw={560}>Sent</Text>
            <Text size="sm" c="dimmed">
              {dayOf(message.sent_at, now)}, <When at={message.sent_at} exact />
            </Text>
          </li>
        </ol>
      )}
      {byDay(entries, (at) => dayOf(at, now)).map(({ day, entries: ofDay }) => (
        <section key={day}>
          <Text size="sm" fw={600} mb="xs" component="h3" m={0}>
            {day}
          </Text>
          <ol className={classes.line}>
            {ofDay.map((entry) =>
              entry.type === 'event' ? (
                <EventEntry key={entry.event.id} event={entry.event} message={message} />
              ) : (
                <MachinesEntry key={entry.events[0].id} events={entry.events} message={message} />
              ),
            )}
          </ol>
        </section>
      ))}
      {entries.length === 0 && <Silence message={message} />}
    </Stack>
  );
}

function Silence({ message }: { message: Message }) {
  const waits = message.state === 'sent' && !isUntracked(message);
  return (
    <Text size="sm" c="dimmed">
      {waits
        ? 'Nothing was seen so far. This line grows by itself as soon as something is; the page can stay open.'
        : statusOf(message).detail}
    </Text>
  );
}

function EventsSkeleton() {
  return (
    <Stack gap="lg" aria-busy aria-label="Loading the timeline">
      {[70, 55, 62].map((width) => (
        <Box key={width}>
          <Skeleton height={13} width={`${String(width)}%`} mb={9} />
          <Skeleton height={11} width="40%" />
        </Box>
      ))}
    </Stack>
  );
}
