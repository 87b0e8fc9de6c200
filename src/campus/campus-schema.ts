import { z } from 'zod';
import { apiSchema } from './api-schema.ts';
import { assistantSchema } from './assistant-schema.ts';
import { awsSchema } from './aws-schema.ts';
import { PRIVACY_CLASSES, TREATMENTS, UNDECIDED } from './catalog-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { secretRefSchema } from './secret-schema.ts';
import { dmsOnlySources, postgresSource } from './sis-schema.ts';
import { isTimeZone, timeZoneNames } from './time-zone.ts';
import { loginName, nameAtSource, word } from './words.ts';

const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _, starting with a letter')
  .describe('Name of the source: also the database of its tables in the lake');

const idForm = z
  .enum(['local', 'global'])
  .default('local')
  .describe('How DAP gives ids of the own shard: without the number of the shard (local) or with it');

/** Where Canvas delivers what happens as it happens. */
const liveEvents = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('https'),
    port: z.number().int().min(0).max(65535).describe('Port of this machine; a proxy before it ends TLS'),
    address: z.string().min(1).default('127.0.0.1').describe('Address of this machine to listen at'),
    jwks: z
      .url({ protocol: /^https?$/, error: 'an http or https address' })
      .default('https://8axpcl50e4.execute-api.us-east-1.amazonaws.com/main/jwks')
      .describe('Where the keys are by which Canvas signs'),
    unsigned: z.boolean().default(false).describe('Take events without signature'),
    ids: idForm,
  }),
  z.strictObject({
    kind: z.literal('sqs'),
    queueUrl: z
      .url({ protocol: /^https?$/, error: 'the address of a queue' })
      .describe('The queue to which Canvas sends; its name begins with canvas-live-events'),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1')
      .optional()
      .describe('Default: that of the address'),
    ids: idForm,
  }),
]);

const canvasSource = z.strictObject({
  kind: z.literal('canvas'),
  url: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .refine((url) => !url.includes('@'), { error: 'an address without user or password' })
    .describe('The DAP gateway')
    .default('https://api-gateway.instructure.com'),
  clientId: secretRefSchema,
  clientSecret: secretRefSchema,
  namespaces: z.array(nameAtSource()).min(1).default(['canvas', 'canvas_logs']),
  format: z.enum(['jsonl', 'parquet']).default('jsonl').describe('Format in which files are asked for'),
  jobsPerMinute: z
    .number()
    .positive()
    .default(5)
    .describe("Canvas's limit on new jobs, shared by all tables"),
  concurrentDownloads: z.number().int().min(1).max(64).default(8).describe('Files fetched at once'),
  liveEvents: liveEvents
    .optional()
    .describe('Canvas live events, received while `lake follow` runs. Default: none are received'),
});

export const sourceSchema = z.discriminatedUnion('kind', [canvasSource, postgresSource, ...dmsOnlySources]);

/** Names that can stand in a query as they are. */
const sqlName = (parts: 1 | 2) =>
  z
    .string()
    .regex(
      parts === 1 ? /^[a-z_][a-z0-9_]*$/ : /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/,
      parts === 1 ? 'a column of the table, in lower case' : 'a table such as sis.registrar_students',
    );

const auditedSchema = z.strictObject({
  name: word().describe('What it is called in the report and on the model card'),
  table: sqlName(2).describe('The published table that has it'),
  column: sqlName(1).describe('Its column'),
  person: sqlName(1).describe("The column with the registrar's number of the student"),
});

/** Treatment of each privacy class where a column does not say its own. */
export const DEFAULT_TREATMENTS = {
  none: 'keep',
  direct: 'keep',
  quasi: 'keep',
  education: 'keep',
  special: 'exclude',
  aid: 'exclude',
  text: 'exclude',
  log: 'exclude',
  secret: 'exclude',
} as const;

export const campusSchema = z.strictObject({
  name: word().describe("The college's name"),
  timeZone: z
    .string()
    .refine(isTimeZone, {
      error: 'an IANA time zone such as America/Chicago',
      params: { words: timeZoneNames },
    })
    .describe('IANA time zone of the campus'),
  profile: z.enum(['frugal', 'standard']).default('frugal').describe('Size of the AWS target'),
  lake: word().default('.lake').describe('Folder of the lake on one machine, relative to this file'),
  catalog: word().default('catalog').describe('Folder of the catalog, relative to this file'),
  models: word().default('models').describe('Folder of the models, relative to this file'),
  sources: z.record(sourceName, sourceSchema).describe('The systems that data comes from, by name'),
  schedule: z
    .strictObject({ at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM in 24 hours') })
    .default({ at: '02:30' })
    .describe('When the nightly run starts, in the time zone of the campus'),
  privacy: z
    .strictObject({
      key: secretRefSchema
        .optional()
        .describe('Secret key of the pseudonyms; needed once a column is pseudonymised'),
      rotations: z
        .array(secretRefSchema)
        .min(1)
        .optional()
        .describe(
          'Further secret keys, the newest last: the pseudonyms of before are made into others by each. `lake privacy rotate` re-keys the tables',
        ),
      defaults: z.partialRecord(z.enum(PRIVACY_CLASSES), z.enum(TREATMENTS)).default({}),
      undecided: z
        .enum(UNDECIDED)
        .default('allow')
        .describe(
          'Columns that look sensitive and that nobody has decided on (`lake privacy review`). refuse: no run starts; leave_behind: they are not loaded; allow: they are treated as proposed',
        ),
    })
    .default({ defaults: {}, undecided: 'allow' }),
  warehouse: z
    .strictObject({
      port: z
        .number()
        .int()
        .min(1024)
        .max(65535)
        .default(5439)
        .describe('Port of the PostgreSQL on one machine'),
      readOnlyUser: loginName().default('dashboard').describe('Read-only user for dashboards'),
      statementTimeoutMinutes: z
        .number()
        .int()
        .min(0)
        .max(1440)
        .default(30)
        .describe('A statement of that user is cancelled after so many minutes; 0: never'),
      idleTimeoutMinutes: z
        .number()
        .int()
        .min(0)
        .max(1440)
        .default(10)
        .describe('A transaction of that user that does nothing is ended after so many minutes; 0: never'),
    })
    .default({ port: 5439, readOnlyUser: 'dashboard', statementTimeoutMinutes: 30, idleTimeoutMinutes: 10 }),
  ledger: z
    .strictObject({
      stepRetentionDays: z
        .number()
        .int()
        .min(7)
        .default(400)
        .describe('How long ops.steps and ops.remarks keep every step of a run at least, in days'),
    })
    .default({ stepRetentionDays: 400 })
    .describe('What is kept of runs; ops.runs, ops.loads and ops.checks are kept for good'),
  raw: z
    .strictObject({
      retentionDays: z
        .number()
        .int()
        .min(7)
        .default(90)
        .describe('How many days loads of an LMS stay in the raw zone once no table needs them'),
      rebuildFrom: z
        .enum(['raw', 'source'])
        .default('raw')
        .describe(
          'What a table is made from again when the catalog changes. raw: all loads since its last snapshot are kept, however old; source: they go after so many days too, and a new snapshot is loaded',
        ),
    })
    .default({ retentionDays: 90, rebuildFrom: 'raw' })
    .describe('What is kept of the files as they were delivered'),
  earlyWarning: z
    .strictObject({
      audit: z
        .array(auditedSchema)
        .optional()
        .describe("Facts about students that serve only to audit who is missed. Default: the demo college's"),
    })
    .optional()
    .describe('Early warning: what is not decided by its commands'),
  notify: z.array(notifySchema).default([{ kind: 'console' }]),
  workbench: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .refine((url) => !url.includes('@'), { error: 'an address without user or password' })
    .optional()
    .describe('Where people open the workbench: notifications link to it. Default: they have no links'),
  api: apiSchema
    .optional()
    .describe('The data API of `lake serve`: who may ask it besides the token of the server'),
  assistant: assistantSchema
    .optional()
    .describe('A language model for `lake ask`. Default: none; rules answer alone'),
  aws: awsSchema.optional().describe('The AWS target. Default: what the profile says'),
  environments: z
    .record(
      z.string().regex(/^[a-z][a-z0-9]{0,9}$/, 'up to ten lower-case letters and digits'),
      z.looseObject({}),
    )
    .optional()
    .describe(
      'Several lakes of one description, such as dev and prod: what each says differently from this file',
    ),
});

export type CampusFile = z.infer<typeof campusSchema>;
export type SourceConfig = z.infer<typeof sourceSchema>;
export type CanvasSourceConfig = Extract<SourceConfig, { kind: 'canvas' }>;
/** How live events of a Canvas come. */
export type LiveEventsConfig = NonNullable<CanvasSourceConfig['liveEvents']>;
/** A SIS that this machine can copy. */
export type SisSourceConfig = Extract<SourceConfig, { kind: 'postgres' }>;
/** A SIS that AWS DMS can copy. */
export type DmsSourceConfig = Exclude<SourceConfig, CanvasSourceConfig>;
/** A fact about students that serves only to audit early warning. */
export type AuditedColumn = z.infer<typeof auditedSchema>;
export type NotifyConfig = CampusFile['notify'][number];
