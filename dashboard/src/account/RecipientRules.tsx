import { Badge, Button, Group, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError, dataOf, type Schemas } from '../api';
import { Failure } from '../parts/Failure';
import { When } from '../parts/When';
import { rulesQuery } from './queries';

type Kind = Schemas['RecipientRuleKind'];
type Rule = Schemas['RecipientRule'];
type Mode = Schemas['TrackingMode'];

const WORDS: Record<Kind, { subject: string; placeholder: string; add: string; none: string }> = {
  never: {
    subject: 'Address or domain',
    placeholder: 'ada@example.org or example.org',
    add: 'Never track',
    none: 'Nobody is on the list.',
  },
  domain: {
    subject: 'Domain or country ending',
    placeholder: 'example.org or de',
    add: 'Set',
    none: 'All domains go by your choice above.',
  },
  consent: {
    subject: 'Address',
    placeholder: 'ada@example.org',
    add: 'Note consent',
    none: 'Nobody’s consent is noted.',
  },
};

const MODES: { value: Mode; label: string }[] = [
  { value: 'off', label: 'Off' },
  { value: 'consented_only', label: 'Only who agreed' },
  { value: 'on', label: 'On' },
];

/** One list of rules about recipients, with a line to add to it. */
export function RecipientRules({ kind }: { kind: Kind }) {
  const rules = useQuery(rulesQuery(kind));
  if (rules.isPending) return <Skeleton height={56} />;
  if (!rules.data)
    return (
      <Failure bare what="The list could not be loaded" error={rules.error} retry={rules.refetch} />
    );
  return (
    <Stack gap="md">
      {rules.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {WORDS[kind].none}
        </Text>
      )}
      {rules.data.items.map((rule) => (
        <RuleLine key={rule.id} rule={rule} />
      ))}
      {rules.data.next && (
        <Text size="sm" c="dimmed">
          There are more than 200; the API lists all of them.
        </Text>
      )}
      <NewRule kind={kind} />
    </Stack>
  );
}

function RuleLine({ rule }: { rule: Rule }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE('/api/v1/recipient-rules/{id}', { params: { path: { id: rule.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesQuery(rule.kind).queryKey }),
    onError: ({ message }) => notifications.show({ color: 'red', message }),
  });
  const mode = MODES.find(({ value }) => value === rule.mode);
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ flex: '1 1 260px', minWidth: 0 }}>
        <Group gap={6}>
          <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
            {rule.subject}
          </Text>
          {mode && <Badge color="gray">{mode.label}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {rule.note ? `${rule.note}. ` : ''}Noted <When at={rule.created_at} />
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        loading={remove.isPending}
        aria-label={`Remove ${rule.subject}`}
        onClick={() => remove.mutate()}
      >
        Remove
      </Button>
    </Group>
  );
}

function NewRule({ kind }: { kind: Kind }) {
  const client = useQueryClient();
  const [subject, setSubject] = useState('');
  const [note, setNote] = useState('');
  const [mode, setMode] = useState<Mode>('consented_only');
  const create = useMutation({
    mutationFn: (body: Schemas['NewRecipientRule']) =>
      dataOf(api.POST('/api/v1/recipient-rules', { body })),
    onSuccess: () => {
      setSubject('');
      setNote('');
      return client.invalidateQueries({ queryKey: rulesQuery(kind).queryKey });
    },
    onError: (error) => {
      if (!(error instanceof ApiError && error.field))
        notifications.show({ color: 'red', message: error.message });
    },
  });
  const { error } = create;
  const refusal = error instanceof ApiError && error.field === 'subject' && error.message;
  const words = WORDS[kind];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (subject.trim() === '') return;
        create.mutate({
          kind,
          subject: subject.trim(),
          ...(kind === 'domain' && { mode }),
          ...(note.trim() && { note: note.trim() }),
        });
      }}
    >
      <Group gap="sm" align="flex-end">
        <TextInput
          style={{ flex: '2 1 200px' }}
          label={words.subject}
          placeholder={words.placeholder}
          maxLength={254}
          value={subject}
          onChange={({ currentTarget }) => setSubject(currentTarget.value)}
          error={refusal}
        />
        {kind === 'domain' && (
          <Select
            style={{ flex: '1 1 140px' }}
            label="Tracking"
            data={MODES}
            value={mode}
            allowDeselect={false}
            onChange={(value) => {
              const chosen = MODES.find((known) => known.value === value);
              if (chosen) setMode(chosen.value);
            }}
          />
        )}
        {kind === 'consent' && (
          <TextInput
            style={{ flex: '2 1 200px' }}
            label="How and when they agreed"
            placeholder="Form on our page, 3 March"
            maxLength={500}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
        )}
        <Button type="submit" variant="default" loading={create.isPending}>
          {words.add}
        </Button>
      </Group>
    </form>
  );
}
