import { Pill, TagsInput, Tooltip } from '@mantine/core';
import { type ClipboardEvent, type ReactNode, useState } from 'react';
import classes from './Compose.module.css';
import { isValidRecipient, shownAs, splitRecipients, withRecipients } from './recipients';

interface RecipientInputProps {
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
  rightSection?: ReactNode;
  autoFocus?: boolean;
}

/** Recipients as tags. Commas, semicolons and lines separate them, also in what is pasted; a wrong one is red. */
export function RecipientInput({ value, onChange, ...rest }: RecipientInputProps) {
  const [typed, setTyped] = useState('');
  const paste = (event: ClipboardEvent) => {
    const several = splitRecipients(event.clipboardData.getData('text'));
    if (several.length < 2) return;
    event.preventDefault();
    onChange(withRecipients(value, several));
    setTyped('');
  };
  return (
    <TagsInput
      {...rest}
      value={value}
      onChange={(tags) => onChange(withRecipients([], tags.flatMap(splitRecipients)))}
      searchValue={typed}
      onSearchChange={setTyped}
      onPaste={paste}
      splitChars={[',', ';']}
      rightSectionWidth="auto"
      inputMode="email"
      autoComplete="off"
      spellCheck={false}
      renderPill={({ option, onRemove }) => (
        <RecipientPill recipient={String(option.value)} onRemove={() => onRemove?.()} />
      )}
    />
  );
}

function RecipientPill({ recipient, onRemove }: { recipient: string; onRemove: () => void }) {
  const shown = shownAs(recipient);
  return (
    <Tooltip label={recipient} disabled={shown === recipient}>
      <Pill
        withRemoveButton
        onRemove={onRemove}
        removeButtonProps={{ 'aria-label': `Remove ${recipient}` }}
        className={classes.recipient ?? ''}
        data-wrong={!isValidRecipient(recipient) || undefined}
      >
        {shown}
      </Pill>
    </Tooltip>
  );
}
