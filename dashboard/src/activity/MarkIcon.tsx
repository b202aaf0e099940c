import { ThemeIcon } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import type { Schemas } from '../api';
import { StatusIcon } from '../messages/StatusMark';

const MARKS = { open: 'read', click: 'clicked', reply: 'replied', bounce: 'bounced' } as const;

export function MarkIcon({ activity }: { activity: Schemas['Activity'] }) {
  const machine = !activity.counted && (activity.kind === 'open' || activity.kind === 'click');
  if (!machine) return <StatusIcon mark={MARKS[activity.kind]} size={32} />;
  return (
    <ThemeIcon variant="transparent" color="gray" size={32} aria-hidden>
      <IconRobot size={17} stroke={1.6} />
    </ThemeIcon>
  );
}
