import { Select, SimpleGrid } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../api';
import { accountQuery } from '../app/queries';

const UNDO = [
  { value: '0', label: 'Send at once' },
  ...['5', '10', '20', '30'].map((value) => ({ value, label: `${value} seconds` })),
];
const LATE = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: 'A day' },
];

/** How long mail can be taken back, and how late it may go out unasked. */
export function SendingChoice({ account }: { account: Schemas['Account'] }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Schemas['AccountChange']) => dataOf(api.PATCH('/api/v1/account', { body })),
    onSuccess: (changed) => {
      client.setQueryData(accountQuery.queryKey, changed);
      notifications.show({ message: 'Changed for mail that you send from now on.' });
    },
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label="Time to undo"
        description="In which a mail you sent can be taken back"
        data={UNDO}
        value={String(account.undo_seconds)}
        disabled={change.isPending}
        allowDeselect={false}
        onChange={(value) => change.mutate({ undo_seconds: Number(value) })}
      />
      <Select
        label="Ask me when it is later than"
        description="Mail that could not go out in time waits for you then"
        data={LATE}
        value={String(account.late_after_minutes)}
        disabled={change.isPending}
        allowDeselect={false}
        onChange={(value) => change.mutate({ late_after_minutes: Number(value) })}
      />
    </SimpleGrid>
  );
}
