import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Button,
  Group,
  NavLink,
  Stack,
  Text,
  Transition,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconChartBar,
  IconClock,
  IconCloudOff,
  IconMail,
  IconPencil,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFeed } from '../activity/Feed';
import type { Schemas } from '../api';
import { ReconnectNotice } from '../account/ReconnectNotice';
import { Notices } from '../notices/Notices';
import { AccountMenu } from './AccountMenu';
import { Logo } from './Logo';
import classes from './Shell.module.css';

const PLACES = [
  { to: '/', label: 'Messages', Icon: IconMail },
  { to: '/queue', label: 'Queue', Icon: IconClock },
  { to: '/activity', label: 'Activity', Icon: IconActivity },
  { to: '/reports', label: 'Reports', Icon: IconChartBar },
  { to: '/account', label: 'Account', Icon: IconUserCircle },
] as const;

interface ShellProps {
  account: Schemas['Account'];
  children: ReactNode;
}

export function Shell({ account, children }: ShellProps) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.surface}>
        <Group h="100%" px="md" justify="space-between">
          <Group gap="xs">
            <Burger opened={opened} onClick={toggle} size="sm" aria-label="Menu" />
            <Logo />
          </Group>
          <ActionIcon
            size="lg"
            aria-label="Write a mail"
            onClick={close}
            renderRoot={(props) => <Link to="/compose" {...props} />}
          >
            <IconPencil size={18} />
          </ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" className={classes.surface}>
        <Box visibleFrom="sm" mb="lg" px={4}>
          <Logo />
        </Box>
        <Button
          leftSection={<IconPencil size={17} />}
          mb="md"
          onClick={close}
          renderRoot={(props) => <Link to="/compose" {...props} />}
        >
          Write a mail
        </Button>
        <Places onGo={close} />
        <Stack mt="auto" gap="xs">
          <AccountMenu account={account} />
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {account.state === 'reconnect_needed' && <ReconnectNotice />}
        <Notices account={account} />
        {children}
      </AppShell.Main>
      <AwayNotice />
    </AppShell>
  );
}

function Places({ onGo }: { onGo: () => void }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <Stack gap={2} component="nav" aria-label="Main">
      {PLACES.map(({ to, label, Icon }) => (
        <NavLink
          key={to}
          label={label}
          leftSection={<Icon size={18} stroke={1.6} />}
          active={to === '/' ? path === '/' || path.startsWith('/messages/') : path === to}
          onClick={onGo}
          classNames={{ root: classes.place }}
          renderRoot={(props) => <Link to={to} {...props} />}
        />
      ))}
    </Stack>
  );
}

/** Said once for the whole page while the server does not answer. */
function AwayNotice() {
  const { state } = useFeed();
  return (
    <Transition mounted={state === 'away'} transition="slide-up" enterDelay={2_000}>
      {(style) => (
        <Group className={classes.away} style={style} role="status" gap="xs" wrap="nowrap">
          <IconCloudOff size={17} aria-hidden />
          <Text size="sm">The server does not answer. Trying again; what you see may be old.</Text>
        </Group>
      )}
    </Transition>
  );
}
