import { z } from '@hono/zod-openapi';

/** Rows that a cell of a notebook has asked for. */
export const notebookAnswerSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.json())),
  truncated: z.boolean(),
  publication: z.string().optional(),
});

/** One thing in several media types. */
export const bundleSchema = z.record(z.string(), z.json());

export const notebooksSchema = z.object({
  notebooks: z.array(
    z.object({
      file: z.string(),
      title: z.string(),
      incident: z.string().optional(),
      publication: z.string().optional(),
      role: z.string().optional(),
      runOf: z.string().optional(),
    }),
  ),
});
export type Notebooks = z.infer<typeof notebooksSchema>;
