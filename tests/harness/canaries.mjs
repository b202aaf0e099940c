// Looks for texts that must not be anywhere: as they are, encoded, or inside compressed streams.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';

const kShortest = 10;
const kDeepest = 3;
const kLargestStream = 64 * 1024 * 1024;

/** A text that occurs nowhere by chance. */
export const new_canary = (prefix = 'canary') => `${prefix}${randomBytes(10).toString('hex')}`;

const without_line_ends = (text) => text.replace(/[\r\n]+/g, '');
const from_hex = (_, digits) => String.fromCharCode(parseInt(digits, 16));

/** What stands in base64 wherever `bytes` does, for each of the three ways it can fall on groups of three. */
function base64_cores(bytes) {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const unsure_end = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return encoded.slice([0, 2, 3][offset], encoded.length - unsure_end);
  });
}

/** Ways to find one canary: each says how to look at the content and what to look for there. */
function forms_of(canary) {
  const bytes = Buffer.from(canary, 'utf8');
  const plain = bytes.toString('latin1');
  const cores = base64_cores(bytes);
  return [
    { form: 'plain', view: 'text', needles: [plain] },
    { form: 'UTF-16', view: 'text', needles: [Buffer.from(canary, 'utf16le').toString('latin1')] },
    { form: 'base64', view: 'one_line', needles: cores },
    {
      form: 'base64url',
      view: 'one_line',
      needles: cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    },
    { form: 'hex', view: 'lower_case', needles: [bytes.toString('hex')] },
    { form: 'quoted-printable', view: 'unquoted', needles: [plain] },
    { form: 'percent-encoded', view: 'unescaped', needles: [plain] },
  ];
}

const views = {
  text: (text) => text,
  one_line: without_line_ends,
  lower_case: (text) => without_line_ends(text).toLowerCase(),
  unquoted: (text) => text.replace(/=\r?\n/g, '').replace(/=([0-9A-Fa-f]{2})/g, from_hex),
  unescaped: (text) => text.replace(/%([0-9A-Fa-f]{2})/g, from_hex),
};

/** Where the compressed bytes begin behind a gzip header (RFC 1952), or undefined where there is none. */
function behind_gzip_header(content, at) {
  if (content[at] !== 0x1f || content[at + 1] !== 0x8b || content[at + 2] !== 8) return undefined;
  const flags = content[at + 3];
  let next = at + 10;
  if (flags & 4) next += 2 + content.readUInt16LE(next);
  if (flags & 8) next = content.indexOf(0, next) + 1;
  if (flags & 16) next = content.indexOf(0, next) + 1;
  return flags & 2 ? next + 2 : next;
}

/** The same for zlib (RFC 1950), without a preset dictionary. */
function behind_zlib_header(content, at) {
  const flags = content[at + 1];
  return content[at] === 0x78 && (0x7800 + flags) % 31 === 0 && !(flags & 0x20)
    ? at + 2
    : undefined;
}

/** Everything that gzip or zlib can unpack, wherever in the content it begins and whatever follows it. */
function* streams_in(content) {
  for (let at = 0; at + 10 < content.length; at++) {
    try {
      const start = behind_zlib_header(content, at) ?? behind_gzip_header(content, at);
      if (start === undefined) continue;
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: kLargestStream };
      yield inflateRawSync(content.subarray(start), options);
    } catch {
      // It only looked like a stream.
    }
  }
}

/**
 * Where `canaries` stand in `content`, compressed parts included.
 * @returns {{canary: string, form: string}[]} form "gzip/zlib > base64" for what was found inside a stream
 */
export function search_bytes(content, canaries, depth = 0) {
  const short = canaries.find((canary) => canary.length < kShortest);
  if (short !== undefined) throw new Error(`"${short}" is too short to be told from chance`);
  const text = content.toString('latin1');
  const seen = new Map();
  const view_of = (name) => {
    if (!seen.has(name)) seen.set(name, views[name](text));
    return seen.get(name);
  };
  const here = canaries.flatMap((canary) =>
    forms_of(canary)
      .filter(({ view, needles }) => needles.some((needle) => view_of(view).includes(needle)))
      .map(({ form }) => ({ canary, form })),
  );
  if (depth >= kDeepest) return here;
  const inside = [...streams_in(content)]
    .filter((stream) => stream.length > 0)
    .flatMap((stream) => search_bytes(stream, canaries, depth + 1))
    .map(({ canary, form }) => ({ canary, form: `gzip/zlib > ${form}` }));
  return [...here, ...inside];
}

/** The same for every file below `folder`, each hit with its `file`. */
export function search_folder(folder, canaries) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return search_folder(path, canaries);
    if (!entry.isFile()) return [];
    return search_bytes(readFileSync(path), canaries).map((hit) => ({ ...hit, file: path }));
  });
}
