import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import type { Schemas } from '../api';
import { accountQuery } from '../app/queries';
import { eventsQuery, messageListQuery, messageQuery } from '../messages/queries';
import { headlineOf, whoOf } from '../messages/wording';
import { noticesQuery } from '../notices/queries';
import { findMessage, isFirstRead, isNews, withActivity, withMessage } from './cache';
import { type FeedState, listen } from './connection';

type Activity = Schemas['Activity'];
type Message = Schemas['Message'];
type Notice = Schemas['Notice'];

interface Feed {
  activities: readonly Activity[];
  state: FeedState;
}

const FeedContext = createContext<Feed>({ activities: [], state: 'connecting' });

export function useFeed(): Feed {
  return use(FeedContext);
}

/** Keeps one connection to the feed: new activity goes into the lists, and a first reading is told. */
export function FeedProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [activities, setActivities] = useState<readonly Activity[]>([]);
  const [state, setState] = useState<FeedState>('connecting');

  useEffect(() => {
    const ending = new AbortController();
    let missed = false;
    const onState = (next: FeedState) => {
      setState(next);
      if (next === 'away') void client.invalidateQueries({ queryKey: accountQuery.queryKey });
      if (next === 'live') void client.invalidateQueries({ queryKey: noticesQuery.queryKey });
      if (next === 'live' && missed) void client.invalidateQueries({ queryKey: ['messages'] });
      missed = next === 'away';
    };
    const onActivity = (activity: Activity) => {
      setActivities((list) => withActivity(list, activity));
      void takeIn(client, activity);
    };
    const onNotice = (notice: Notice) => takeInNotice(client, notice);
    listen({ onActivity, onNotice, onState }, ending.signal);
    return () => ending.abort();
  }, [client]);

  return <FeedContext value={{ activities, state }}>{children}</FeedContext>;
}

/** Brings the figures of a message up to date after something was seen of it. */
async function takeIn(client: QueryClient, activity: Activity): Promise<void> {
  const id = activity.message_id;
  const { queryKey } = messageListQuery;
  const known =
    client.getQueryData(messageQuery(id).queryKey) ??
    findMessage(client.getQueryData(queryKey), id);
  if (!isNews(known, activity)) return;
  const message = await readAgain(client, activity);
  if (!message) return;
  client.setQueryData(queryKey, (pages) => withMessage(pages, message));
  void client.invalidateQueries({ queryKey: eventsQuery(id).queryKey });
  void client.invalidateQueries({ queryKey: ['reports'] });
  const isNew = known?.figures.first_read_at === undefined;
  if (isNew && isFirstRead(message, activity, Date.now())) tell(message, activity);
}

/** Shows what went wrong on every page, and once beside whatever is being done. */
function takeInNotice(client: QueryClient, notice: Notice): void {
  for (const queryKey of [noticesQuery.queryKey, ['messages'], accountQuery.queryKey])
    void client.invalidateQueries({ queryKey });
  notifications.show({
    id: `notice-${notice.code}`,
    color: 'orange',
    title: notice.message,
    message: notice.what_to_do,
    autoClose: 10_000,
  });
}

/** The message with `activity` in its figures. An answer that was under way before may lack it: then once more. */
async function readAgain(client: QueryClient, activity: Activity): Promise<Message | undefined> {
  const read = () => client.query({ ...messageQuery(activity.message_id), staleTime: 0 });
  try {
    const message = await read();
    return isNews(message, activity) ? await read() : message;
  } catch {
    return undefined; // The page that shows it says so by itself.
  }
}

function tell(message: Message, activity: Activity): void {
  notifications.show({
    id: `first-${message.id}`,
    title: headlineOf(activity, whoOf(message, activity.recipient)),
    message: (
      <Anchor size="sm" renderRoot={(props) => <NoticeLink id={message.id} {...props} />}>
        See the message
      </Anchor>
    ),
    autoClose: 10_000,
  });
}

function NoticeLink({ id, ...props }: { id: string; className?: string }) {
  return <Link to="/messages/$id" params={{ id }} {...props} />;
}
