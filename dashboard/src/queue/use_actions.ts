import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api';
import { noticesQuery } from '../notices/queries';
import type { WallTime } from './wall_time';

/** What can be done with a mail that waits. Each tells when it failed. */
export function useActions(id: string) {
  const client = useQueryClient();
  const path = { path: { id } };
  const callbacks = {
    onSettled: () =>
      Promise.all(
        [['messages'], noticesQuery.queryKey].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
    onError: (error: Error) => notifications.show({ color: 'red', message: error.message }),
  };
  return {
    sendNow: useMutation({
      mutationFn: () => api.POST('/api/v1/messages/{id}/send-now', { params: path }),
      ...callbacks,
    }),
    cancel: useMutation({
      mutationFn: () => api.POST('/api/v1/messages/{id}/cancel', { params: path }),
      ...callbacks,
    }),
    reschedule: useMutation({
      mutationFn: ({ reading, zone }: WallTime) =>
        api.PATCH('/api/v1/messages/{id}', {
          params: path,
          body: { send_at: reading, time_zone: zone },
        }),
      ...callbacks,
    }),
  };
}
