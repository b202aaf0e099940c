import { api, dataOf, type Schemas } from '../api';
import { encoded } from './attachments';
import { type Draft, mailHtml, type When } from './draft';

/** `undoSeconds`: how long a mail that goes out at once can be taken back. */
export async function send(
  draft: Draft,
  key: string,
  undoSeconds: number,
): Promise<Schemas['TakenMessage']> {
  const body: Schemas['NewMessage'] = {
    ...(draft.from && { from: draft.from }),
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject.trim(),
    html: mailHtml(draft.html),
    text: draft.text,
    attachments: await Promise.all(draft.files.map(encoded)),
    track: draft.track,
    ...timing(draft.when, undoSeconds),
  };
  return dataOf(
    api.POST('/api/v1/messages', { params: { header: { 'Idempotency-Key': key } }, body }),
  );
}

function timing(when: When | undefined, undoSeconds: number): Partial<Schemas['NewMessage']> {
  if (when === 'hours') return { in_hours: true, undo_seconds: undoSeconds };
  if (when) return { send_at: when.reading, time_zone: when.zone };
  return { undo_seconds: undoSeconds };
}
