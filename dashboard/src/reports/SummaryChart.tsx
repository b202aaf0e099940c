import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import dayjs from 'dayjs';
import type { Schemas } from '../api';
import { partsOf } from './rates';
import type { Grouping } from './search';

interface SummaryChartProps {
  rows: Schemas['SummaryRow'][];
  by: Grouping;
}

/** What became of delivered mail, stacked: the height is what was delivered. */
export function SummaryChart({ rows, by }: SummaryChartProps) {
  const data = rows.map((row) => {
    const { read, unknown, machine, silent, not_tracked } = partsOf(row);
    return {
      key: shortKey(row.key, by),
      Read: read,
      'Reading unknown': unknown,
      'Only machines': machine,
      'No sign': silent,
      'Not tracked': not_tracked,
    };
  });
  return (
    <BarChart
      h={260}
      data={data}
      dataKey="key"
      type="stacked"
      withLegend
      legendProps={{ itemSorter: null }}
      gridAxis="x"
      tickLine="none"
      series={[
        { name: 'Read', color: 'pine.6' },
        { name: 'Reading unknown', color: 'yellow.4' },
        { name: 'Only machines', color: 'var(--inboxpro-machine)' },
        { name: 'No sign', color: 'var(--inboxpro-silent)' },
        { name: 'Not tracked', color: 'var(--inboxpro-untracked)' },
      ]}
      barProps={{ maxBarSize: 34, isAnimationActive: false }}
      yAxisProps={{ allowDecimals: false, width: 34 }}
      xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 18 }}
    />
  );
}

function shortKey(key: string, by: Grouping): string {
  if (by === 'day') return dayjs(key).format('D MMM');
  return by === 'hour' ? `${key}:00` : key;
}
