// The collection of real mail beside the checkout, where it is present.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { root } from './program.mjs';

const folder = process.env.INBOXPRO_MAIL ?? join(root, '../shared/mail');

/** Why a test over the collection is skipped; false when it is there. Fits the `skip` option of node:test. */
export const mail_is_absent = existsSync(join(folder, 'index.jsonl'))
  ? false
  : `no collection of mail at ${folder}`;

/** Entries of an index, each with `read()`, its bytes, and `text()`, its text in its own charset. */
function entries_of(folder) {
  return readFileSync(join(folder, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map((entry) => {
      const read = () => readFileSync(join(folder, entry.file));
      return { ...entry, read, text: () => iconv.decode(read(), entry.decoded_as ?? 'utf-8') };
    });
}

/** The entries of the collection's index. `kind` is "html" or "eml". */
export const collected_mail = (kind) => entries_of(folder).filter((entry) => entry.kind === kind);

/** Our own smaller collection, in the same form. */
export const own_mail = () => entries_of(join(root, 'tests/data/mail'));
