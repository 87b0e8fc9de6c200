import { z } from 'zod';
import { PRIVACY_CLASSES } from './catalog-schema.ts';
import { SHOWN_PATTERN, SIMPLE_VIEWS, VIEW_EXAMPLES } from './masks.ts';
import { word } from './words.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _, starting with a letter');
const NAME = '[a-z_][a-z0-9_]*';
const table = z.string().regex(new RegExp(`^${NAME}\\.${NAME}$`), 'a table as database.table');
const tables = z
  .string()
  .regex(
    new RegExp(`^${NAME}\\.(${NAME}|\\*)$`),
    'a table as database.table, or database.* for all of a database',
  );
const column = z
  .string()
  .regex(new RegExp(`^${NAME}\\.${NAME}\\.${NAME}$`), 'a column as database.table.column');
const denied = z
  .string()
  .regex(
    new RegExp(`^${NAME}\\.(\\*|${NAME}(\\.${NAME})?)$`),
    'a table as database.table, a column as database.table.column, or database.*',
  );

const shown = z
  .string()
  .regex(SHOWN_PATTERN, {
    error:
      'whole, hidden, empty or a mask: redact, first_letter, last_four, email_domain, zip3, month, year, year from 1936, year 90+, band 10, pseudonym student, shift 183 by student_id',
  })
  .meta({ examples: [...SIMPLE_VIEWS, ...VIEW_EXAMPLES] });

const condition = word().describe(
  "A condition over the table's columns: column = session.attribute, column in (…), column in a_lookup, is null, and, or, not",
);

const lookupSchema = z.strictObject({
  description: word().optional(),
  table: table.describe('The table whose rows it is made of, seen whole'),
  column: name.describe('Its column that holds the values'),
  where: condition.optional().describe('Which rows count. Default: all'),
});

const roleSchema = z.strictObject({
  description: word().describe('Who has this role'),
  attributes: z
    .array(name)
    .default([])
    .describe('What must be known of a person for the rules of this role, such as person'),
  purposes: z.array(name).min(1).describe('What people of this role may use rows for'),
  classes: z
    .partialRecord(z.enum(PRIVACY_CLASSES), shown)
    .describe('How the columns of each privacy class are shown. A class that is not here is hidden'),
  tables: z
    .record(tables, condition)
    .describe('The tables of this role, each with its rows: all, or a condition. Others do not exist for it'),
  columns: z
    .record(column, shown)
    .default({})
    .describe('Columns that are shown in another way than their class'),
  deny: z.array(denied).default([]).describe('What stays hidden whatever the other lines say'),
  aggregatesOnly: z
    .boolean()
    .default(false)
    .describe('Whether only models in which small numbers are protected are seen: those with -- disclosure:'),
  breakGlass: z
    .strictObject({
      role: name.describe('The role that is active instead'),
      hours: z.number().int().min(1).max(72).describe('For how long, from the first time on'),
    })
    .optional()
    .describe('What people of this role may read as in an emergency, with a reason that a steward reviews'),
});

/** `access.yaml`: who may see which rows and columns, how, and what for. */
export const accessSchema = z.strictObject({
  purposes: z.record(name, word()).describe('What rows may be used for, by name, in words'),
  boundTo: z
    .record(
      z.union([z.enum(PRIVACY_CLASSES), column], {
        error: 'a privacy class, or a column as database.table.column',
      }),
      z.array(name).min(1),
    )
    .default({})
    .describe('Classes and columns that are shown for these purposes alone, whatever a role says'),
  lookups: z.record(name, lookupSchema).default({}).describe('Named lists of values that conditions ask'),
  roles: z
    .record(name, roleSchema)
    .refine((roles) => !Object.hasOwn(roles, 'administrator'), {
      error: 'other names than administrator, the role of the lake itself, which sees all',
    })
    .describe('The roles of the college, by name'),
});

export type AccessFile = z.infer<typeof accessSchema>;
export type AccessRole = AccessFile['roles'][string];
