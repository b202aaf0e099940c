import { ActionIcon, Button, FileButton, Group, Input, Stack, Text } from '@mantine/core';
import { IconFile, IconPaperclip, IconX } from '@tabler/icons-react';
import { readableSize } from './attachments';

interface AttachmentsProps {
  files: File[];
  onChange: (files: File[]) => void;
  error: string | undefined;
}

export function Attachments({ files, onChange, error }: AttachmentsProps) {
  return (
    <Stack gap="xs" align="flex-start">
      {files.map((file, index) => (
        <Group key={`${file.name}-${String(index)}`} gap="xs" wrap="nowrap" maw="100%">
          <IconFile size={17} stroke={1.6} aria-hidden />
          <Text size="sm" truncate>
            {file.name}
          </Text>
          <Text size="sm" c="dimmed" flex="none">
            {readableSize(file.size)}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Remove ${file.name}`}
            onClick={() => onChange(files.filter((_, other) => other !== index))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      <FileButton multiple onChange={(added) => onChange([...files, ...added])}>
        {(props) => (
          <Button {...props} variant="default" size="xs" leftSection={<IconPaperclip size={15} />}>
            Attach files
          </Button>
        )}
      </FileButton>
      {error && <Input.Error role="alert">{error}</Input.Error>}
    </Stack>
  );
}
