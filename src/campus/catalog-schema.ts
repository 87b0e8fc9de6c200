import { z } from 'zod';
import { checkSchema } from './check-schema.ts';
import { isLakeType, type LakeType, SIMPLE_LAKE_TYPES } from './lake-type.ts';
import { STORED_MASK_EXAMPLES, STORED_MASK_PATTERN } from './masks.ts';
import { SHORT_OBJECTIVE, SHORT_OBJECTIVE_EXAMPLES } from './short-objective.ts';
import { nameAtSource, word } from './words.ts';

/**
 * What a column says about a person, which decides how it is treated.
 * `none`: nothing. `direct`: names a person (name, e-mail, student id). `quasi`: helps to find one (birth date,
 * post code). `education`: the education record (grades, standing). `special`: health, race, religion, visa.
 * `aid`: financial aid data bound to its purpose. `text`: free text that can hold anything. `log`: addresses and
 * agents in logs. `secret`: national ids, bank accounts, passwords, tokens.
 */
export const PRIVACY_CLASSES = [
  'none',
  'direct',
  'quasi',
  'education',
  'special',
  'aid',
  'text',
  'log',
  'secret',
] as const;
export type PrivacyClass = (typeof PRIVACY_CLASSES)[number];

/**
 * What a run does about a column that looks sensitive and that nobody has decided on. `refuse`: no run starts while
 * there is one. `leave_behind`: the column is not loaded, and its table neither where it is part of the key. `allow`:
 * it is treated as proposed.
 */
export const UNDECIDED = ['refuse', 'leave_behind', 'allow'] as const;

/** `keep` as it is; `pseudonym`: a keyed hash; `exclude`: never enters the staged zone. */
export const TREATMENTS = ['keep', 'pseudonym', 'exclude'] as const;
/** What becomes of a column. `mask`: its `mask` says what is stored in the place of its values. */
export type Treatment = (typeof TREATMENTS)[number] | 'mask';

/** What other databases call the lake's types: offered when one of these words is found. */
const TYPE_ALIASES: Readonly<Record<string, LakeType>> = {
  text: 'varchar',
  string: 'varchar',
  char: 'varchar',
  character: 'varchar',
  uuid: 'varchar',
  json: 'varchar',
  jsonb: 'varchar',
  int: 'integer',
  int4: 'integer',
  smallint: 'integer',
  int8: 'bigint',
  long: 'bigint',
  bool: 'boolean',
  float: 'double',
  float4: 'real',
  float8: 'double',
  number: 'decimal(38,10)',
  numeric: 'decimal(38,10)',
  decimal: 'decimal(38,10)',
  datetime: 'timestamp',
  timestamptz: 'timestamp',
  bytea: 'varbinary',
};

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _, starting with a letter');

const lakeType = z
  .custom<LakeType>((v) => typeof v === 'string' && isLakeType(v), {
    error: `a type of the lake: ${SIMPLE_LAKE_TYPES.join(', ')} or decimal(p,s)`,
    params: { words: () => [...SIMPLE_LAKE_TYPES], aliases: TYPE_ALIASES },
  })
  .meta({
    type: 'string',
    anyOf: [{ enum: [...SIMPLE_LAKE_TYPES] }, { pattern: '^decimal\\(\\d{1,2},\\d{1,2}\\)$' }],
  });

export const columnSchema = z.strictObject({
  name: identifier.describe('Name in the lake'),
  source: nameAtSource().optional().describe("Name at the source. Default: the column's name"),
  type: lakeType.describe('Type in the lake'),
  nullable: z.boolean().optional().describe('Whether it may be empty. Default: true'),
  privacy: z.enum(PRIVACY_CLASSES).describe('What it says about a person'),
  treatment: z
    .enum(TREATMENTS)
    .optional()
    .describe("Default: what campus.yaml's privacy.defaults says for the class"),
  mask: z
    .string()
    .regex(STORED_MASK_PATTERN, { error: `a mask: ${STORED_MASK_EXAMPLES.join(', ')}` })
    .meta({ examples: [...STORED_MASK_EXAMPLES] })
    .optional()
    .describe('What is stored in the place of its values, such as last_four. In the place of a treatment'),
  pseudonymNamespace: identifier
    .optional()
    .describe('With treatment pseudonym: the kind of id. Default: the column name'),
  copyAs: z
    .literal('text')
    .optional()
    .describe(
      'SIS: it leaves the database as text, with type varchar, such as a number with more digits than the lake has. Default: as its own type',
    ),
  privacyReason: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe(
      'With privacy none: why it says nothing about a person although its name sounds so. `lake doctor` asks where there is no reason',
    ),
  description: z.string().optional(),
});

export const datasetSchema = z.strictObject({
  name: identifier.describe("Table name in the lake's database of this source"),
  namespace: nameAtSource().describe('Canvas: the DAP namespace. SIS: the database schema'),
  kind: z
    .enum(['table', 'view'])
    .optional()
    .describe('SIS: what it is in its database; a materialized view is a view too. Default: table'),
  table: nameAtSource().describe('Table name at the source'),
  key: z.array(identifier).describe('Key columns, by their name in the lake. Empty: no key'),
  load: z
    .enum(['incremental', 'snapshot', 'off'])
    .optional()
    .describe(
      'incremental: changes since the last load. snapshot: everything each time. off: not loaded. Default: incremental for an LMS, snapshot for a SIS',
    ),
  priority: z.number().int().min(0).max(9).optional().describe('9 is loaded first. Default: 5'),
  owner: word().optional().describe('Who answers for it'),
  freshness: z
    .string()
    .regex(/^\d+[hd]$/, 'a number and h or d, such as 24h')
    .optional()
    .describe('How old its data may become. Default: 26h'),
  description: z.string().optional(),
  columns: z.array(columnSchema).min(1),
  retention: z
    .strictObject({
      outcome: z
        .enum(['erase', 'mask', 'retain'])
        .describe(
          'erase: rows go. mask: rows stay without what names or describes the person. retain: rows stay',
        ),
      reason: z.string().trim().min(1).describe('The law or rule that says so, for the certificate'),
    })
    .optional()
    .describe("What becomes of a person's rows when the person is erased. Default: erase"),
  checks: z
    .array(checkSchema)
    .optional()
    .describe('Rules for its rows, besides those that follow from its key and columns'),
  objectives: z
    .array(
      z
        .string()
        .regex(SHORT_OBJECTIVE, { error: `a promise: ${SHORT_OBJECTIVE_EXAMPLES.join('; ')}` })
        .meta({ examples: [...SHORT_OBJECTIVE_EXAMPLES] }),
    )
    .min(1)
    .optional()
    .describe('What is promised of it, each in a sentence: its service levels'),
});

export const catalogFileSchema = z.strictObject({
  source: identifier.describe('A name under sources: in campus.yaml; also the database of its tables'),
  datasets: z.array(datasetSchema),
});

export type CatalogColumn = z.infer<typeof columnSchema>;
export type Dataset = z.infer<typeof datasetSchema>;
export type CatalogFile = z.infer<typeof catalogFileSchema>;
