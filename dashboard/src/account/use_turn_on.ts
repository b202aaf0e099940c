import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { api, dataOf } from '../api';

/** Leads to Google's consent for a feature. */
export function useTurnOn() {
  return useMutation({
    mutationFn: (feature: string) =>
      dataOf(api.POST('/api/v1/account/permissions', { body: { feature } })),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
}
