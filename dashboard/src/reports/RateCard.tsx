import { Card, Group, Progress, Text, Title } from '@mantine/core';
import { inWords, percent, type Rate, shares } from './rates';

interface RateCardProps {
  title: string;
  verb: string;
  rate: Rate;
  color: string;
}

/** A rate with all that belongs to it. */
export function RateCard({ title, verb, rate, color }: RateCardProps) {
  const { sure, unknown } = shares(rate);
  return (
    <Card component="section" className="figures">
      <Group justify="space-between" align="baseline">
        <Title order={3} c="dimmed" fw={540}>
          {title}
        </Title>
        <Text fz={26} fw={640} lts="-0.02em" lh={1.2}>
          {percent(rate)}
        </Text>
      </Group>
      <Progress.Root size={8} my="sm" aria-hidden>
        <Progress.Section value={sure} color={color} />
        <Progress.Section value={unknown} color="yellow.4" />
      </Progress.Root>
      <Text size="sm">{inWords(rate, verb)}</Text>
    </Card>
  );
}
