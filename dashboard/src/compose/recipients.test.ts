import { describe, expect, it } from 'vitest';
import {
  addressOf,
  isValidRecipient,
  shownAs,
  splitRecipients,
  withRecipients,
} from './recipients';

describe('pasted recipients', () => {
  it.each([
    ['a@example.org, b@example.org', ['a@example.org', 'b@example.org']],
    ['a@example.org;b@example.org', ['a@example.org', 'b@example.org']],
    ['a@example.org\nb@example.org\n', ['a@example.org', 'b@example.org']],
    ['a@example.org b@example.org', ['a@example.org', 'b@example.org']],
    [
      'Ada Okafor <ada@example.org>, ben@example.org',
      ['Ada Okafor <ada@example.org>', 'ben@example.org'],
    ],
    [
      '"Okafor, Ada" <ada@example.org>; b@example.org',
      ['"Okafor, Ada" <ada@example.org>', 'b@example.org'],
    ],
    ['"Ada \\"A\\" Okafor, MD" <ada@example.org>', ['"Ada \\"A\\" Okafor, MD" <ada@example.org>']],
    [' ,, ;\n', []],
    ['nobody', ['nobody']],
  ])('are split: %j', (text, parts) => {
    expect(splitRecipients(text)).toEqual(parts);
  });
});

describe('a recipient', () => {
  it('has an address and a name', () => {
    expect(addressOf('Ada Okafor <ada@example.org>')).toBe('ada@example.org');
    expect(shownAs('"Okafor, Ada" <ada@example.org>')).toBe('Okafor, Ada');
    expect(shownAs('<ada@example.org>')).toBe('ada@example.org');
    expect(shownAs('ada@example.org')).toBe('ada@example.org');
  });

  it.each([
    'ada@example.org',
    'Ada <ada@example.org>',
    'ada+sales@mail.example.org',
    'ädä@example.org',
    "o'neil@example.org",
  ])('is valid: %s', (recipient) => {
    expect(isValidRecipient(recipient)).toBe(true);
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.org',
    'ada@example',
    'ada@example..org',
    'ada@@example.org',
    'a b@example.org',
    'Ada <ada@example.org',
    'Ada <>',
    `${'a'.repeat(250)}@example.org`,
  ])('is not valid: %j', (recipient) => {
    expect(isValidRecipient(recipient)).toBe(false);
  });

  it('is added once, whatever its case and name', () => {
    expect(withRecipients(['ada@example.org'], ['Ada <ADA@example.org>', 'b@example.org'])).toEqual(
      ['ada@example.org', 'b@example.org'],
    );
  });
});
