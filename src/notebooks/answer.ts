import { z } from 'zod';
import type { Json } from '../json.ts';

/** Rows that a notebook has asked for, in JSON that rounds nothing: whole numbers beyond 2^53 and decimals are texts. */
export interface Answer {
  readonly columns: { name: string; type: string }[];
  readonly rows: Json[][];
  /** Whether there are more rows than were taken. */
  readonly truncated: boolean;
  /** The publication that was read. */
  readonly publication?: string;
}

export interface Chart {
  readonly kind: 'bar' | 'line';
  /** Columns of the answer: what is counted, and numbers. */
  readonly x: string;
  readonly y: string;
  readonly title: string;
}

/** The most rows of one answer in a notebook, which is a document and no place for data. */
export const MOST_ROWS = 1_000;
const MOST_COLUMNS = 200;

export const answerSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })).max(MOST_COLUMNS),
  rows: z.array(z.array(z.json() as z.ZodType<Json>)).max(MOST_ROWS),
  truncated: z.boolean().default(false),
  publication: z.string().optional(),
});

export const chartSchema = z.object({
  kind: z.enum(['bar', 'line']),
  x: z.string(),
  y: z.string(),
  title: z.string().max(300),
});

/** The media type in which an answer lies in an output, for programs that compare or export notebooks. */
export const ANSWER_TYPE = 'application/vnd.campus-lake.answer+json';

/** A value as a person reads it. */
export const shown = (value: Json | undefined): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** Whether a column holds numbers. */
export const isNumeric = (type: string): boolean =>
  /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(type);
