import { z } from '@hono/zod-openapi';

/**
 * What the workbench's server answers, one schema each: the OpenAPI document, the check of every answer on its way out and
 * the types of the page are all made of these. The page imports types alone, so that no schema is in its script.
 * Instants are ISO 8601 UTC.
 */

const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const texts = list(z.string());

const matterSchema = z.object({
  severity: z.enum(['bad', 'attention', 'info']),
  title: z.string(),
  hint: z.string().optional(),
  tables: texts,
  ofTables: z.number(),
  owners: texts,
  run: z.string().optional(),
});

export const nowSchema = z
  .object({
    at: z.string(),
    verdict: z.enum(['bad', 'attention', 'unknown', 'good']),
    sentence: z.string(),
    publication: z.string().optional(),
    run: z
      .object({
        run: z.string(),
        status: z.string(),
        startedAt: z.string().optional(),
        endedAt: z.string().optional(),
        attempt: z.number().optional(),
      })
      .optional(),
    datasets: z.object({ all: z.number(), late: z.number(), neverLoaded: z.number() }),
    wrong: list(matterSchema),
    doing: list(matterSchema),
    needsPerson: list(matterSchema),
  })
  .openapi('Now');

/** Who looks, at what, and which views there are for this role. */
export const meSchema = z
  .object({
    campus: z.string(),
    timeZone: z.string(),
    principal: z.string(),
    role: z.string(),
    isAdministrator: z.boolean(),
    views: texts,
  })
  .openapi('Me');

export const studentsSchema = z
  .object({
    lists: list(
      z.object({
        title: z.string(),
        table: z.string(),
        note: z.string(),
        isAbsent: z.boolean().optional(),
        upTo: z.string().optional(),
        columns: texts,
        rows: list(z.object({ cells: texts, reasons: z.string().optional() })),
        isCut: z.boolean(),
        sql: z.string().optional(),
      }),
    ),
  })
  .openapi('Students');

const listedTableSchema = z.object({
  table: z.string(),
  zone: z.enum(['staged', 'curated']),
  /** Absent: never published, or not counted for this role. */
  rows: z.number().optional(),
  upTo: z.string().optional(),
  loadedAt: z.string().optional(),
  owner: z.string().optional(),
  whyOld: z.string().optional(),
  state: z.enum(['ok', 'late', 'unknown']),
});

export const datasetsSchema = z.object({ tables: list(listedTableSchema) }).openapi('Datasets');

export const datasetSchema = z
  .object({
    table: z.string(),
    description: z.string().optional(),
    grain: z.string().optional(),
    owner: z.string().optional(),
    rows: z.number().optional(),
    upTo: z.string().optional(),
    loadedAt: z.string().optional(),
    whyOld: z.string().optional(),
    state: z.enum(['ok', 'late', 'unknown']),
    columns: list(
      z.object({
        name: z.string(),
        type: z.string(),
        key: z.boolean().optional(),
        privacy: z.string().optional(),
        treatment: z.string().optional(),
        mask: z.string().optional(),
        description: z.string().optional(),
      }),
    ),
    lineage: z.object({ reads: texts, readBy: texts }),
    loads: list(
      z.object({
        run: z.string(),
        kind: z.string(),
        at: z.string().optional(),
        upTo: z.string().optional(),
        bytes: z.number().optional(),
        rows: z.number().optional(),
        seconds: z.number().optional(),
      }),
    ).optional(),
    checked: list(
      z.object({
        run: z.string(),
        at: z.string().optional(),
        rows: z.number().optional(),
        checks: list(
          z.object({
            name: z.string(),
            severity: z.string(),
            status: z.string(),
            checks: z.number(),
            failing: z.number(),
            found: z.string().optional(),
          }),
        ),
      }),
    ).optional(),
  })
  .openapi('Dataset');

const runSchema = z.object({
  run: z.string(),
  status: z.enum(['running', 'succeeded', 'failed']),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  attempts: z.number(),
  loads: z.number().optional(),
  rows: z.number().optional(),
  failures: z.number().optional(),
  published: z.boolean().optional(),
});

export const runsSchema = z.object({ runs: list(runSchema) }).openapi('Runs');

export const timelineSchema = z
  .object({
    run: runSchema,
    stages: list(
      z.object({
        title: z.string(),
        from: z.string(),
        to: z.string(),
        steps: z.number(),
        failed: z.number(),
      }),
    ),
    steps: list(
      z.object({
        path: z.string(),
        stage: z.string(),
        step: z.string(),
        item: z.string(),
        status: z.enum(['succeeded', 'failed']),
        from: z.string(),
        to: z.string(),
        attempt: z.number(),
        error: z.string().optional(),
        hint: z.string().optional(),
      }),
    ),
    notListed: z.number(),
    remarks: list(z.object({ about: z.string(), text: z.string(), at: z.string().optional() })),
  })
  .openapi('Timeline');

/** Names that a query can be completed with. */
export const completionSchema = z
  .object({ tables: z.record(z.string(), texts), functions: texts })
  .openapi('Completion');

const remarkSchema = z.object({
  code: z.string(),
  text: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
});

export const questionSchema = z.object({ sql: z.string().min(1).max(100_000) }).openapi('Question');

export const answerSchema = z
  .object({
    id: z.string(),
    columns: list(z.object({ name: z.string(), type: z.string() })),
    rows: z.number(),
    isDone: z.boolean(),
    isCut: z.boolean(),
    seconds: z.number(),
    remarks: list(remarkSchema),
  })
  .openapi('Answer');

export const pageSchema = z.object({ from: z.number(), rows: list(list(z.unknown())) }).openapi('Page');

const savedSchema = z.object({ name: z.string(), title: z.string(), sql: z.string() });
export const savedQueriesSchema = z.object({ queries: list(savedSchema) }).openapi('SavedQueries');
export const savedQuerySchema = savedSchema.openapi('SavedQuery');
export const toSaveSchema = z
  .object({ title: z.string().min(1).max(200), sql: z.string().min(1).max(100_000) })
  .openapi('QueryToSave');

export const foundSchema = z
  .object({
    total: z.number(),
    entries: list(
      z.object({
        table: z.string(),
        column: z.string().optional(),
        type: z.string().optional(),
        privacy: z.string().optional(),
        treatment: z.string().optional(),
        mask: z.string().optional(),
        description: z.string().optional(),
        owner: z.string().optional(),
        /** Which words matched, and where. */
        why: z.string().optional(),
      }),
    ),
  })
  .openapi('Found');

/** An error in the lake's own words. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
    }),
  })
  .openapi('Error');

export type Now = z.infer<typeof nowSchema>;
export type Matter = z.infer<typeof matterSchema>;
export type Me = z.infer<typeof meSchema>;
export type Students = z.infer<typeof studentsSchema>;
export type Datasets = z.infer<typeof datasetsSchema>;
export type Dataset = z.infer<typeof datasetSchema>;
export type Runs = z.infer<typeof runsSchema>;
export type Timeline = z.infer<typeof timelineSchema>;
export type Completion = z.infer<typeof completionSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type Page = z.infer<typeof pageSchema>;
export type SavedQueries = z.infer<typeof savedQueriesSchema>;
export type SavedQuery = z.infer<typeof savedQuerySchema>;
export type Found = z.infer<typeof foundSchema>;
export type ErrorAnswer = z.infer<typeof errorSchema>;
