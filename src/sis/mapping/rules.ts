import { z } from 'zod';

/** The rules that this target follows, key by key as DMS writes them. Whatever else there is, is refused by name. */

const name = z.string().min(1);
const rule = {
  'rule-id': z
    .union([z.number().int().positive(), z.string().regex(/^\d+$/, 'a whole number')])
    .transform(Number),
  'rule-name': name,
};

const value = z.union([z.string(), z.number()]).transform(String);
const oneValue = z.strictObject({
  'filter-operator': z.enum(['lte', 'ste', 'gte', 'eq', 'noteq']),
  value,
});
const range = z.strictObject({
  'filter-operator': z.enum(['between', 'notbetween']),
  'start-value': value,
  'end-value': value,
});
const noValue = z.strictObject({ 'filter-operator': z.enum(['null', 'notnull']) });

const NEGATIVE = new Set(['noteq', 'notbetween', 'notnull']);

const filter = z.strictObject({
  'filter-type': z.literal('source'),
  'column-name': name,
  'filter-conditions': z
    .array(z.discriminatedUnion('filter-operator', [oneValue, range, noValue]))
    .min(1)
    .refine((list) => list.length === 1 || !list.some((c) => NEGATIVE.has(c['filter-operator'])), {
      message: 'a negative condition must be the only one of its filter',
    }),
});

const tableLocator = z.strictObject({
  'schema-name': name,
  'table-name': name,
  'table-type': z.enum(['table', 'view', 'all']).default('table'),
});

export const selectionRule = z.strictObject({
  'rule-type': z.literal('selection'),
  ...rule,
  'rule-action': z.enum(['include', 'exclude', 'explicit']),
  'object-locator': tableLocator,
  'load-order': z
    .union([z.number().int(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .optional(),
  filters: z.array(filter).default([]),
});

const plainAction = z.enum(['convert-lowercase', 'convert-uppercase']);
const valueAction = z.enum(['rename', 'add-prefix', 'add-suffix', 'remove-prefix', 'remove-suffix']);
const replaceAction = z.enum(['replace-prefix', 'replace-suffix']);

const naming = <T extends z.ZodRawShape>(shape: T) =>
  [
    z.strictObject({ ...shape, 'rule-action': plainAction, value: z.null().optional() }),
    z.strictObject({ ...shape, 'rule-action': valueAction, value: name }),
    z.strictObject({ ...shape, 'rule-action': replaceAction, value: z.string(), 'old-value': name }),
  ] as const;

const transformation = { 'rule-type': z.literal('transformation'), ...rule };

export const schemaRule = z.discriminatedUnion(
  'rule-action',
  naming({
    ...transformation,
    'rule-target': z.literal('schema'),
    'object-locator': z.strictObject({ 'schema-name': name }),
  }),
);

export const tableRule = z.discriminatedUnion(
  'rule-action',
  naming({
    ...transformation,
    'rule-target': z.literal('table'),
    'object-locator': z.strictObject({ 'schema-name': name, 'table-name': name }),
  }),
);

/** Types of DMS into which a column can be changed here. */
export const CHANGED_TYPES = [
  'boolean',
  'int2',
  'int4',
  'int8',
  'real4',
  'real8',
  'numeric',
  'string',
  'wstring',
  'date',
  'datetime',
] as const;

const column = {
  ...transformation,
  'rule-target': z.literal('column'),
  'object-locator': z.strictObject({ 'schema-name': name, 'table-name': name, 'column-name': name }),
};

export const columnRule = z.discriminatedUnion('rule-action', [
  ...naming(column),
  z.strictObject({ ...column, 'rule-action': z.enum(['remove-column', 'include-column']) }),
  z.strictObject({
    ...column,
    'rule-action': z.literal('change-data-type'),
    'data-type': z.strictObject({
      type: z.enum(CHANGED_TYPES),
      length: z.union([z.number().int().positive(), z.literal('')]).optional(),
      precision: z.union([z.number().int().min(1).max(38), z.literal('')]).optional(),
      scale: z.union([z.number().int().min(0).max(38), z.literal('')]).optional(),
    }),
  }),
]);

/** Ranges are how DMS reads one table in parallel. Here a table is split by its pages in any case. */
export const tableSettingsRule = z.strictObject({
  'rule-type': z.literal('table-settings'),
  ...rule,
  'object-locator': z.strictObject({ 'schema-name': name, 'table-name': name }),
  'parallel-load': z.strictObject({
    type: z.literal('ranges'),
    columns: z.array(name).min(1).max(10),
    boundaries: z.array(z.array(z.union([z.string(), z.number()]))).min(1),
    'segment-names': z.array(name).optional(),
  }),
});

export type SelectionRule = z.infer<typeof selectionRule>;
export type SchemaRule = z.infer<typeof schemaRule>;
export type TableRule = z.infer<typeof tableRule>;
export type ColumnRule = z.infer<typeof columnRule>;
export type TableSettingsRule = z.infer<typeof tableSettingsRule>;
export type Filter = z.infer<typeof filter>;
export type FilterCondition = Filter['filter-conditions'][number];
export type NamingRule = SchemaRule | TableRule | ColumnRule;
