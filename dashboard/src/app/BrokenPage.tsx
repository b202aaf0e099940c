import { Button, Stack, Text } from '@mantine/core';
import { Page } from '../parts/Page';

/** In place of a page whose code failed, or could not be fetched because a newer version is served. */
export function BrokenPage() {
  return (
    <Page title="This page could not be shown">
      <Stack align="flex-start">
        <Text c="dimmed">
          A newer version may have been installed meanwhile. Loading again often helps.
        </Text>
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Stack>
    </Page>
  );
}
