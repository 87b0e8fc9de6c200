import type { SisSourceConfig } from '../../campus/campus-schema.ts';
import type { LoadedCampus } from '../../campus/load.ts';
import { LakeError } from '../../errors.ts';
import type { Feature } from '../../ports/feature.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import type { SecretStore } from '../../ports/secrets.ts';
import type { OpenLake } from '../app-lake.ts';

/** `ok`; `warn`: a run will do, and somebody should look; `fail`: a run would fail, or do harm. */
export type Status = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly status: Status;
  /** What was looked at: `canvas`, `disk`, `secrets`. */
  readonly about: string;
  readonly text: string;
  /** What to do, for all but `ok`. */
  readonly hint?: string;
}

/** What the checks share. */
export interface DoctorContext extends LoadedCampus {
  /** Default: none. */
  readonly features?: readonly Feature[];
  readonly secrets: SecretStore;
  /** Token buckets of what is asked over REST. */
  readonly limits: RateLimits;
  /** For models over empty tables. */
  readonly open: OpenLake;
  /** How many connections a load of a database opens at once, besides the one that holds the snapshot. */
  readonly readersOf: (source: SisSourceConfig) => number;
  /** Bytes that the sources are likely to bring; the checks of sources add to it. */
  expectedBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * One thing that the doctor looks at. What takes a while gives its findings as they are made.
 *
 * @example
 * ```ts
 * import { type Check, ok, warn } from './finding.ts';
 *
 * const checkName: Check = async ({ campus }) =>
 *   campus.name.length > 40
 *     ? [warn('name', `${campus.name} is long`, 'shorten it under name: in campus.yaml')]
 *     : [ok('name', campus.name)];
 * ```
 */
export type Check = (context: DoctorContext) => Promise<Finding[]> | AsyncIterable<Finding>;

export const ok = (about: string, text: string): Finding => ({ status: 'ok', about, text });
export const warn = (about: string, text: string, hint: string): Finding => ({
  status: 'warn',
  about,
  text,
  hint,
});
export const fail = (about: string, text: string, hint: string): Finding => ({
  status: 'fail',
  about,
  text,
  hint,
});

/** An error of the lake as a finding; any other is a defect and goes on. */
export function failed(about: string, error: unknown): Finding {
  if (!(error instanceof LakeError)) throw error;
  return fail(about, error.message, error.hint ?? 'fix what the message names and run the check again');
}

/** `a, b, c and 4 more`. */
export function some(names: readonly string[], most = 5): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

export function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}
