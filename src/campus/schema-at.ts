import { z } from 'zod';
import type { YamlPath } from './problem.ts';

/** The schema that the value at `path` must meet, with optional and default peeled off; undefined off the map. */
export function schemaAt(root: z.ZodType, value: unknown, path: YamlPath): z.ZodType | undefined {
  let schema: z.ZodType | undefined = peel(root, value);
  let here = value;
  for (const part of path) {
    here = isRecord(here) || Array.isArray(here) ? (here as Record<string, unknown>)[part] : undefined;
    const below = schema && child(schema, part);
    if (!below) return undefined;
    schema = peel(below, here);
  }
  return schema;
}

/** The keys that an object of this schema may have; empty where any key goes. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum)
    return schema.keyType.options.map(String);
  if (schema instanceof z.ZodUnion)
    return [...new Set(schema.options.flatMap((o) => keysOf(o as z.ZodType)))];
  return [];
}

function child(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[part] as z.ZodType | undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return undefined;
}

/** Also chooses the branch of a discriminated union that the value names. */
function peel(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return peel(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodDiscriminatedUnion && isRecord(value)) {
    const kind = value[schema.def.discriminator];
    const branch = schema.options.find((o) => {
      const literal = o instanceof z.ZodObject ? o.shape[schema.def.discriminator] : undefined;
      return literal instanceof z.ZodLiteral && literal.values.has(kind as string);
    });
    if (branch) return branch as z.ZodType;
  }
  return schema;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where the path ends early. */
export function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      isRecord(here) || Array.isArray(here) ? (here as Record<string, unknown>)[part] : undefined,
    value,
  );
}
