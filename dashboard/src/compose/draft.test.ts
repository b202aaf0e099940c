import { describe, expect, it } from 'vitest';
import { ApiError } from '../api';
import { MOST_BYTES, readableSize, sizeInMail, whyTooLarge } from './attachments';
import { EMPTY_DRAFT, errorsFrom, errorsOf, hasContent, mailHtml, SubmitKey } from './draft';

const WRITTEN = { ...EMPTY_DRAFT, to: ['ben@example.org'], html: '<p>Hello</p>', text: 'Hello' };

const refused = (field?: string, status = 422) => new ApiError('No good', status, 'invalid', field);

describe('a draft', () => {
  it('can be sent with one recipient and some text', () => {
    expect(errorsOf(WRITTEN)).toEqual({});
  });

  it('can go to hidden recipients only', () => {
    expect(errorsOf({ ...WRITTEN, to: [], bcc: ['ben@example.org'] })).toEqual({});
  });

  it('names each address that is none, in its field', () => {
    const errors = errorsOf({ ...WRITTEN, to: ['ben@example.org', 'ben'], cc: ['x', 'y'] });
    expect(errors).toEqual({
      to: 'ben is not a mail address.',
      cc: 'x, y are not mail addresses.',
    });
  });

  it('needs a recipient and something to say', () => {
    expect(Object.keys(errorsOf(EMPTY_DRAFT))).toEqual(['to', 'html']);
  });

  it('is kept from being lost as soon as something was written', () => {
    expect(hasContent(EMPTY_DRAFT)).toBe(false);
    expect(hasContent({ ...EMPTY_DRAFT, subject: 'Offer' })).toBe(true);
  });

  it('keeps empty lines in mail programs', () => {
    expect(mailHtml('<p>a</p><p></p><p>b</p>')).toBe('<p>a</p><p><br></p><p>b</p>');
  });
});

describe('attachments', () => {
  it('are measured as they travel', () => {
    expect(sizeInMail(0)).toBe(0);
    expect(sizeInMail(3)).toBe(4 + 2);
    expect(sizeInMail(57)).toBe(76 + 2);
    expect(sizeInMail(58)).toBe(80 + 4);
  });

  it('fit up to 25 MiB on the way, all together', () => {
    const fitting = Math.floor((MOST_BYTES - 64 * 1024) / (78 / 57)) - 57;
    expect(whyTooLarge([{ size: fitting }])).toBeUndefined();
    expect(whyTooLarge([{ size: fitting }, { size: 200 }])).toContain('25 MiB');
  });

  it('have readable sizes', () => {
    expect([0, 1023, 2048, 5_452_595].map(readableSize)).toEqual([
      '0 B',
      '1023 B',
      '2 KiB',
      '5.2 MiB',
    ]);
  });
});

describe('a refusal by the API', () => {
  it.each([
    ['to', 'to'],
    ['cc[2]', 'cc'],
    ['attachments.0.content', 'attachments'],
    ['text', 'html'],
  ])('of %s is shown at its field', (field, shownAt) => {
    expect(errorsFrom(refused(field))).toEqual({ [shownAt]: 'No good' });
  });

  it('of a mail that is too large is shown at the attachments', () => {
    expect(errorsFrom(refused(undefined, 413))).toEqual({ attachments: 'No good' });
  });

  it('of no or an unknown field is shown at none', () => {
    expect(errorsFrom(refused())).toEqual({});
    expect(errorsFrom(refused('thread_id'))).toEqual({});
    expect(errorsFrom(new Error('x'))).toEqual({});
  });
});

describe('the key of a submission', () => {
  it('stays while the content stays, so that a retry cannot send twice', () => {
    const key = new SubmitKey();
    expect(key.for(WRITTEN)).toBe(key.for(WRITTEN));
  });

  it.each([0, 409, 503])('stays after an unclear outcome: %i', (status) => {
    const key = new SubmitKey();
    const before = key.for(WRITTEN);
    key.failed(refused(undefined, status));
    expect(key.for(WRITTEN)).toBe(before);
  });

  it.each([403, 422, 429])('is a new one after a clear refusal: %i', (status) => {
    const key = new SubmitKey();
    const before = key.for(WRITTEN);
    key.failed(refused(undefined, status));
    expect(key.for(WRITTEN)).not.toBe(before);
  });

  it('is a new one for a changed mail', () => {
    const key = new SubmitKey();
    const before = key.for(WRITTEN);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(key.for({ ...WRITTEN, subject: 'Other' })).not.toBe(before);
  });
});
