import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface MediaType {
  schema?: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

const file = new URL('../../../docs/api/openapi.yaml', import.meta.url);
const description = parse(readFileSync(file, 'utf8')) as object;

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: 'api', ...description });

/** Every example of the description with the JSON pointer of its media type. */
function examples(node: unknown, pointer = ''): { pointer: string; value: unknown }[] {
  if (typeof node !== 'object' || node === null) return [];
  const children = Object.entries(node).flatMap(([key, child]) =>
    examples(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  const { schema, example, examples: named } = node as MediaType;
  if (!pointer.endsWith('json') || !schema) return children;
  const values = Object.values(named ?? {}).map((entry) => entry.value);
  if (example !== undefined) values.push(example);
  return values.map((value) => ({ pointer, value }));
}

describe('the API description', () => {
  const all = examples(description);

  it('has examples', () => {
    expect(all.length).toBeGreaterThan(20);
  });

  it.each(all)('gives an example that its schema accepts: $pointer', ({ pointer, value }) => {
    const validate = ajv.compile({ $ref: `api#${encodeURI(pointer)}/schema` });
    expect(validate(value), ajv.errorsText(validate.errors)).toBe(true);
  });
});
