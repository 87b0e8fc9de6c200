import { z } from 'zod';
import type { Counted, DataTime, LoadColumn, LoadFeed, PendingLoad, RawFile } from '../loads/load.ts';
import type { KeySum } from '../ports/key-sum.ts';
import type { DefinedColumn, TableColumn, TableDefinition, TableVersion } from '../ports/tables.ts';

/** A schema for each field that a type has: one that is forgotten, or is no more, does not compile. */
export type Fields<T> = { readonly [field in keyof Required<T>]: z.ZodType };

/** Fields that nobody has named here are kept: a validated document is the one that was read. */
export const fieldsOf = <T>(fields: Fields<T>): z.ZodType => z.looseObject(fields);

/** What the alternatives of a union have besides the field that names them. */
type FieldsOfEach<U, D extends keyof U> = {
  readonly [name in U[D] & string]: Fields<Omit<Extract<U, { readonly [field in D]: name }>, D>>;
};

/** As `fieldsOf`, for a type of which one field names the alternative: each of them has a schema for its fields. */
export function oneOf<U>() {
  return <D extends keyof U & string>(by: D, each: FieldsOfEach<U, D>): z.ZodType => {
    const [first, ...others] = Object.entries<Fields<object>>(each).map(([name, fields]) =>
      z.looseObject({ [by]: z.literal(name), ...fields }),
    );
    return z.discriminatedUnion(by, [first!, ...others]);
  };
}

export const text = z.string();
export const word = z.string().min(1);
export const maybeText = text.optional();
export const flag = z.boolean().optional();
/** Rows, bytes, numbers of things. */
export const count = z.number().int().min(0);
/** ISO 8601; empty where nobody knows. */
export const instant = z.string();
export const maybeInstant = instant.optional();
export const texts = z.array(text);
export const loadKind = z.enum(['snapshot', 'increment']);

const tableColumn = { name: word, type: word } satisfies Fields<TableColumn>;

export const definition = fieldsOf<TableDefinition>({
  key: texts,
  columns: z.array(
    fieldsOf<DefinedColumn>({
      ...tableColumn,
      source: text,
      treatment: z.enum(['keep', 'pseudonym', 'mask']),
      pseudonymKind: maybeText,
      wholeId: flag,
      mask: maybeText,
      absent: flag,
    }),
  ),
  pseudonymKey: maybeText,
});

export const tableVersion = fieldsOf<TableVersion>({
  table: word,
  columns: z.array(z.looseObject(tableColumn)),
  rows: count,
  storage: z.looseObject({}),
  content: maybeText,
  definition: definition.optional(),
  reads: texts.optional(),
  readsColumns: z.record(text, texts).optional(),
});

export const keySum = fieldsOf<KeySum>({
  columns: texts,
  sum: z.string().regex(/^-?\d+$/),
  recipe: count.optional(),
  distinct: flag,
});

export const counted = fieldsOf<Counted>({
  checks: z.looseObject({ of: text, counts: z.array(z.number()) }).optional(),
  keys: z.looseObject({ of: text, sum: text }).optional(),
});

export const loadFeed = fieldsOf<LoadFeed>({ generation: text, taken: texts, make: text });

export const pendingLoad = fieldsOf<PendingLoad>({ load: word, kind: loadKind, manifest: word });

export const dataTime = fieldsOf<DataTime>({ asOf: instant, loadedAt: instant });

const loadedFile = { key: word, bytes: count, sha256: maybeText };
export const rawFile = fieldsOf<RawFile>({
  ...loadedFile,
  delivered: z.looseObject(loadedFile).optional(),
  repaired: z.record(text, count).optional(),
  empty: flag,
});

export const loadColumn = fieldsOf<LoadColumn>({
  name: word,
  section: z.enum(['key', 'value']),
  type: word,
  nullable: z.boolean(),
});
