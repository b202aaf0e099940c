import '@mantine/tiptap/styles.css';

import { Box, Input } from '@mantine/core';
import { Link, RichTextEditor } from '@mantine/tiptap';
import { Placeholder } from '@tiptap/extensions';
import { useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import classes from './Compose.module.css';

interface EditorProps {
  /** What it begins with. */
  initial: string;
  onChange: (html: string, text: string) => void;
  error: string | undefined;
}

/** Where the mail is written. Only what mail programs show alike can be made here. */
export function Editor({ initial, onChange, error }: EditorProps) {
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ link: false, heading: false, codeBlock: false, code: false }),
      Link,
      Placeholder.configure({ placeholder: 'Write your mail' }),
    ],
    content: initial,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: { 'aria-label': 'Text of the mail', role: 'textbox', 'aria-multiline': 'true' },
    },
    onUpdate: ({ editor: changed }) =>
      onChange(changed.getHTML(), changed.getText({ blockSeparator: '\n' })),
  });
  return (
    <Box>
      <RichTextEditor
        editor={editor}
        className={classes.editor ?? ''}
        data-wrong={error !== undefined || undefined}
      >
        <RichTextEditor.Toolbar>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Bold />
            <RichTextEditor.Italic />
            <RichTextEditor.Underline />
            <RichTextEditor.ClearFormatting />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.BulletList />
            <RichTextEditor.OrderedList />
            <RichTextEditor.Blockquote />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Link />
            <RichTextEditor.Unlink />
          </RichTextEditor.ControlsGroup>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Undo />
            <RichTextEditor.Redo />
          </RichTextEditor.ControlsGroup>
        </RichTextEditor.Toolbar>
        <RichTextEditor.Content />
      </RichTextEditor>
      {error && <Input.Error mt={5}>{error}</Input.Error>}
    </Box>
  );
}
