import fc from 'fast-check';
import PQueue from 'p-queue';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { compare, type Verdict } from './compare.ts';
import { statements } from './queries.ts';

export interface Difference {
  readonly sql: string;
  readonly what: string;
  readonly here: string;
  readonly there: string;
}

export interface FuzzOptions {
  readonly lake: Pick<QueryEngine, 'query'>;
  readonly trinoUrl: string;
  readonly queries: number;
  /** The same seed gives the same queries. */
  readonly seed: number;
  /** Queries under way at the same time. Default: 1 */
  readonly atOnce?: number;
  /** Is told of each difference, made small. */
  found?(difference: Difference): Promise<void>;
  progress?(done: number): void;
}

export interface FuzzCounts {
  readonly equal: number;
  readonly 'both-fail': number;
  readonly refused: number;
  readonly stopped: number;
  readonly 'fault-there': number;
  readonly unreached: number;
  readonly different: number;
  /** How often each refusal came, each stop, and each fault of Trino. */
  readonly reasons: { readonly [why: string]: number };
}

/** Asks of both engines while one difference is made smaller. */
const MOST_STEPS = 80;

class DifferenceError extends Error {}

/** Asks random queries, and makes each that is answered differently as small as it goes. */
export async function fuzz(options: FuzzOptions): Promise<FuzzCounts> {
  const counts = {
    equal: 0,
    'both-fail': 0,
    refused: 0,
    stopped: 0,
    'fault-there': 0,
    unreached: 0,
    different: 0,
  };
  const reasons: { [why: string]: number } = {};
  const seeds = fc.sample(fc.noBias(fc.integer()), { seed: options.seed, numRuns: options.queries });
  let done = 0;
  const queue = new PQueue({ concurrency: options.atOnce ?? 1 });
  await queue.addAll(
    seeds.map((seed) => async () => {
      const { verdict, difference } = await one(options, seed);
      counts[verdict.kind] += 1;
      if ('why' in verdict) reasons[verdict.why] = (reasons[verdict.why] ?? 0) + 1;
      if (difference) await options.found?.(difference);
      done += 1;
      options.progress?.(done);
    }),
  );
  return { ...counts, reasons };
}

/** One query, and the least one found that differs in the same way. */
async function one(
  { lake, trinoUrl }: FuzzOptions,
  seed: number,
): Promise<{ verdict: Verdict; difference?: Difference }> {
  let first: Verdict | undefined;
  let difference: Difference | undefined;
  let steps = 0;
  const property = fc.asyncProperty(statements, async (sql) => {
    steps += 1;
    if (steps > MOST_STEPS) return;
    const verdict = await compare(sql, lake, trinoUrl);
    first ??= verdict;
    if (verdict.kind !== 'different' || first.kind !== 'different' || verdict.what !== first.what) return;
    difference = { sql, what: verdict.what, here: verdict.here, there: verdict.there };
    throw new DifferenceError(verdict.what);
  });
  await fc.check(property, { seed, numRuns: 1 });
  return { verdict: first!, difference };
}
