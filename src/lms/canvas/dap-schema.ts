import { z } from 'zod';
import type { LakeType } from '../../campus/lake-type.ts';
import type { LmsColumn, LmsSchema } from '../../ports/lms-source.ts';

/**
 * The schema endpoint's answer. Its real shape is a JSON Schema with the three sections `meta`, `key` and `value`
 * (a captured answer for `canvas.courses`; the prose of the documentation shows a flat object).
 */
const column = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).nullish(),
  format: z.string().nullish(),
  description: z.string().nullish(),
  oneOf: z.array(z.looseObject({})).nullish(),
  anyOf: z.array(z.looseObject({})).nullish(),
});
type Column = z.infer<typeof column>;

const section = z.object({
  properties: z
    .record(z.string(), column)
    .nullish()
    .transform((properties) => properties ?? {}),
  required: z
    .array(z.string())
    .nullish()
    .transform((required) => required ?? []),
});

export const schemaAnswer = z
  .object({
    version: z.number().int(),
    schema: z.object({ properties: z.object({ key: section, value: section.nullish() }) }),
  })
  .transform(({ version, schema }): LmsSchema => {
    const { key, value } = schema.properties;
    return {
      version,
      columns: [...columnsOf('key', key), ...(value ? columnsOf('value', value) : [])],
    };
  });

function columnsOf(name: 'key' | 'value', { properties, required }: z.infer<typeof section>): LmsColumn[] {
  return Object.entries(properties).map(([column, property]) => ({
    name: column,
    section: name,
    type: lakeType(property),
    nullable: name === 'value' && (!required.includes(column) || typesOf(property).includes('null')),
    ...(property.description ? { description: property.description } : {}),
  }));
}

/**
 * A column's type in the lake. Nested objects, lists and free JSON are kept as JSON text; enums and the long texts
 * that may hold `__dap_oversized_truncated__` are text.
 */
function lakeType(property: Column): LakeType {
  const type = typesOf(property).find((t) => t !== 'null');
  const { format } = property;
  if (type === 'integer') return format === 'int32' ? 'integer' : 'bigint';
  if (type === 'number') return format === 'float' || format === 'float32' ? 'real' : 'double';
  if (type === 'boolean') return 'boolean';
  if (type === 'string' && format === 'date-time') return 'timestamp';
  if (type === 'string' && format === 'date') return 'date';
  return 'varchar';
}

/** The types that a column may have; those of its alternatives where it has some. */
function typesOf(property: Column): string[] {
  if (property.type != null) return [property.type].flat();
  const alternatives = property.oneOf ?? property.anyOf ?? [];
  return alternatives.flatMap((alternative) => {
    const { type } = column.parse(alternative);
    return type == null ? [] : [type].flat();
  });
}
