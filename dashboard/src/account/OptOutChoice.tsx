import { Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, dataOf } from '../api';
import { accountQuery } from '../app/queries';

/** Whether tracked mail says that it is tracked. */
export function OptOutChoice({ shown }: { shown: boolean }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (shows_opt_out: boolean) =>
      dataOf(api.PATCH('/api/v1/account', { body: { shows_opt_out } })),
    onSuccess: (account) => client.setQueryData(accountQuery.queryKey, account),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
  return (
    <Switch
      mt="md"
      label="Say at the end of a tracked mail that it is tracked"
      description="With a link by which your recipient can object. Without it, the link is in the mail’s header only, which few people look at."
      checked={change.isPending ? change.variables : shown}
      disabled={change.isPending}
      onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
    />
  );
}
