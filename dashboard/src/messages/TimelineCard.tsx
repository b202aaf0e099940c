import { Box, Button, Card, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schemas } from '../api';
import { Failure } from '../parts/Failure';
import { byDay, dayOf, ZONE } from '../parts/times';
import { useNow } from '../parts/use_now';
import { eventsQuery } from './queries';
import { beginOf, entriesOf, type Entry } from './timeline';
import classes from './TimelineCard.module.css';
import { EventEntry, MachinesEntry, SentEntry } from './TimelineEntries';
import { isUntracked, statusOf } from './wording';

type Event = Schemas['Event'];
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
          bare
          what="The timeline could not be loaded"
          error={events.error}
          retry={events.refetch}
        />
      )}
    </Card>
  );
}

interface DaysProps {
  message: Message;
  entries: Entry<Event>[];
}

function Days({ message, entries }: DaysProps) {
  const now = useNow();
  const sent = message.sent_at ? [{ type: 'sent' as const, at: message.sent_at }] : [];
  const days = byDay([...sent, ...entries], (line) =>
    dayOf(line.type === 'sent' ? line.at : beginOf(line), now),
  );
  return (
    <Stack gap="lg">
      {days.map(({ day, items }) => (
        <section key={day}>
          <Text size="sm" fw={600} component="h3" m={0} mb="xs">
            {day}
          </Text>
          <ol className={classes.line}>
            {items.map((line) =>
              line.type === 'sent' ? (
                <SentEntry key="sent" at={line.at} />
              ) : line.type === 'event' ? (
                <EventEntry key={line.event.id} event={line.event} message={message} />
              ) : (
                <MachinesEntry key={line.events[0].id} events={line.events} message={message} />
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
