import { ApiError, type Schemas } from '../api';
import { whyTooLarge } from './attachments';
import type { WallTime } from '../queue/wall_time';
import { isValidRecipient, shownAs } from './recipients';

/** A mail while it is written; it lives in this page only. */
export interface Draft {
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  html: string;
  text: string;
  files: File[];
  track: Schemas['TrackSwitches'];
  /** When it goes out; at once, after the time to undo, when absent. */
  when: When | undefined;
}

/** A time, or `hours`: as soon as the account's sending hours allow. */
export type When = WallTime | 'hours';

export const EMPTY_DRAFT: Draft = {
  from: '',
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  html: '',
  text: '',
  files: [],
  track: { opens: true, clicks: true },
  when: undefined,
};

const FIELDS = ['from', 'to', 'cc', 'bcc', 'subject', 'html', 'attachments'] as const;
export type Field = (typeof FIELDS)[number];
export type FieldErrors = Partial<Record<Field, string>>;

export function hasContent(draft: Draft): boolean {
  return (
    draft.to.length + draft.cc.length + draft.bcc.length + draft.files.length > 0 ||
    (draft.subject + draft.text).trim() !== ''
  );
}

/** What must be put right before sending; empty when nothing. */
export function errorsOf(draft: Draft): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of ['to', 'cc', 'bcc'] as const) {
    const wrong = draft[field].filter((recipient) => !isValidRecipient(recipient)).map(shownAs);
    if (wrong.length > 0)
      errors[field] =
        `${wrong.join(', ')} ${wrong.length === 1 ? 'is not a mail address.' : 'are not mail addresses.'}`;
  }
  if (draft.to.length + draft.cc.length + draft.bcc.length === 0)
    errors.to = 'A mail needs at least one recipient.';
  if (draft.text.trim() === '' && draft.files.length === 0) errors.html = 'The mail is empty.';
  const tooLarge = whyTooLarge(draft.files);
  if (tooLarge) errors.attachments = tooLarge;
  return errors;
}

/** The field that an answer of the API blames ("to", "to[1]", "attachments.0.content"), with what is wrong. */
export function errorsFrom(error: Error): FieldErrors {
  if (!(error instanceof ApiError)) return {};
  if (error.status === 413) return { attachments: error.message };
  const name = error.field?.split(/[.[]/, 1)[0];
  const field = FIELDS.find((known) => known === (name === 'text' ? 'html' : name));
  return field ? { [field]: error.message } : {};
}

/** The editor's HTML for a mail: paragraphs that mail programs would fold away keep their line. */
export function mailHtml(html: string): string {
  return html.replaceAll('<p></p>', '<p><br></p>');
}

/** The same draft when nothing changes by it, so that trying again stays the same submission. */
export function withWhen(draft: Draft, when: When | undefined): Draft {
  return JSON.stringify(draft.when) === JSON.stringify(when) ? draft : { ...draft, when };
}

/** Whether the mail may be on its way although sending it failed. */
export function isUnclear(error: Error): boolean {
  return (
    error instanceof ApiError && (error.status === 0 || error.status === 409 || error.status >= 500)
  );
}

/**
 * The key of a submission. It stays while the content stays and the outcome is unclear, so that trying again can never
 * send twice; a clear refusal ends it, since the server would repeat that answer.
 */
export class SubmitKey {
  private content: Draft | undefined;
  private key = '';

  for(draft: Draft): string {
    if (this.content !== draft) {
      this.content = draft;
      this.key = randomKey();
    }
    return this.key;
  }

  failed(error: Error): void {
    if (!isUnclear(error)) this.content = undefined;
  }
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
