import { Alert, Card, Divider, Group, Stack, Text, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCloudOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { accountQuery } from '../app/queries';
import { Confirm } from '../parts/Confirm';
import { Page } from '../parts/Page';
import { Attachments } from './Attachments';
import classes from './Compose.module.css';
import {
  type Draft,
  EMPTY_DRAFT,
  errorsFrom,
  errorsOf,
  type FieldErrors,
  hasContent,
  isUnclear,
  SubmitKey,
  type When,
  withWhen,
} from './draft';
import { Editor } from './Editor';
import { RecipientFields } from './RecipientFields';
import { send } from './send';
import { SendButtons } from './SendButtons';
import { SenderSelect } from './SenderSelect';
import { takenBack } from './taken_back';
import { TrackChoice } from './TrackChoice';

export function ComposePage() {
  const { again } = useSearch({ from: '/compose' });
  const [draft, setDraft] = useState(() => takenBack.get(again) ?? EMPTY_DRAFT);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [dropping, setDropping] = useState(false);
  const submitting = useSubmit(setErrors);
  const leaving = useBlocker({
    shouldBlockFn: () => hasContent(draft) && !submitting.isSuccess,
    enableBeforeUnload: () => hasContent(draft) && !submitting.isSuccess,
    withResolver: true,
  });

  const change = (changes: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setErrors({});
  };
  const submit = (when?: When) => {
    if (submitting.isPending) return;
    const wrong = errorsOf(draft);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    const timed = withWhen(draft, when);
    setDraft(timed);
    submitting.mutate(timed);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    change({ files: [...draft.files, ...event.dataTransfer.files] });
  };
  useHotkeys([['mod+Enter', () => submit()]], [], true);

  return (
    <Page
      title="Write a mail"
      hint="It goes out from your own Gmail, and stays there. InboxPro keeps no text."
    >
      <Card
        maw={820}
        className={dropping ? (classes.dropping ?? '') : ''}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={drop}
      >
        <Stack gap="md">
          {submitting.error && <SendFailure error={submitting.error} />}
          <SenderSelect
            value={draft.from}
            onChange={(from) => change({ from })}
            error={errors.from}
          />
          <RecipientFields draft={draft} onChange={change} errors={errors} />
          <TextInput
            label="Subject"
            value={draft.subject}
            onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
            error={errors.subject}
          />
          <Editor
            initial={draft.html}
            onChange={(html, text) => change({ html, text })}
            error={errors.html}
          />
          <Attachments
            files={draft.files}
            onChange={(files) => change({ files })}
            error={errors.attachments}
          />
          <Divider color="var(--inboxpro-line)" />
          <Group justify="space-between" gap="md">
            <TrackChoice track={draft.track} onChange={(track) => change({ track })} />
            <SendButtons busy={submitting.isPending} onSend={submit} />
          </Group>
        </Stack>
      </Card>
      <Confirm
        opened={leaving.status === 'blocked'}
        title="Leave without sending?"
        confirm="Throw it away"
        keep="Keep writing"
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        What you wrote is in this page only. It is kept nowhere, so it will be gone.
      </Confirm>
    </Page>
  );
}

function useSubmit(onFieldErrors: (errors: FieldErrors) => void) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const key = useRef(new SubmitKey());
  const undo = useQuery(accountQuery).data?.undo_seconds ?? 10;
  return useMutation({
    mutationFn: (draft: Draft) => send(draft, key.current.for(draft), undo),
    onError: (error) => {
      key.current.failed(error);
      onFieldErrors(errorsFrom(error));
    },
    onSuccess: ({ id, tracking }, draft) => {
      void client.invalidateQueries({ queryKey: ['messages'] });
      takenBack.keep(id, { ...draft, when: undefined });
      notifications.show({
        title: draft.when ? 'It will go out later' : 'On its way',
        message:
          tracking.opens || tracking.clicks
            ? 'You will see here when somebody reads it.'
            : 'It goes out without tracking.',
      });
      void navigate({ to: '/messages/$id', params: { id }, ignoreBlocker: true });
    },
  });
}

/** A failed sending, in the words that fit what is known about its outcome. */
function SendFailure({ error }: { error: Error }) {
  const unclear = isUnclear(error);
  const named = Object.keys(errorsFrom(error)).length > 0;
  return (
    <Alert
      color={unclear ? 'orange' : 'red'}
      icon={unclear ? <IconCloudOff /> : undefined}
      role="alert"
      title={unclear ? 'No answer came' : 'The mail was not sent'}
    >
      <Text size="sm">
        {unclear
          ? 'The mail may or may not be on its way. Press Send again without changing it: it will not be sent twice.'
          : named
            ? 'See the field marked below. Everything you wrote is still here.'
            : `${error.message} Everything you wrote is still here.`}
      </Text>
    </Alert>
  );
}
