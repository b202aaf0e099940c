/** What a person typed or pasted as recipients, one text each: "Ada <ada@example.org>" or "ada@example.org". */
export function splitRecipients(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^,;\n"])+/g)]
    .flatMap(([part]) => splitBareAddresses(part.trim()))
    .filter(Boolean);
}

/** "a@example.org b@example.org" is two; "Ada Okafor <ada@example.org>" is one. */
function splitBareAddresses(part: string): string[] {
  const words = part.split(/\s+/);
  return words.every(isAddress) ? words : [part];
}

/** The address in "Ada <ada@example.org>" or "ada@example.org"; the server has the last word on it. */
export function addressOf(recipient: string): string {
  return (/<([^<>]*)>\s*$/.exec(recipient)?.[1] ?? recipient).trim();
}

/** The name in "Ada <ada@example.org>"; the address when there is none. */
export function shownAs(recipient: string): string {
  const name = /^(.*?)\s*<[^<>]*>\s*$/
    .exec(recipient)?.[1]
    ?.replace(/^"(.*)"$/, '$1')
    .trim();
  return name === undefined || name === '' ? addressOf(recipient) : name;
}

export function isValidRecipient(recipient: string): boolean {
  return isAddress(addressOf(recipient));
}

/** Adds texts to a list of recipients; an address that is there stays single. */
export function withRecipients(list: readonly string[], added: readonly string[]): string[] {
  const known = new Set<string>();
  return [...list, ...added].filter((recipient) => {
    const address = addressOf(recipient).toLowerCase();
    if (known.has(address)) return false;
    known.add(address);
    return true;
  });
}

function isAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(\.[^\s@<>(),;:"[\]\\.]+)+$/.test(text)
  );
}
