import { isSafeNumber, parse } from 'lossless-json';
import { z } from 'zod';
import type { LmsJob } from '../../ports/lms-source.ts';
import { NO_DATA_YET } from '../errors.ts';

/**
 * The answers of the DAP Query API as its OpenAPI document tells them. Fields that are not named here are let
 * through unread: a source that says more must not stop a load. A field that may be absent may also be null, as in
 * the types of Canvas's own client.
 */

/** Ids are text; one that comes as a number is kept digit by digit. */
const id = z.union([z.string().min(1), z.number().int().transform(String)]);

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.preprocess((life) => life ?? 3600, z.coerce.number().positive()),
});

export const tablesAnswer = z.object({ tables: z.array(z.string()) });

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const fields = z.object({
  type: text,
  uuid: text,
  message: text.transform((message) => message ?? ''),
  kind: text,
});
/** `error` is an object, but for the User-Agent rule, where it is a word beside `message`. */
export const errorAnswer = z.object({
  error: z.union([fields, z.string().transform((type) => ({ type, message: '' }) as z.infer<typeof fields>)]),
  message: text,
});

const jobBase = { id, expires_at: text };
const jobAnswerFields = z.discriminatedUnion('status', [
  z.object({ ...jobBase, status: z.enum(['waiting', 'running']) }),
  z.object({
    ...jobBase,
    status: z.literal('complete'),
    // An empty list is an empty result; a missing one says nothing, and must not empty a table.
    objects: z.array(z.object({ id })),
    schema_version: z.number().int(),
    at: text,
    since: text,
    until: text,
  }),
  z.object({ ...jobBase, status: z.literal('failed'), error: fields }),
]);

/** A job's answer as the lake's job; the presence of `since` is what makes it an increment. */
export const jobAnswer = jobAnswerFields.transform((job, context): LmsJob => {
  const base = { id: job.id, ...(job.expires_at ? { expiresAt: job.expires_at } : {}) };
  if (job.status === 'failed') {
    const { uuid, message } = job.error;
    const type = saysNoDataYet(message) ? NO_DATA_YET : (job.error.type ?? 'unknown');
    return { ...base, status: 'failed', error: { type, message, ...(uuid ? { uuid } : {}) } };
  }
  if (job.status !== 'complete') return { ...base, status: job.status };
  const increment = job.since !== undefined;
  const watermark = increment ? job.until : job.at;
  if (watermark === undefined) {
    context.addIssue(`a complete job without \`${increment ? 'until' : 'at'}\``);
    return z.NEVER;
  }
  return {
    ...base,
    status: 'complete',
    kind: increment ? 'increment' : 'snapshot',
    objects: job.objects.map((object) => object.id),
    schemaVersion: job.schema_version,
    ...(increment ? { since: job.since } : {}),
    ...startOf(job.expires_at),
    watermark,
  };
});

const LIFETIME_MS = 24 * 3_600_000;

/** A job is kept for 24 hours from its start (OpenAPI document of the API). */
function startOf(expiresAt: string | undefined): { startedAt?: string } {
  const end = Date.parse(expiresAt ?? '');
  return Number.isNaN(end) ? {} : { startedAt: new Date(end - LIFETIME_MS).toISOString() };
}

export const urlsAnswer = z.object({ urls: z.record(z.string(), z.object({ url: z.url() })) });

/**
 * JSON with whole numbers kept exact: one that a double cannot hold stays text.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  return parse(text, undefined, (digits) =>
    isSafeNumber(digits, { approx: true }) ? Number.parseFloat(digits) : digits,
  );
}

/** How a ProcessingError about a table without data begins (seen by users of the API, not documented). */
export function saysNoDataYet(message: string): boolean {
  return message.startsWith('There is no data available yet');
}
