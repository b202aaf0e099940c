// Validators made from Google's discovery documents: a response may hold only what they list, in the types they give.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';

const folder = fileURLToPath(new URL('../../../shared/google/', import.meta.url));

/** Discovery's formats that change what a string may hold. 64-bit numbers travel as strings. */
const patterns = { int64: '^-?[0-9]+$', uint64: '^[0-9]+$', byte: '^[A-Za-z0-9_-]*={0,2}$' };

/** A discovery schema as JSON Schema. */
function converted(schema) {
  if (schema.$ref) return { $ref: `#/$defs/${schema.$ref}` };
  const result = {};
  if (schema.type && schema.type !== 'any') result.type = schema.type;
  if (schema.enum) result.enum = schema.enum;
  if (schema.type === 'string' && patterns[schema.format]) result.pattern = patterns[schema.format];
  if (schema.items) result.items = converted(schema.items);
  if (schema.type === 'object') {
    const entries = Object.entries(schema.properties ?? {});
    result.properties = Object.fromEntries(
      entries.map(([name, inner]) => [name, converted(inner)]),
    );
    result.additionalProperties = schema.additionalProperties
      ? converted(schema.additionalProperties)
      : false;
  }
  return result;
}

function methods_in(resource) {
  const own = Object.values(resource.methods ?? {});
  return [...own, ...Object.values(resource.resources ?? {}).flatMap(methods_in)];
}

/**
 * What a document says about its methods' answers: id -> function(body), which returns the faults as sentences.
 * Undefined when the document is not there.
 */
export function answers_of(document_name) {
  const file = `${folder}${document_name}.json`;
  if (!existsSync(file)) return undefined;
  const document = JSON.parse(readFileSync(file, 'utf8'));
  const $defs = Object.fromEntries(
    Object.entries(document.schemas).map(([name, schema]) => [name, converted(schema)]),
  );
  const ajv = new Ajv({ allErrors: true, strict: false });
  const validator = (name) => {
    const validate = ajv.compile({ $defs, $ref: `#/$defs/${name}` });
    return (body) =>
      validate(body)
        ? []
        : validate.errors.map((error) => `${error.instancePath} ${error.message}`);
  };
  const is_nothing = (body) =>
    body === '' || body === undefined ? [] : ['a body where there should be none'];
  return new Map(
    methods_in(document).map(({ id, response }) => [
      id,
      response ? validator(response.$ref) : is_nothing,
    ]),
  );
}

const text = { type: 'string', minLength: 1 };
const validate_error = new Ajv().compile({
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'errors'],
      additionalProperties: false,
      properties: {
        code: { type: 'integer', minimum: 400, maximum: 599 },
        message: text,
        status: { type: 'string', pattern: '^[A-Z_]+$' },
        details: { type: 'array', items: { type: 'object', required: ['@type'] } },
        errors: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['domain', 'reason', 'message'],
            additionalProperties: false,
            properties: {
              domain: text,
              reason: text,
              message: text,
              location: text,
              locationType: text,
            },
          },
        },
      },
    },
  },
});

/** APIs of the older kind give a status only together with details. */
const has_right_status = (error, api) =>
  api === 'calendar' ? ('status' in error) === ('details' in error) : 'status' in error;

/** Faults of an error body of an API against the shape of CONTRACT.md section 1. */
export function faults_of_error(body, status, api = 'gmail') {
  if (!validate_error(body))
    return validate_error.errors.map((error) => `${error.instancePath} ${error.message}`);
  if (!has_right_status(body.error, api)) return ['`status` is missing, or there against custom'];
  return body.error.code === status
    ? []
    : [`code ${body.error.code} in an answer with status ${status}`];
}
