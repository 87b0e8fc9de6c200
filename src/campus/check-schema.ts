import { z } from 'zod';

/**
 * `fail`: the table is not shown until it passes, and the run fails. `warn`: it is shown, with a warning. `quarantine`: it is
 * shown without the rows that break the check, which are kept aside.
 */
export const SEVERITIES = ['fail', 'warn', 'quarantine'] as const;
export type Severity = (typeof SEVERITIES)[number];

const column = z.string().regex(/^[a-z][a-z0-9_]*$/, 'the name of a column in the lake');
const columns = z.array(column).min(1);
const severity = z
  .enum(SEVERITIES)
  .optional()
  .describe(
    'fail keeps the data from being shown, warn only tells, quarantine keeps the rows aside that break it. Default: fail',
  );
const bound = z.union([z.number(), z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a number, or a date YYYY-MM-DD')]);

/** Kinds of checks that a row breaks by itself. */
const OF_ROWS: readonly string[] = ['not_null', 'accepted_values', 'range', 'relationships'];

/** Whether the rows that break a check can be told apart from the others. */
export const isOfRows = ({ kind }: { readonly kind: string }): boolean => OF_ROWS.includes(kind);

/**
 * A rule that the rows of one table must satisfy. The kinds are named as dbt names its tests.
 *
 * @example
 * ```ts
 * import type { Check } from './check-schema.ts';
 *
 * const checks: readonly Check[] = [
 *   { kind: 'not_null', columns: ['id', 'name'] },
 *   { kind: 'unique', columns: ['id'] },
 *   { kind: 'accepted_values', column: 'state', values: ['active', 'deleted'], severity: 'warn' },
 *   { kind: 'range', column: 'score', min: 0, max: 100 },
 *   { kind: 'relationships', column: 'user_id', to: 'canvas.users', field: 'id' },
 * ];
 * ```
 */
export const checkSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('not_null'),
    columns: columns.describe('Columns that every row must fill'),
    severity,
  }),
  z.strictObject({
    kind: z.literal('unique'),
    columns: columns.describe('No two rows are alike in all of these'),
    nullsDistinct: z
      .boolean()
      .optional()
      .describe('Whether rows with an empty one of these are left out. Default: true, as in SQL'),
    severity,
  }),
  z.strictObject({
    kind: z.literal('accepted_values'),
    column,
    values: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .describe('What the column may hold; an empty one is not looked at'),
    severity,
  }),
  z.strictObject({
    kind: z.literal('range'),
    column,
    min: bound.optional(),
    max: bound.optional(),
    severity,
  }),
  z.strictObject({
    kind: z.literal('relationships'),
    column,
    to: z
      .string()
      .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'a table as database.table')
      .describe('The table in which every value of the column must be found'),
    field: column.describe('Its column there'),
    severity,
  }),
  z.strictObject({
    kind: z.literal('freshness'),
    column: column.describe('A date or a timestamp that says when a row came about'),
    maxAgeHours: z
      .number()
      .positive()
      .describe('How many hours the newest row may be older than the moment up to which the table is loaded'),
    severity,
  }),
  z.strictObject({
    kind: z.literal('row_count'),
    min: z.number().int().min(0).optional().describe('Rows that there must be'),
    maxDropPercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe('How many percent of its rows the table may lose from one run to the next'),
    severity,
  }),
]);

export type Check = z.infer<typeof checkSchema>;
