import { Anchor, Button, Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconEye, IconLock, IconRobotOff } from '@tabler/icons-react';
import { Logo } from './Logo';

const PROMISES = [
  { Icon: IconEye, text: 'See who read, clicked and replied, while it happens.' },
  { Icon: IconRobotOff, text: 'Machines are told apart from people, with the reason.' },
  { Icon: IconLock, text: 'Your mail stays in your Gmail. Its content is never stored here.' },
];

/** Where every path leads while nobody is signed in. */
export function SignedOutPage() {
  useDocumentTitle('Sign in · InboxPro');
  return (
    <Center mih="100vh" p="md">
      <Card w="100%" maw={440} padding="xl" component="main">
        <Stack gap="lg">
          <Logo />
          <div>
            <Title order={1}>You are signed out</Title>
            <Text c="dimmed" mt={4}>
              Sign in with the Google account that you linked, or link one in two steps.
            </Text>
          </div>
          <Stack gap="xs">
            <Button component="a" href="/sign-in" size="md">
              Sign in
            </Button>
            <Button component="a" href="/activate" size="md" variant="default">
              Activate InboxPro
            </Button>
          </Stack>
          <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {PROMISES.map(({ Icon, text }) => (
              <Group key={text} component="li" gap="sm" wrap="nowrap" align="flex-start">
                <Icon size={18} stroke={1.6} color="var(--mantine-primary-color-7)" aria-hidden />
                <Text size="sm" c="dimmed" flex={1}>
                  {text}
                </Text>
              </Group>
            ))}
          </Stack>
          <Group gap="md">
            <Anchor href="/terms" size="xs" c="dimmed">
              Terms
            </Anchor>
            <Anchor href="/privacy-policy" size="xs" c="dimmed">
              Privacy policy
            </Anchor>
          </Group>
        </Stack>
      </Card>
    </Center>
  );
}
