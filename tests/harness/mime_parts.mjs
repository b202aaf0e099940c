// Takes a mail apart with another people's parser, so that what our own code wrote is judged by somebody else.
import iconv from 'iconv-lite';
import { decode as decode_quoted_printable } from 'libqp';
import { Splitter } from 'mailsplit';

/**
 * The parts of a mail in their order, attached messages left whole.
 * @param {Buffer} raw
 * @returns {Promise<{number: string, type: string, charset: string, attachment: boolean, encoding: string, body: Buffer}[]>}
 *   `body` as it stands in the mail
 */
export function parts_of(raw) {
  return new Promise((done, fail) => {
    const splitter = new Splitter({ ignoreEmbedded: true });
    const parts = [];
    let current;
    splitter.on('data', (piece) => {
      if (piece.type === 'node') {
        current = {
          number: [].concat(piece.partNr ?? []).join('.'),
          type: piece.contentType || 'text/plain',
          charset: piece.charset || '',
          attachment: piece.disposition === 'attachment',
          encoding: (piece.encoding || '7bit').toLowerCase(),
          multipart: Boolean(piece.multipart),
          chunks: [],
        };
        if (!piece.multipart) parts.push(current);
      } else if (piece.type === 'body' && current) {
        current.chunks.push(piece.value);
      }
    });
    splitter.on('error', fail);
    splitter.on('end', () =>
      done(parts.map(({ chunks, ...part }) => ({ ...part, body: Buffer.concat(chunks) }))),
    );
    splitter.end(raw);
  });
}

/** The text of a part: transfer encoding and charset undone. An unknown charset is read byte by byte. */
export function text_of({ body, encoding, charset }) {
  let bytes = body;
  if (encoding === 'base64') bytes = Buffer.from(body.toString('latin1'), 'base64');
  if (encoding === 'quoted-printable') bytes = decode_quoted_printable(body.toString('latin1'));
  return iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'latin1', {
    stripBOM: false,
  });
}

const kAddressing =
  /^(from|to|cc|bcc|sender|reply-to|resent-[a-z-]+|return-path|delivered-to)[ \t]*:.*(\r?\n[ \t].*)*(\r?\n|$)/gim;

/** The same mail, from and to others: only the header fields that say so change. */
export function addressed(raw, from, to) {
  const text = raw.toString('latin1');
  const end = text.match(/\r?\n\r?\n/);
  const head = end ? text.slice(0, end.index) : text.trimEnd();
  const rest = end ? text.slice(end.index) : '\r\n\r\n';
  const line_end = head.includes('\r\n') || !head.includes('\n') ? '\r\n' : '\n';
  const kept = head
    .replace(/^>?From .*\r?\n/, '')
    .replace(kAddressing, '')
    .trimEnd();
  const fields = [`From: ${from}`, `To: ${to.join(', ')}`, ...(kept ? [kept] : [])];
  return Buffer.from(fields.join(line_end) + rest, 'latin1');
}
