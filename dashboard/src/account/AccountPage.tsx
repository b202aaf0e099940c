import { Avatar, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../api';
import { accountQuery } from '../app/queries';
import { Page } from '../parts/Page';
import { When } from '../parts/When';
import { Disconnect } from './Disconnect';
import { Features } from './Features';
import { OptOutChoice } from './OptOutChoice';
import { RecipientRules } from './RecipientRules';
import { SendingChoice } from './SendingChoice';
import { SendingHours } from './SendingHours';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';
import { TrackingModeChoice } from './TrackingModeChoice';

export function AccountPage() {
  const { data: account } = useQuery(accountQuery);
  if (!account) return null; // The shell shows pages only with an account.
  return (
    <Page title="Account">
      <Stack gap="lg" maw={820}>
        <Person account={account} />
        <Section
          title="Tracking"
          hint="Holds for mail that you send from now on. Each mail has its own switches too."
        >
          <TrackingModeChoice mode={account.tracking_mode} />
          <OptOutChoice shown={account.shows_opt_out} />
        </Section>
        <Section
          title="Never track"
          hint="Mail to these people carries no pixel, and its links stay untouched. Who objected by themselves is not tracked either, and need not be here."
        >
          <RecipientRules kind="never" />
        </Section>
        <Section
          title="Domains with a choice of their own"
          hint="For a company, or for a whole country by its ending. The narrowest one counts. While tracking is off above, it is off for all."
        >
          <RecipientRules kind="domain" />
        </Section>
        <Section
          title="Who agreed to be tracked"
          hint="Needed where you track only who agreed. You may have to show how and when somebody did."
        >
          <RecipientRules kind="consent" />
        </Section>
        <Section title="Sending">
          <SendingChoice account={account} />
        </Section>
        <Section
          title="Sending hours and daily limit"
          hint="So that mail goes out when people work, and never more than Google takes."
        >
          <SendingHours account={account} />
        </Section>
        <Section
          title="What Google lets InboxPro do"
          hint="Each permission is asked for when its feature is switched on."
        >
          <Features features={account.features} />
        </Section>
        <Section title="Where you are signed in">
          <Sessions />
        </Section>
        <Section
          title="API tokens"
          hint="For programs of yours. A token can do what its scopes say, and nothing more."
        >
          <Tokens />
        </Section>
        <Section title="Disconnect">
          <Disconnect email={account.email} />
        </Section>
      </Stack>
    </Page>
  );
}

interface SectionProps {
  title: string;
  hint?: string;
  children: ReactNode;
}

function Section({ title, hint, children }: SectionProps) {
  return (
    <Card component="section">
      <Title order={2}>{title}</Title>
      {hint && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
      <div style={{ marginTop: 'var(--mantine-spacing-md)' }}>{children}</div>
    </Card>
  );
}

const STATES = {
  active: { color: 'pine', text: 'Connected' },
  reconnect_needed: { color: 'orange', text: 'Reconnect needed' },
  disconnected: { color: 'gray', text: 'Disconnected' },
} as const;

function Person({ account }: { account: Schemas['Account'] }) {
  const state = STATES[account.state];
  return (
    <Card component="section">
      <Group gap="md" wrap="nowrap" align="flex-start">
        <Avatar name={account.name} color="pine" size={52} />
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Title order={2}>{account.name}</Title>
            <Badge color={state.color}>{state.text}</Badge>
          </Group>
          <Text>{account.email}</Text>
          <Text size="sm" c="dimmed" mt={4}>
            Linked <When at={account.created_at} />. Name and address are all that is kept of you.
          </Text>
          {account.mailbox.last_looked_at && (
            <Text size="sm" c="dimmed" mt={4}>
              Gmail looked at <When at={account.mailbox.last_looked_at} />.
            </Text>
          )}
        </div>
      </Group>
    </Card>
  );
}
