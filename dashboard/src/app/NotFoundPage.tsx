import { Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../parts/Page';

export function NotFoundPage() {
  return (
    <Page title="There is nothing here">
      <Stack align="flex-start">
        <Text c="dimmed">The address may be misspelt, or what was here is gone.</Text>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to your messages</Button>
      </Stack>
    </Page>
  );
}
