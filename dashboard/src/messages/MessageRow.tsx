import { Box, Group, Skeleton, Text } from '@mantine/core';
import { IconEye, IconHandClick, IconRobot } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api';
import { When } from '../parts/When';
import classes from './MessageRow.module.css';
import { subjectQuery } from './queries';
import { StatusBadge, StatusIcon } from './StatusMark';
import { leftOut, namesOf, plural, statusOf } from './wording';

type Message = Schemas['Message'];

export function MessageRow({ message, withSubject }: { message: Message; withSubject: boolean }) {
  const status = statusOf(message);
  return (
    <li className={classes.row}>
      <StatusIcon mark={status.mark} />
      <Box miw={0} className={classes.what}>
        <Link to="/messages/$id" params={{ id: message.id }} className={classes.link}>
          <Text fw={560} truncate span display="block">
            {namesOf(message.recipients)}
          </Text>
        </Link>
        {withSubject && <RowSubject message={message} />}
      </Box>
      <div className={classes.signs}>
        <Box className={classes.status}>
          <StatusBadge status={status} inList />
        </Box>
        <RowFigures figures={message.figures} />
      </div>
      <Text size="sm" c="dimmed" className={classes.when}>
        <When at={message.sent_at ?? message.created_at} />
      </Text>
    </li>
  );
}

function RowSubject({ message }: { message: Message }) {
  const subject = useQuery({ ...subjectQuery(message.id), enabled: message.state === 'sent' });
  if (subject.isLoading) return <Skeleton height={12} width="min(280px, 70%)" my={5} />;
  return (
    <Text size="sm" c="dimmed" truncate>
      {subject.data ? subject.data.subject || 'No subject' : 'Subject stays in Gmail'}
    </Text>
  );
}

function RowFigures({ figures }: { figures: Schemas['Figures'] }) {
  const machines = leftOut(figures);
  const parts = [
    {
      Icon: IconEye,
      count: figures.opens_by_people,
      says: plural(figures.opens_by_people, 'open by people', 'opens by people'),
    },
    {
      Icon: IconHandClick,
      count: figures.clicks_by_people,
      says: plural(figures.clicks_by_people, 'click by people', 'clicks by people'),
    },
    {
      Icon: IconRobot,
      count: machines,
      says: `${plural(machines, 'request')} not counted: machines, loaded ahead, or you`,
      quiet: true,
    },
  ].filter(({ count }) => count > 0);
  return (
    <Group gap="sm" wrap="nowrap" className={`figures ${classes.figures ?? ''}`}>
      {parts.map(({ Icon, count, says, quiet }) => (
        <Group key={says} gap={4} wrap="nowrap" title={says} opacity={quiet ? 0.6 : 1}>
          <Icon size={16} stroke={1.6} aria-hidden />
          <Text size="sm" span aria-label={says} role="img" className={classes.count}>
            {count}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

export function MessageRowSkeleton() {
  return (
    <li className={classes.row}>
      <Skeleton circle height={36} />
      <Box className={classes.what}>
        <Skeleton height={13} width="55%" mb={9} />
        <Skeleton height={11} width="38%" />
      </Box>
      <Skeleton height={20} width={90} className={classes.status} />
    </li>
  );
}
