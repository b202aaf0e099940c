import { Badge, type MantineColor, ThemeIcon, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconClock,
  IconEye,
  IconEyeOff,
  IconHandClick,
  IconHelp,
  IconLoader2,
  IconMailX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Mark, Status } from './wording';

const LOOKS: Record<Mark, { color: MantineColor; Icon: TablerIcon }> = {
  none: { color: 'gray', Icon: IconCheck },
  prefetched: { color: 'yellow', Icon: IconHelp },
  read: { color: 'pine', Icon: IconEye },
  clicked: { color: 'blue', Icon: IconHandClick },
  replied: { color: 'violet', Icon: IconArrowBackUp },
  bounced: { color: 'red', Icon: IconMailX },
  untracked: { color: 'gray', Icon: IconEyeOff },
  moving: { color: 'gray', Icon: IconLoader2 },
  waiting: { color: 'gray', Icon: IconClock },
  trouble: { color: 'orange', Icon: IconAlertTriangle },
  cancelled: { color: 'gray', Icon: IconBan },
};

export function StatusIcon({ mark, size = 36 }: { mark: Mark; size?: number }) {
  const { color, Icon } = LOOKS[mark];
  return (
    <ThemeIcon variant="light" color={color} size={size} radius="xl" aria-hidden>
      <Icon size={size / 2} stroke={1.8} />
    </ThemeIcon>
  );
}

interface StatusBadgeProps {
  status: Status;
  size?: 'md' | 'lg';
  /** In a long list the mark stands beside it, and the keyboard does not stop at its detail. */
  inList?: boolean;
}

export function StatusBadge({ status, size = 'md', inList = false }: StatusBadgeProps) {
  const { color, Icon } = LOOKS[status.mark];
  return (
    <Tooltip label={status.detail}>
      <Badge
        color={color}
        size={size}
        {...(!inList && { leftSection: <Icon size={13} stroke={2} />, tabIndex: 0 })}
      >
        {status.label}
      </Badge>
    </Tooltip>
  );
}
