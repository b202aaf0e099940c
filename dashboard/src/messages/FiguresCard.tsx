import { Card, Divider, Group, SimpleGrid, Stack, Text, Title, Tooltip } from '@mantine/core';
import type { Schemas } from '../api';
import { When } from '../parts/When';
import { LABELS } from './wording';

type Figures = Schemas['Figures'];

/** People in large figures; what is not counted below, with its reason. */
export function FiguresCard({ figures }: { figures: Figures }) {
  return (
    <Card component="section">
      <Title order={2} mb="sm">
        By people
      </Title>
      <SimpleGrid cols={3} spacing="xs">
        <Big label="Opens" value={figures.opens_by_people} />
        <Big label="Clicks" value={figures.clicks_by_people} />
        <Big label="Replies" value={figures.replies} />
      </SimpleGrid>
      {figures.first_read_at && (
        <Text size="sm" c="dimmed" mt="sm">
          First sign of reading <When at={figures.first_read_at} />
        </Text>
      )}
      <Divider my="md" color="var(--inboxpro-line)" />
      <Title order={3} mb={6}>
        Not counted
      </Title>
      <Stack gap={6}>
        {notCounted(figures).map(({ name, value, meaning }) => (
          <Tooltip key={name} label={meaning} position="left">
            <Group justify="space-between" tabIndex={0} className="figures">
              <Text size="sm" c="dimmed">
                {name}
              </Text>
              <Text size="sm" {...(value === 0 && { c: 'dimmed' })}>
                {value}
              </Text>
            </Group>
          </Tooltip>
        ))}
      </Stack>
    </Card>
  );
}

function notCounted(figures: Figures) {
  return [
    {
      name: 'Loaded ahead, reading unknown',
      value: figures.prefetches,
      meaning: LABELS.prefetch.meaning,
    },
    {
      name: 'Scanners and other programs',
      value: figures.opens_by_machines + figures.clicks_by_machines,
      meaning:
        'Security products and programs that loaded the image or followed links before, or without, a person.',
    },
    {
      name: 'You',
      value: figures.opens_by_sender + figures.clicks_by_sender,
      meaning: LABELS.self.meaning,
    },
  ];
}

function Big({ label, value }: { label: string; value: number }) {
  return (
    <div className="figures">
      <Text fz={26} fw={640} lh={1.2} lts="-0.02em" {...(value === 0 && { c: 'dimmed' })}>
        {value.toLocaleString('en')}
      </Text>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </div>
  );
}
