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

/** Ends a permission with a price, and leads to Google's consent for what is left. */
export function useGiveBack() {
  return useMutation({
    mutationFn: (feature: string) =>
      dataOf(
        api.DELETE('/api/v1/account/permissions/{feature}', { params: { path: { feature } } }),
      ),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
}
