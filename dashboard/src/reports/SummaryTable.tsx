import { ScrollArea, Table, Text, Tooltip } from '@mantine/core';
import dayjs from 'dayjs';
import type { Schemas } from '../api';
import { inWords, readRate } from './rates';
import { type Grouping, GROUPINGS } from './search';

interface SummaryTableProps {
  rows: Schemas['SummaryRow'][];
  totals: Schemas['SummaryFigures'];
  by: Grouping;
}

const COLUMNS = [
  { key: 'sent', label: 'Sent', meaning: 'Mails that went out' },
  { key: 'delivered', label: 'Delivered', meaning: 'Sent and not bounced' },
  { key: 'clicked', label: 'Clicked', meaning: 'A person followed a link' },
  { key: 'replied', label: 'Replied', meaning: 'An answer arrived' },
  { key: 'machine', label: 'Machines', meaning: 'Scanners or programs came, but no person' },
  {
    key: 'not_tracked',
    label: 'Not tracked',
    meaning: 'Reading cannot be seen. Part of no rate of reading or clicking.',
  },
] as const;

/** The same figures as text. Rows without mail are left out. */
export function SummaryTable({ rows, totals, by }: SummaryTableProps) {
  const filled = rows.filter(({ sent }) => sent > 0);
  return (
    <ScrollArea type="auto">
      <Table
        className="figures"
        verticalSpacing={9}
        horizontalSpacing="md"
        miw={720}
        borderColor="var(--inboxpro-line)"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{GROUPINGS[by]}</Table.Th>
            <Table.Th>Read</Table.Th>
            {COLUMNS.map(({ key, label, meaning }) => (
              <Table.Th key={key} ta="right">
                <Tooltip label={meaning}>
                  <span>{label}</span>
                </Tooltip>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {filled.map((row) => (
            <Line key={row.key} name={nameOfKey(row.key, by)} figures={row} />
          ))}
        </Table.Tbody>
        <Table.Tfoot fw={600} style={{ borderTop: '1px solid var(--inboxpro-line)' }}>
          <Line name="All" figures={totals} />
        </Table.Tfoot>
      </Table>
    </ScrollArea>
  );
}

function Line({ name, figures }: { name: string; figures: Schemas['SummaryFigures'] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw="inherit">
        {name}
      </Table.Th>
      <Table.Td>{inWords(readRate(figures), 'read')}</Table.Td>
      {COLUMNS.map(({ key }) => (
        <Table.Td key={key} ta="right">
          <Text span inherit {...(figures[key] === 0 && { c: 'dimmed' })}>
            {figures[key].toLocaleString('en')}
          </Text>
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function nameOfKey(key: string, by: Grouping): string {
  if (by === 'day') return dayjs(key).format('ddd, D MMM YYYY');
  if (by !== 'hour') return key;
  const hour = Number(key);
  return `${key}:00 to ${String((hour + 1) % 24).padStart(2, '0')}:00`;
}
