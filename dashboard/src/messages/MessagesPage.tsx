import {
  Button,
  Card,
  Center,
  Group,
  ScrollArea,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Title,
  Tooltip,
} from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconFilterOff, IconPencil, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Failure } from '../parts/Failure';
import { LoadMore } from '../parts/LoadMore';
import { Page } from '../parts/Page';
import { MessageRow, MessageRowSkeleton } from './MessageRow';
import classes from './MessagesPage.module.css';
import { messageListQuery } from './queries';
import { isShown, SHOWN, type Shown } from './shown';
import { plural } from './wording';

const CHOICES = Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }));

export function MessagesPage() {
  const { show = 'all' } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const [withSubjects, setWithSubjects] = useLocalStorage({
    key: 'inboxpro-subjects',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const choose = (value: string) => {
    if (isShown(value))
      void navigate({ search: value === 'all' ? {} : { show: value }, replace: true });
  };
  return (
    <Page
      title="Messages"
      hint="What became of the mail you sent. Figures count people; machines stand apart."
    >
      <Group justify="space-between" mb="sm" gap="sm">
        <ScrollArea type="never" maw="100%">
          <SegmentedControl
            size="xs"
            value={show}
            onChange={choose}
            data={CHOICES}
            aria-label="Which messages to show"
          />
        </ScrollArea>
        <Tooltip label="Subjects are asked of your Gmail each time this list is shown. InboxPro keeps none of them.">
          <Switch
            size="xs"
            label="Show subjects"
            checked={withSubjects}
            onChange={({ currentTarget }) => setWithSubjects(currentTarget.checked)}
          />
        </Tooltip>
      </Group>
      <MessageList show={show} withSubjects={withSubjects} />
    </Page>
  );
}

function MessageList({ show, withSubjects }: { show: Shown; withSubjects: boolean }) {
  const list = useInfiniteQuery(messageListQuery);
  if (list.isPending) return <ListSkeleton />;
  if (!list.data)
    return (
      <Failure what="Your messages could not be loaded" error={list.error} retry={list.refetch} />
    );

  const all = list.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) return <NothingYet />;
  const shown = all.filter(SHOWN[show].matches);
  return (
    <Stack gap="md">
      {shown.length > 0 ? (
        <Card padding={0} component="ul" className={classes.list}>
          {shown.map((message) => (
            <MessageRow key={message.id} message={message} withSubject={withSubjects} />
          ))}
        </Card>
      ) : (
        <NoneOfThese show={show} among={all.length} />
      )}
      <Group justify="center" gap="md">
        {show !== 'all' && shown.length > 0 && (
          <Text size="sm" c="dimmed">
            {shown.length} of the latest {plural(all.length, 'message')}
          </Text>
        )}
        <LoadMore list={list}>Load older messages</LoadMore>
      </Group>
    </Stack>
  );
}

function ListSkeleton() {
  return (
    <Card
      padding={0}
      component="ul"
      className={classes.list}
      aria-busy
      aria-label="Loading messages"
    >
      {Array.from({ length: 8 }, (_, index) => (
        <MessageRowSkeleton key={index} />
      ))}
    </Card>
  );
}

function NothingYet() {
  return (
    <Card padding="xl">
      <Stack align="center" gap="xs" py="xl">
        <Center className={classes.emptyIcon}>
          <IconSend size={26} stroke={1.5} aria-hidden />
        </Center>
        <Title order={2}>Send your first mail</Title>
        <Text c="dimmed" ta="center" maw={420}>
          It goes out from your own Gmail. As soon as somebody reads it, follows a link or answers,
          you see it here.
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

function NoneOfThese({ show, among }: { show: Shown; among: number }) {
  return (
    <Card padding="xl">
      <Stack align="center" gap="xs" py="lg">
        <Center className={classes.emptyIcon}>
          <IconFilterOff size={26} stroke={1.5} aria-hidden />
        </Center>
        <Text c="dimmed" ta="center">
          “{SHOWN[show].label}” is true of none of the latest {plural(among, 'message')}.
        </Text>
        <Button variant="default" size="xs" renderRoot={(props) => <Link to="/" {...props} />}>
          Show all
        </Button>
      </Stack>
    </Card>
  );
}
