import '@mantine/dates/styles.css';

import {
  Box,
  Button,
  Card,
  Group,
  SegmentedControl,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { IconCalendar, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api';
import { Failure } from '../parts/Failure';
import { Page } from '../parts/Page';
import { ZONE } from '../parts/times';
import { plural } from '../messages/wording';
import { summaryQuery } from './queries';
import { RateCard } from './RateCard';
import { clickRate, readRate, replyRate } from './rates';
import { type Grouping, GROUPINGS, isGrouping } from './search';
import { everyDay, everyHour, instantsOf, latestDays, type Span } from './span';
import { SummaryChart } from './SummaryChart';
import { SummaryTable } from './SummaryTable';

const PRESETS = [7, 30, 90].map((days) => {
  const { from, to } = latestDays(days);
  return { value: [from, to] as [string, string], label: `Last ${String(days)} days` };
});

export function ReportsPage() {
  const search = useSearch({ from: '/reports' });
  const navigate = useNavigate({ from: '/reports' });
  const span: Span =
    search.from && search.to ? { from: search.from, to: search.to } : latestDays(30);
  const by = search.by ?? 'day';
  const exported = new URLSearchParams(instantsOf(span)).toString();
  return (
    <Page
      title="Reports"
      hint={`Mail sent in the span, each counted once, also those to several people. Days and hours in ${ZONE.replaceAll('_', ' ')}.`}
      actions={
        <Button
          component="a"
          href={`/api/v1/events.csv?${exported}`}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Export as CSV
        </Button>
      }
    >
      <Group mb="lg" gap="sm" justify="space-between">
        <SpanPicker
          span={span}
          onChange={(next) =>
            void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
          }
        />
        <SegmentedControl
          size="xs"
          aria-label="Split by"
          data={Object.entries(GROUPINGS).map(([value, label]) => ({ value, label }))}
          value={by}
          onChange={(value) => {
            if (isGrouping(value))
              void navigate({ search: (before) => ({ ...before, by: value }), replace: true });
          }}
        />
      </Group>
      <Report span={span} by={by} />
    </Page>
  );
}

function SpanPicker({ span, onChange }: { span: Span; onChange: (span: Span) => void }) {
  const [value, setValue] = useState<[string | null, string | null]>([span.from, span.to]);
  return (
    <DatePickerInput
      type="range"
      aria-label="Span of time"
      allowSingleDateInRange
      weekendDays={[]}
      leftSection={<IconCalendar size={17} stroke={1.6} />}
      presets={PRESETS}
      maxDate={latestDays(1).to}
      valueFormat="D MMM YYYY"
      value={value}
      onChange={(next) => {
        setValue(next);
        const [from, to] = next;
        if (from && to) onChange({ from, to });
      }}
      miw={250}
    />
  );
}

function Report({ span, by }: { span: Span; by: Grouping }) {
  const summary = useQuery(summaryQuery(span, by));
  if (summary.isPending) return <ReportSkeleton />;
  if (!summary.data)
    return (
      <Failure
        what="The report could not be loaded"
        error={summary.error}
        retry={summary.refetch}
      />
    );
  const { items, totals } = summary.data;
  if (totals.sent === 0) return <NothingSent />;
  return (
    <Stack gap="lg" opacity={summary.isPlaceholderData ? 0.5 : 1}>
      <Text size="sm" c="dimmed">
        {plural(totals.sent, 'mail')} sent, {totals.delivered.toLocaleString('en')} delivered
        {totals.not_tracked > 0 &&
          `, ${totals.not_tracked.toLocaleString('en')} of them not tracked`}
        .
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
        <RateCard title="Read" verb="read" rate={readRate(totals)} color="pine" />
        <RateCard title="Clicked" verb="clicked" rate={clickRate(totals)} color="blue" />
        <RateCard title="Replied" verb="replied" rate={replyRate(totals)} color="violet" />
      </SimpleGrid>
      <Rows items={items} totals={totals} span={span} by={by} />
      <Text size="sm" c="dimmed" maw={720}>
        Unknown: a mail app loaded everything ahead, so reading cannot be known. No sign is not the
        same as unread: people who block images leave none. Mail that is not tracked is part of no
        rate of reading or clicking.
      </Text>
    </Stack>
  );
}

type RowsProps = Schemas['Summary'] & { span: Span; by: Grouping };

function Rows({ items, totals, span, by }: RowsProps) {
  const rows = by === 'day' ? everyDay(items, span) : by === 'hour' ? everyHour(items) : items;
  return (
    <>
      {by !== 'recipient_domain' && (
        <Card component="section">
          <Title order={2} mb="md">
            What became of delivered mail
          </Title>
          <SummaryChart rows={rows} by={by} />
        </Card>
      )}
      <Card component="section" padding={0} py="xs">
        <SummaryTable rows={items} totals={totals} by={by} />
      </Card>
    </>
  );
}

function NothingSent() {
  return (
    <Card padding="xl">
      <Text c="dimmed" ta="center" py="xl">
        No mail was sent in this span. Choose a longer one, or write a mail.
      </Text>
    </Card>
  );
}

function ReportSkeleton() {
  return (
    <Box aria-busy aria-label="Loading the report">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg" mb="lg">
        {[0, 1, 2].map((card) => (
          <Skeleton key={card} height={118} radius="lg" />
        ))}
      </SimpleGrid>
      <Skeleton height={330} radius="lg" />
    </Box>
  );
}
