import { z } from 'zod';
import { word } from '../campus/words.ts';

const NAME = '[a-z_][a-z0-9_]*';
const table = z.string().regex(new RegExp(`^${NAME}\\.${NAME}$`), 'a table as database.table');
const tables = z.array(table).min(1);

const duration = (about: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}[mhdw]$/, 'a length of time such as 30m, 8h or 28d')
    .describe(about);

/** YAML reads 0.99 as a number: its text is exact all the same, as it is written with so few digits. */
const part = (about: string) =>
  z
    .union([
      z.string().regex(/^\d{1,3}(\.\d{1,12})?\s?%$/, 'a percentage such as 99.5%'),
      z.number().gt(0).lt(1),
    ])
    .describe(about);

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM in 24 hours');
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day as YYYY-MM-DD');
const moment = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/,
    'a moment as YYYY-MM-DDTHH:MM',
  );

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const alert = z.strictObject({
  severity: z.enum(['page', 'ticket']),
  budget: part('Which part of the budget is used up in the long window'),
  long: duration('The long window'),
  short: duration('The short window. Default: a twelfth of the long one').optional(),
  for: duration('How long it has to burn so fast. Default: not at all').optional(),
});

const objective = z.strictObject({
  description: word().optional(),
  owner: word().optional().describe('Who answers for it'),
  tables: tables.optional().describe('The tables that it is about: with age or by'),
  age: duration('No older than this: at any time, or with by at that time (default there: 24h)').optional(),
  by: clock.optional().describe('At this time of the day, by the clock of the campus'),
  on: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .optional()
    .describe('With by: on these days. Default: Monday to Friday'),
  runs: z.literal('succeed').optional().describe('Runs that succeed'),
  checks: z
    .union([z.literal('all'), tables])
    .optional()
    .describe('Checks that pass: of all tables, or of these'),
  target: part('Which part of the minutes, days, runs or checks has to be good'),
  window: z
    .string()
    .regex(
      /^([1-9]\d{0,2}[dw]|calendar (week|month|quarter|year))$/,
      'a length such as 28d, or calendar month',
    )
    .default('28d')
    .describe('Over how long: the last so many days, or the current week, month, quarter or year'),
  alerts: z
    .union([z.enum(['default', 'none']), z.array(alert).min(1)])
    .default('default')
    .describe('When it burns too fast. default: the multi-window rules of the SRE workbook'),
});

const because = word().optional().describe('Why, for people');

/** Work that a policy can hold. The loads, models and publications of a night are none of it. */
export const HELD = ['reloads', 'drift-looks', 'maintenance', 'deploys'] as const;

const rule = z.strictObject({
  below: z
    .union([
      z.string().regex(/^\d{1,2}(\.\d{1,12})?\s?%$/, 'a percentage such as 25%'),
      z.number().gte(0).lt(1),
    ])
    .default('0%')
    .describe('It acts when no more than this part of a budget is left. Default: 0%, when it is spent'),
  objectives: z.array(z.string()).min(1).optional().describe('Of these objectives. Default: of any'),
  hold: z.array(z.enum(HELD)).min(1).describe('What has to wait, or for a deploy: needs an approval'),
});

export const sloSchema = z.strictObject({
  objectives: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and -, starting with a letter'),
      objective,
    )
    .default({}),
  policy: z
    .array(rule)
    .default([])
    .describe('What happens when an error budget is spent; the nightly load is never held'),
  breaks: z
    .array(z.strictObject({ from: day, to: day, because }))
    .default([])
    .describe('Days without deadlines, first and last: holidays, the weeks between terms'),
  maintenance: z
    .array(z.strictObject({ from: moment, to: moment, because }))
    .default([])
    .describe('Announced maintenance, by the clock of the campus: what happens then counts for nothing'),
});

export type WrittenRule = z.infer<typeof rule>;

export type SloFile = z.infer<typeof sloSchema>;

export type WrittenObjective = SloFile['objectives'][string];
