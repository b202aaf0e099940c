import { Group, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api';
import { accountQuery } from '../app/queries';

interface TrackChoiceProps {
  track: Schemas['TrackSwitches'];
  onChange: (track: Schemas['TrackSwitches']) => void;
}

const HINTS: Record<Schemas['TrackingMode'], string | undefined> = {
  on: undefined,
  consented_only:
    'Only if all recipients have agreed; otherwise the mail goes out untouched and says so.',
  off: 'Tracking is off in your account, so this mail goes out untouched.',
};

/** What is tracked of this one mail. */
export function TrackChoice({ track, onChange }: TrackChoiceProps) {
  const mode = useQuery(accountQuery).data?.tracking_mode ?? 'on';
  const off = mode === 'off';
  return (
    <Stack gap={6}>
      <Group gap="lg">
        <Switch
          label="Track opens"
          disabled={off}
          checked={track.opens && !off}
          onChange={({ currentTarget }) => onChange({ ...track, opens: currentTarget.checked })}
        />
        <Switch
          label="Track links"
          disabled={off}
          checked={track.clicks && !off}
          onChange={({ currentTarget }) => onChange({ ...track, clicks: currentTarget.checked })}
        />
      </Group>
      {HINTS[mode] && (
        <Text size="sm" c="dimmed">
          {HINTS[mode]}
        </Text>
      )}
    </Stack>
  );
}
