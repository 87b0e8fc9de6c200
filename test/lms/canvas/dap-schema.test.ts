import { describe, expect, it } from 'vitest';
import { schemaAnswer } from '../../../src/lms/canvas/dap-schema.ts';

const section = (properties: object, required: string[] = []) => ({
  type: 'object',
  title: 'T',
  properties,
  required,
  additionalProperties: false,
});
const answer = (value: object | undefined, required: string[] = []) => ({
  version: 4,
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      meta: section({ ts: { type: 'string', format: 'date-time' } }, ['ts']),
      key: section({ id: { type: 'integer', format: 'int64' } }, ['id']),
      ...(value ? { value: section(value, required) } : {}),
    },
    required: ['key'],
  },
});

describe('schemaAnswer', () => {
  it.each([
    [{ type: 'integer', format: 'int64' }, 'bigint'],
    [{ type: 'integer', format: 'int32' }, 'integer'],
    [{ type: 'integer' }, 'bigint'],
    [{ type: 'number', format: 'float64' }, 'double'],
    [{ type: 'number' }, 'double'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'string', maxLength: 255 }, 'varchar'],
    [{ type: 'string', format: 'date-time' }, 'timestamp'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'uuid' }, 'varchar'],
    [{ type: 'string', enum: ['a', '__dap_unspecified__'] }, 'varchar'],
    [{ enum: ['a', 'b'] }, 'varchar'],
    [{ oneOf: [{ const: '__dap_oversized_truncated__' }, { type: 'string' }] }, 'varchar'],
    [{ type: 'object', properties: { a: { type: 'string' } } }, 'varchar'],
    [{ type: 'array', items: { type: 'integer' } }, 'varchar'],
    [{ type: ['null', 'integer'], format: 'int64' }, 'bigint'],
    [{}, 'varchar'],
  ])('%j is %s', (property, type) => {
    const { columns } = schemaAnswer.parse(answer({ x: property }));

    expect(columns[1]).toMatchObject({ name: 'x', section: 'value', type });
  });

  it('gives key columns first, and knows which may be empty', () => {
    const value = {
      name: { type: 'string', description: 'A name' },
      at: { type: ['string', 'null'], format: 'date-time' },
      note: { type: 'string' },
    };

    expect(schemaAnswer.parse(answer(value, ['name', 'at']))).toEqual({
      version: 4,
      columns: [
        { name: 'id', section: 'key', type: 'bigint', nullable: false },
        { name: 'name', section: 'value', type: 'varchar', nullable: false, description: 'A name' },
        { name: 'at', section: 'value', type: 'timestamp', nullable: true },
        { name: 'note', section: 'value', type: 'varchar', nullable: true },
      ],
    });
  });

  it('reads a table that is only a key', () => {
    expect(schemaAnswer.parse(answer(undefined)).columns).toHaveLength(1);
  });

  it('takes null for what a section or a column leaves out', () => {
    const schema = schemaAnswer.parse({
      version: 1,
      schema: {
        properties: {
          key: { properties: { id: { type: 'integer', format: null, description: null } }, required: null },
          value: null,
        },
      },
    });

    expect(schema.columns).toEqual([{ name: 'id', section: 'key', type: 'bigint', nullable: false }]);
  });
});
