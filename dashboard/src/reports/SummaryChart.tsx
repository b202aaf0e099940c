import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import dayjs from 'dayjs';
import type { Schemas } from '../api';
import type { Grouping } from './search';

interface SummaryChartProps {
  rows: Schemas['SummaryRow'][];
  by: Grouping;
}

/** What became of delivered mail, stacked: the height is what was delivered. */
export function SummaryChart({ rows, by }: SummaryChartProps) {
  const data = rows.map((row) => {
    const unknown = Math.min(row.unknown, row.delivered - row.read);
    return {
      key: shortKey(row.key, by),
      Read: row.read,
      'Reading unknown': unknown,
      'No sign': Math.max(row.delivered - row.read - unknown, 0),
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
        { name: 'No sign', color: 'gray.4' },
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
