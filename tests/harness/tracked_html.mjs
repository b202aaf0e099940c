// Holds a tracked HTML text against the one that was sent: only link targets and one image may differ.

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The same text with the line ends of mail: CRLF, as Gmail delivers it. */
export const with_crlf = (text) => text.replace(/\r?\n/g, '\r\n');

/** Tracked links and pixels of `origin` in a text, in their order. */
export function tracked_in(html, origin) {
  const base = escaped(origin);
  return {
    links: [...html.matchAll(new RegExp(`${base}/c/([A-Za-z0-9_-]+)`, 'g'))].map(([url]) => url),
    pixels: [...html.matchAll(new RegExp(`${base}/o/([A-Za-z0-9_-]+)\\.gif`, 'g'))].map(
      ([url]) => url,
    ),
  };
}

/**
 * Where `delivered` differs from `sent` in more than link targets and one pixel; undefined where it does not.
 * `replaced` gets what stood in each tracked link's place.
 */
export function unexpected_difference(sent, delivered, origin, replaced = []) {
  const base = escaped(origin);
  const pixel = new RegExp(`<img[^<>]*${base}/o/[A-Za-z0-9_-]+\\.gif[^<>]*>`, 'g');
  const kept = delivered.replace(pixel, '').split(new RegExp(`${base}/c/[A-Za-z0-9_-]+`));
  let at = 0;
  for (const [n, piece] of kept.entries()) {
    const found = n === 0 ? (sent.startsWith(piece) ? 0 : -1) : sent.indexOf(piece, at);
    const last = n === kept.length - 1;
    const start = last && n > 0 && piece === '' ? sent.length : found;
    if (start < 0)
      return `after byte ${at}: ${JSON.stringify(piece.slice(0, 120))} was not sent so`;
    if (n > 0) replaced.push(sent.slice(at, start));
    at = start + piece.length;
  }
  return at === sent.length
    ? undefined
    : `the end is missing: ${JSON.stringify(sent.slice(at, at + 120))}`;
}

/** A URL as a browser would follow it, to compare two. */
export function same_target(url) {
  const cleaned = url.trim().replace(/[\t\r\n]/g, '');
  try {
    return new URL(cleaned).href;
  } catch {
    return cleaned;
  }
}
