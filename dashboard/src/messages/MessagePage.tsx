import { Anchor, Card, Grid, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconArrowLeft, IconEyeOff, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError, type Schemas } from '../api';
import { Failure } from '../parts/Failure';
import { When } from '../parts/When';
import { WaitingNotice } from '../queue/WaitingNotice';
import { FiguresCard } from './FiguresCard';
import { ProblemNotice } from './ProblemNotice';
import { messageQuery, subjectQuery } from './queries';
import { RecipientsCard } from './RecipientsCard';
import { StatusBadge } from './StatusMark';
import { TimelineCard } from './TimelineCard';
import { namesOf, statusOf, untrackedNotice } from './wording';

type Message = Schemas['Message'];

export function MessagePage() {
  const { id } = useParams({ from: '/messages/$id' });
  const message = useQuery(messageQuery(id));
  return (
    <Stack gap="lg" maw={1080} mx="auto">
      <Anchor size="sm" c="dimmed" renderRoot={(props) => <Link to="/" {...props} />}>
        <Group gap={6}>
          <IconArrowLeft size={15} aria-hidden /> Messages
        </Group>
      </Anchor>
      {message.data ? (
        <Found message={message.data} />
      ) : message.error ? (
        <Failure
          what="This message could not be loaded"
          error={message.error}
          retry={message.refetch}
        />
      ) : (
        <PageSkeleton />
      )}
    </Stack>
  );
}

function Found({ message }: { message: Message }) {
  const untracked = untrackedNotice(message);
  return (
    <>
      <Heading message={message} />
      {(message.state === 'undo' || message.state === 'scheduled') && !message.problem && (
        <WaitingNotice message={message} />
      )}
      {message.problem && <ProblemNotice message={message} problem={message.problem} />}
      {untracked && (
        <Card padding="sm" px="lg">
          <Group gap="sm" wrap="nowrap">
            <IconEyeOff size={19} stroke={1.6} aria-hidden />
            <Text size="sm" flex={1}>
              <b>{untracked.title}</b> {untracked.text}
            </Text>
          </Group>
        </Card>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7.5 }} order={{ base: 2, md: 1 }}>
          <TimelineCard message={message} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4.5 }} order={{ base: 1, md: 2 }}>
          <Stack gap="lg">
            {message.state === 'sent' && <FiguresCard figures={message.figures} />}
            <RecipientsCard message={message} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function Heading({ message }: { message: Message }) {
  const subject = useQuery({ ...subjectQuery(message.id), enabled: message.state === 'sent' });
  const asked = subject.data?.subject;
  const title = asked === undefined || asked === '' ? namesOf(message.recipients) : asked;
  useDocumentTitle(`${title} · InboxPro`);
  return (
    <Stack gap={8} component="header">
      {subject.isLoading ? (
        <Skeleton height={30} width="min(420px, 80%)" />
      ) : (
        <Title order={1}>{title}</Title>
      )}
      <Group gap="md" style={{ rowGap: 6 }}>
        <StatusBadge status={statusOf(message)} size="lg" />
        <Text size="sm" c="dimmed">
          {message.sent_at ? 'Sent ' : 'Written '}
          <When at={message.sent_at ?? message.created_at} />
        </Text>
        <Group gap={5} wrap="nowrap">
          <IconLock size={14} stroke={1.8} opacity={0.6} aria-hidden />
          <Text size="sm" c="dimmed">
            {whereSubjectIs(message, subject.error, subject.data !== undefined)}
          </Text>
        </Group>
      </Group>
    </Stack>
  );
}

function whereSubjectIs(message: Message, error: Error | null, found: boolean): string {
  if (found) return 'Subject asked of Gmail just now, kept nowhere';
  if (message.state !== 'sent') return 'Subject and text are in your Gmail only';
  if (error instanceof ApiError && error.status === 404)
    return 'The mail is no longer in your Gmail';
  return error ? 'Gmail could not be asked for the subject' : 'Asking Gmail for the subject';
}

function PageSkeleton() {
  return (
    <Stack gap="lg" aria-busy aria-label="Loading the message">
      <Skeleton height={30} width="min(420px, 80%)" />
      <Skeleton height={22} width={260} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7.5 }}>
          <Skeleton height={360} radius="lg" />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4.5 }}>
          <Skeleton height={240} radius="lg" />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
