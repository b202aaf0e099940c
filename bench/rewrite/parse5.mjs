// The work of rewrite_bench.cpp done with parse5: parse with source locations, replace link targets in place, add a
// pixel, and for mails take the HTML parts out of their encoding and put them back. Links are sealed with AES-256-GCM.
import { createCipheriv, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import libqp from 'libqp';
import { parse } from 'parse5';

const origin = 'https://t.example';
const key = randomBytes(32);
const ids = randomBytes(34);
const shownAddress = /^\s*(https?:\/\/\S+|([\p{L}\p{N}_-]+\.)+[a-z]{2,}(:\d+)?([/?#]\S*)?)\s*$/iu;

function sealed(destination) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const parts = [nonce, cipher.update(ids), cipher.update(destination), cipher.final()];
  return Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64url');
}

function textOf(node) {
  if (node.nodeName === '#text') return node.value;
  return (node.childNodes ?? []).map(textOf).join('');
}

function* elements(node) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName) yield child;
    yield* elements(child);
    if (child.content) yield* elements(child.content);
  }
}

function rewriteHtml(html, withPixel, counts) {
  const edits = new Map();
  let end = html.length;
  for (const element of elements(parse(html, { sourceCodeLocationInfo: true }))) {
    const place = element.sourceCodeLocation;
    if (element.tagName === 'body' && place?.endTag) end = place.endTag.startOffset;
    if (element.tagName !== 'a' && element.tagName !== 'area') continue;
    const href = element.attrs.find((attribute) => attribute.name === 'href');
    const source = place?.attrs?.href ?? place?.startTag?.attrs?.href;
    if (!href || !source || !/^\s*https?:\/\/[^/?#@\\]+/i.test(href.value)) continue;
    if (shownAddress.test(textOf(element))) continue;
    const url = `${origin}/c/${sealed(href.value.replace(/[\t\r\n]/g, '').trim())}`;
    const quote = /["']$/.exec(html.slice(source.startOffset, source.endOffset))?.[0] ?? '"';
    edits.set(source.startOffset, [source.endOffset, `href=${quote}${url}${quote}`]);
  }
  counts.links += edits.size;
  if (withPixel) {
    edits.set(end, [end, `<img src="${origin}/o/${sealed('')}.gif" width="1" height="1" alt="">`]);
    counts.pixels += 1;
  }
  let copied = 0;
  let out = '';
  for (const [begin, [after, text]] of [...edits].sort(([a], [b]) => a - b)) {
    out += html.slice(copied, begin) + text;
    copied = after;
  }
  return out + html.slice(copied);
}

function header(text, name) {
  const match = new RegExp(`^${name}:((?:.*\r?\n(?=[ \t]))*.*)`, 'im').exec(text);
  return match ? match[1].replace(/\r?\n/g, '') : '';
}

/** The text/html parts of a message as {begin, end, encoding, charset}, offsets into its latin1 text. */
function htmlParts(message, begin, end, found = []) {
  const blank = /\r?\n\r?\n/g;
  blank.lastIndex = begin;
  const separator = blank.exec(message);
  if (!separator || separator.index >= end) return found;
  const head = message.slice(begin, separator.index);
  const body = separator.index + separator[0].length;
  const type = header(head, 'content-type');
  if (/multipart\/(signed|encrypted)/i.test(type)) return found;
  const boundary = /multipart\//i.test(type) && /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary) {
    const marks = [];
    for (let at = message.indexOf(`--${boundary}`, body); at >= 0 && at < end; ) {
      marks.push(at);
      at = message.indexOf(`--${boundary}`, at + 1);
    }
    for (let i = 0; i + 1 < marks.length; ++i)
      htmlParts(message, message.indexOf('\n', marks[i]) + 1, marks[i + 1], found);
  } else if (/text\/html/i.test(type) && !/^\s*attachment/i.test(header(head, 'content-disposition'))) {
    const encoding = header(head, 'content-transfer-encoding').trim().toLowerCase();
    const charset = /charset="?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
    found.push({ begin: body, end, encoding, charset: iconv.encodingExists(charset) ? charset : 'latin1' });
  }
  return found;
}

function decode(body, encoding) {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding === 'quoted-printable') return libqp.decode(body);
  return Buffer.from(body, 'latin1');
}

function encode(content, encoding) {
  if (encoding === 'base64') return content.toString('base64').replace(/.{76}/g, '$&\r\n');
  if (encoding === 'quoted-printable') return libqp.wrap(libqp.encode(content));
  return content.toString('latin1');
}

function rewriteMail(bytes, counts) {
  const message = bytes.toString('latin1');
  const parts = htmlParts(message, 0, message.length);
  let out = '';
  let copied = 0;
  parts.forEach((part, index) => {
    const html = iconv.decode(decode(message.slice(part.begin, part.end), part.encoding), part.charset);
    const changed = rewriteHtml(html, index === parts.length - 1, counts);
    out += message.slice(copied, part.begin) + encode(iconv.encode(changed, part.charset), part.encoding);
    copied = part.end;
  });
  return Buffer.from(out + message.slice(copied), 'latin1');
}

function measure(name, letters, rewrite, seconds) {
  const size = letters.reduce((sum, letter) => sum + letter.length, 0);
  const round = () => {
    const counts = { links: 0, pixels: 0 };
    for (const letter of letters) rewrite(letter, counts);
    return counts;
  };
  const counts = round();
  const used = () => process.cpuUsage().user + process.cpuUsage().system;
  for (const begin = used(); used() - begin < 500_000 * seconds; ) round(); // warm
  let rounds = 0;
  let passed = 0;
  for (const begin = used(); passed < 1_000_000 * seconds; ++rounds) {
    round();
    passed = used() - begin;
  }
  const speed = (size * rounds) / passed;
  console.log(`${name} bytes=${size} links=${counts.links} pixels=${counts.pixels} mb_per_s=${speed.toFixed(2)}`);
}

const [folder, seconds] = [process.argv[2], Number(process.argv[3])];
const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
const read = (kind) => files.filter((name) => name.endsWith(kind)).map((name) => readFileSync(name));
measure('html', read('.html'), (bytes, counts) => Buffer.from(rewriteHtml(bytes.toString(), true, counts)), seconds);
measure('mail', read('.eml'), rewriteMail, seconds);
