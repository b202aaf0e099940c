// The collection of real mail beside the checkout, where it is present.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.mjs';

const folder = process.env.INBOXPRO_MAIL ?? join(root, '../shared/mail');

/** Why a test over the collection is skipped; false when it is there. Fits the `skip` option of node:test. */
export const mail_is_absent = existsSync(join(folder, 'index.jsonl'))
  ? false
  : `no collection of mail at ${folder}`;

/** The entries of its index, each with `read()`. `kind` is "html" or "eml". */
export function collected_mail(kind) {
  return readFileSync(join(folder, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.kind === kind)
    .map((entry) => ({ ...entry, read: () => readFileSync(join(folder, entry.file)) }));
}
