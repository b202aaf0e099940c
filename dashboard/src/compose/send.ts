import { api, dataOf, type Schemas } from '../api';
import { encoded } from './attachments';
import { type Draft, mailHtml } from './draft';

export async function send(draft: Draft, key: string): Promise<Schemas['TakenMessage']> {
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
  };
  return dataOf(
    api.POST('/api/v1/messages', { params: { header: { 'Idempotency-Key': key } }, body }),
  );
}
