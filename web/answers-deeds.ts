import { z } from '@hono/zod-openapi';

/** The answers of what the page can set going: runs and accepted recommendations; see `answers.ts`. */

export const beginningSchema = z.object({ confirm: z.boolean().default(false) }).openapi('Beginning');
export const begunSchema = z.object({ begun: z.boolean() }).openapi('Begun');

export const changesSchema = z
  .object({
    /** Of the campus.yaml that the changes are of. */
    seen: z.string(),
    changes: z
      .array(
        z.object({
          id: z.string(),
          job: z.string(),
          finding: z.string(),
          advice: z.string(),
          saving: z.object({ unit: z.enum(['dollars', 'seconds']), amount: z.number() }),
          held: z.number(),
          laterRuns: z.number(),
          diff: z.array(z.object({ sign: z.enum(['-', '+', ' ']), text: z.string() })).optional(),
        }),
      )
      .readonly(),
  })
  .openapi('Changes');

export const acceptingSchema = z.object({ seen: z.string().min(1).max(100) }).openapi('Accepting');
export const acceptedSchema = z
  .object({ setting: z.string(), before: z.string(), after: z.string() })
  .openapi('AcceptedChange');

export type Begun = z.infer<typeof begunSchema>;
export type Changes = z.infer<typeof changesSchema>;
export type AcceptedChange = z.infer<typeof acceptedSchema>;
