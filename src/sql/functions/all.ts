import { AGGREGATES } from './aggregates.ts';
import { BINARY } from './binary.ts';
import { GENERAL } from './general.ts';
import type { FunctionGroup, Refusal } from './group.ts';
import { JSON_TEXTS } from './json.ts';
import { LISTS } from './lists.ts';
import { NUMBERS } from './numbers.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';

const GROUPS: readonly FunctionGroup[] = [
  BINARY,
  AGGREGATES,
  NUMBERS,
  TEXTS,
  JSON_TEXTS,
  LISTS,
  TIMES,
  GENERAL,
];

const namesOf = (list: string | undefined): string[] => (list ?? '').split(/\s+/).filter(Boolean);

/**
 * The functions of Athena that mean the same in every engine. A name that is not here is refused, with the nearest one
 * that is: DuckDB and Spark have hundreds of functions that Athena would not know, and a query that runs here has to
 * run there.
 */
export const SHARED_FUNCTIONS: ReadonlySet<string> = new Set(
  GROUPS.flatMap(({ supported }) => namesOf(supported)),
);

/** Those of `SHARED_FUNCTIONS` that a model with `engine: glue` cannot call. */
export const NOT_IN_SPARK: ReadonlySet<string> = new Set(
  GROUPS.flatMap(({ notInSpark }) => namesOf(notInSpark)),
);

/** Functions that Athena has and not every engine means alike. */
export const REFUSED_FUNCTIONS: { readonly [name: string]: Refusal } = Object.assign(
  {},
  ...GROUPS.map(({ refused }) => refused),
);
