import { z } from '@hono/zod-openapi';

/** The answers of the views Incidents, Service levels and Jobs; see `answers.ts`. */

const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();
const texts = list(z.string());
const deed = z.object({ at: z.string(), by: z.string() });

const attemptSchema = deed.extend({
  id: z.string(),
  repair: z.string(),
  state: z.string(),
  automatic: z.boolean(),
  tables: texts,
  text: z.string(),
  notBefore: z.string().optional(),
});

const incidentSchema = z.object({
  id: z.string(),
  title: z.string(),
  cause: z.string(),
  state: z.enum(['new', 'acknowledged', 'reopened', 'resolved']),
  severity: z.enum(['warning', 'error']),
  confidence: z.number(),
  alternatives: list(z.object({ cause: z.string(), confidence: z.number() })),
  openedAt: z.string(),
  lastSeenAt: z.string(),
  lastSeenIn: z.string(),
  runs: z.number(),
  reopened: z.number(),
  acknowledged: deed.optional(),
  resolved: deed.extend({ how: z.string() }).optional(),
  tables: texts,
  affected: texts,
  assignee: z.string(),
  evidence: list(
    z.object({ id: z.string(), kind: z.string(), about: z.string(), at: z.string(), message: z.string() }),
  ),
  consequences: list(z.object({ cause: z.string(), tables: texts })),
  why: z.string(),
  manualSteps: z.string(),
  hint: z.string().optional(),
  tried: list(attemptSchema),
  rule: z.object({ version: z.number(), analysers: z.string() }),
});

export const incidentsSchema = z
  .object({ incidents: list(incidentSchema.omit({ evidence: true, why: true, manualSteps: true })) })
  .openapi('Incidents');

const proposalSchema = z.object({
  repair: z.string(),
  title: z.string(),
  about: z.string(),
  text: z.string(),
  tables: texts,
  asks: z.string().optional(),
});

export const incidentDetailsSchema = z
  .object({ incident: incidentSchema, proposals: list(proposalSchema) })
  .openapi('IncidentDetails');

export const actionSchema = z
  .object({ repair: z.string(), confirm: z.boolean().default(false) })
  .openapi('Action');

export const actedSchema = z
  .object({ proposal: proposalSchema, attempt: attemptSchema.optional(), needsRun: z.boolean() })
  .openapi('Acted');

export const resolvingSchema = z.object({ how: z.string().min(1).max(500) }).openapi('Resolving');
export const doneSchema = z.object({ state: z.string() }).openapi('Done');

export const levelsSchema = z
  .object({
    levels: list(
      z.object({
        name: z.string(),
        promise: z.string(),
        description: z.string().optional(),
        owner: z.string().optional(),
        place: z.string(),
        target: z.number(),
        window: z.string(),
        unit: z.string(),
        verdict: z.enum(['kept', 'burning', 'broken', 'no-data']),
        sli: z.number().nullable(),
        bad: z.number(),
        total: z.number(),
        budget: z.object({
          allowed: z.number(),
          left: z.number(),
          spent: z.number().nullable(),
          exhaustedInMinutes: z.number().nullable(),
        }),
        alerts: list(
          z.object({ name: z.string(), severity: z.string(), state: z.string(), since: z.string() }),
        ),
      }),
    ),
  })
  .openapi('Levels');

export const levelSchema = z
  .object({
    objective: z.string(),
    unit: z.string(),
    points: list(
      z.object({
        at: z.string(),
        sli: z.number().nullable(),
        left: z.number().nullable(),
        burn: z.number().nullable(),
      }),
    ),
    wouldFire: list(z.object({ alert: z.string(), severity: z.string(), inMinutes: z.number().nullable() })),
  })
  .openapi('Level');

export const jobsSchema = z
  .object({
    since: z.string(),
    dollars: z.number(),
    dollarsPerMonth: z.number().optional(),
    byDay: list(z.object({ day: z.string(), dollars: z.number(), ranMs: z.number() })),
    jobs: list(
      z.object({
        job: z.string(),
        kind: z.string(),
        runs: z.number(),
        failed: z.number(),
        lastAt: z.string(),
        ranMsP50: z.number(),
        ranMsP95: z.number(),
        peakMemoryBytesP95: z.number().optional(),
        spilledBytesP95: z.number().optional(),
        trend: z.object({
          direction: z.enum(['rising', 'falling', 'none']),
          p: z.number(),
          perDay: z.number(),
        }),
        dollars: z.number().optional(),
      }),
    ),
  })
  .openapi('Jobs');

export const jobSchema = z
  .object({
    job: z.string(),
    runs: list(
      z.object({
        run: z.string(),
        status: z.string(),
        startedAt: z.string(),
        ranMs: z.number(),
        queuedMs: z.number().optional(),
        rowsOut: z.number().optional(),
        peakMemoryBytes: z.number().optional(),
        dollars: z.number().optional(),
      }),
    ),
  })
  .openapi('Job');

export type Incidents = z.infer<typeof incidentsSchema>;
export type IncidentDetails = z.infer<typeof incidentDetailsSchema>;
export type Acted = z.infer<typeof actedSchema>;
export type Levels = z.infer<typeof levelsSchema>;
export type Level = z.infer<typeof levelSchema>;
export type Jobs = z.infer<typeof jobsSchema>;
export type Job = z.infer<typeof jobSchema>;
