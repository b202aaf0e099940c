import {
  Alert,
  Button,
  Checkbox,
  Code,
  CopyButton,
  Group,
  Modal,
  Stack,
  TextInput,
} from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError, dataOf, type Schemas } from '../api';
import { tokensQuery } from './queries';

type Scope = Schemas['TokenScope'];

const SCOPES: Record<Scope, string> = {
  'messages:read': 'See messages and what became of them',
  'messages:write': 'Send and cancel mail',
  'reports:read': 'Read reports and exports',
  'account:read': 'See the account',
  'account:write': 'Change the account',
};

/** Makes a token, then shows it this one time. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (body: Schemas['NewToken']) => dataOf(api.POST('/api/v1/account/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={create.data ? 'Copy your token now' : 'Make a token'}
      closeOnClickOutside={!create.data}
    >
      {create.data ? (
        <Shown token={create.data.token} onClose={onClose} />
      ) : (
        <Form
          error={create.error}
          busy={create.isPending}
          onSubmit={(body) => create.mutate(body)}
        />
      )}
    </Modal>
  );
}

interface FormProps {
  error: Error | null;
  busy: boolean;
  onSubmit: (body: Schemas['NewToken']) => void;
}

function Form({ error, busy, onSubmit }: FormProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['messages:read']);
  const field = error instanceof ApiError ? error.field : undefined;
  const ready = name.trim() !== '' && scopes.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSubmit({ name: name.trim(), scopes });
      }}
    >
      <Stack gap="md">
        {error && field === undefined && <Alert color="red">{error.message}</Alert>}
        <TextInput
          label="Name"
          description="What it is for, so that you know it again"
          maxLength={100}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={field === 'name' && error?.message}
        />
        <Checkbox.Group
          label="It may"
          value={scopes}
          onChange={(values) => setScopes(values)}
          error={field === 'scopes' && error?.message}
        >
          <Stack gap="xs" mt={6}>
            {Object.entries(SCOPES).map(([scope, meaning]) => (
              <Checkbox key={scope} value={scope} label={meaning} description={scope} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!ready}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Shown({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Alert color="yellow">
        It is shown this once. Only a fingerprint of it is kept, so nobody can show it again.
      </Alert>
      <Code block>{token}</Code>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>I have it</Button>
      </Group>
    </Stack>
  );
}
