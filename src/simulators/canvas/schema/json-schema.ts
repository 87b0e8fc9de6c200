import type { Json } from '../../../json.ts';
import { type DapField, type DapTable, type DapType, OVERSIZED } from './dap-types.ts';

/**
 * The JSON Schema that the schema endpoint answers for a table: three sections, `meta`, `key` and `value`; what
 * may be missing is left out of `required`, and there is no null type.
 */
export function jsonSchemaOf(table: DapTable): Json {
  const section = (name: 'key' | 'value'): Json =>
    objectSchema(
      table.columns.filter((c) => c.section === name),
      name === 'key' ? `Primary key of ${table.name}.` : `Columns of ${table.name}.`,
    );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      meta: {
        type: 'object',
        properties: {
          ts: {
            type: 'string',
            format: 'date-time',
            description: 'The instant at which the change was committed to the platform.',
          },
          action: {
            type: 'string',
            enum: ['U', 'D'],
            description: 'U: inserted or updated. D: deleted. Only in increments.',
          },
        },
        required: ['ts'],
        additionalProperties: false,
        title: 'meta',
        description: 'What the platform knows of the record.',
      },
      key: section('key'),
      value: section('value'),
    },
    required: ['key'],
    additionalProperties: false,
    title: table.name,
    description: `Records of ${table.namespace}.${table.name}.`,
  };
}

function objectSchema(fields: readonly DapField[], description: string): Json {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((f) => [f.name, typeSchema(f.type, f.name)])),
    required: fields.filter((f) => f.required).map((f) => f.name),
    additionalProperties: false,
    title: description,
    description,
  };
}

function typeSchema(type: DapType, name: string): Json {
  const description = name.replaceAll('_', ' ');
  switch (type.kind) {
    case 'int64':
    case 'int32':
      return { type: 'integer', format: type.kind, description };
    case 'float64':
      return { type: 'number', format: 'float64', description };
    case 'decimal': {
      const bound = 10 ** (type.precision - type.scale);
      return {
        type: 'number',
        exclusiveMinimum: -bound,
        exclusiveMaximum: bound,
        multipleOf: 10 ** -type.scale,
        description,
      };
    }
    case 'boolean':
      return { type: 'boolean', description };
    case 'timestamp':
      return { type: 'string', format: 'date-time', description };
    case 'date':
      return { type: 'string', format: 'date', description };
    case 'uuid':
      return { type: 'string', format: 'uuid', description };
    case 'ip':
      return {
        oneOf: [
          { type: 'string', format: 'ipv4' },
          { type: 'string', format: 'ipv6' },
        ],
        description,
      };
    case 'string':
      return type.maxLength === undefined
        ? { type: 'string', description }
        : { type: 'string', maxLength: type.maxLength, description };
    case 'text':
      return { oneOf: [{ type: 'string', const: OVERSIZED }, { type: 'string' }], description };
    case 'enum':
      return { type: 'string', enum: [...type.values], description };
    case 'intEnum':
      return { type: 'integer', enum: [...type.values], description };
    case 'object':
      return objectSchema(type.fields, description);
    case 'json':
      return { type: 'string', description: `${description}, as JSON text` };
  }
}
