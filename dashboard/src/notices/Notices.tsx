import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { api, type Schemas } from '../api';
import { messageQuery } from '../messages/queries';
import { namesOf } from '../messages/wording';
import { aboutOf, type Group, grouped } from './groups';
import { noticesQuery } from './queries';

/** What went wrong with mail, on every page until it is dismissed or over. */
export function Notices({ account }: { account: Schemas['Account'] }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const { data } = useQuery(noticesQuery);
  const shownMail = /^\/messages\/(.+)$/.exec(path)?.[1];
  // The account's own notice says this one, with a button.
  const elsewhere = new Set(account.state === 'reconnect_needed' ? ['reconnect'] : []);
  const groups = grouped(data?.items ?? [], shownMail, elsewhere);
  if (groups.length === 0) return null;
  return (
    <Stack gap="sm" mb="lg">
      {groups.map((group) => (
        <OneNotice key={group.code} group={group} />
      ))}
    </Stack>
  );
}

function OneNotice({ group }: { group: Group }) {
  const { newest, count } = group;
  const client = useQueryClient();
  const mail = useQuery({
    ...messageQuery(newest.message_id ?? ''),
    enabled: newest.message_id !== undefined && count === 1,
  });
  const dismiss = useMutation({
    mutationFn: () => api.DELETE('/api/v1/notices', { params: { query: { code: group.code } } }),
    onSettled: () => client.invalidateQueries({ queryKey: noticesQuery.queryKey }),
    onError: (error: Error) => notifications.show({ color: 'red', message: error.message }),
  });
  const about = aboutOf(group, mail.data && namesOf(mail.data.recipients));
  return (
    <Alert
      color="orange"
      radius="lg"
      icon={<IconAlertTriangle />}
      title={about ?? newest.message}
      role="alert"
      withCloseButton
      closeButtonLabel="Dismiss this notice"
      onClose={() => dismiss.mutate()}
    >
      <Text size="sm">
        {about !== undefined && `${newest.message} `}
        {newest.what_to_do} <WhereToLook group={group} />
      </Text>
    </Alert>
  );
}

function WhereToLook({ group: { newest, count } }: { group: Group }) {
  if (count === 1 && newest.message_id !== undefined)
    return (
      <Anchor
        size="sm"
        renderRoot={(props) => <MailLink id={newest.message_id ?? ''} {...props} />}
      >
        See the mail
      </Anchor>
    );
  const isOver = newest.code === 'draft_left';
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to={isOver ? '/' : '/queue'} {...props} />}>
      {isOver ? 'See your messages' : 'See the queue'}
    </Anchor>
  );
}

function MailLink({ id, ...props }: { id: string; className?: string }) {
  return <Link to="/messages/$id" params={{ id }} {...props} />;
}
