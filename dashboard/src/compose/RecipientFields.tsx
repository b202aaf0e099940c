import { Anchor, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Draft, FieldErrors } from './draft';
import { RecipientInput } from './RecipientInput';

interface RecipientFieldsProps {
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
  errors: FieldErrors;
}

/** To, and Cc and Bcc once they are wanted. */
export function RecipientFields({ draft, onChange, errors }: RecipientFieldsProps) {
  const [opened, setOpened] = useState<('cc' | 'bcc')[]>([]);
  const closed = (['cc', 'bcc'] as const).filter((field) => !opened.includes(field));
  return (
    <Stack gap="md">
      <RecipientInput
        label="To"
        autoFocus
        value={draft.to}
        onChange={(to) => onChange({ to })}
        error={errors.to}
        rightSection={
          <Group gap="xs" px="sm" wrap="nowrap">
            {closed.map((field) => (
              <Anchor
                key={field}
                component="button"
                type="button"
                size="sm"
                c="dimmed"
                onClick={() => setOpened([...opened, field])}
              >
                {LABELS[field]}
              </Anchor>
            ))}
          </Group>
        }
      />
      {opened.map((field) => (
        <RecipientInput
          key={field}
          label={LABELS[field]}
          autoFocus
          value={draft[field]}
          onChange={(value) => onChange({ [field]: value })}
          error={errors[field]}
        />
      ))}
    </Stack>
  );
}

const LABELS = { cc: 'Cc', bcc: 'Bcc' } as const;
