import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface PageProps {
  title: string;
  /** One line on what the page is for. */
  hint?: ReactNode;
  /** What can be done here, at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, hint, actions, children }: PageProps) {
  useDocumentTitle(`${title} · InboxPro`);
  return (
    <Box maw={1080} mx="auto">
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <Box flex="1 1 260px">
          <Title order={1}>{title}</Title>
          {hint && (
            <Text c="dimmed" size="sm" mt={2}>
              {hint}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </Box>
  );
}
