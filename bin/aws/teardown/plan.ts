import { TeardownInputError } from './errors.ts';
import { groundOf, wavesOf } from './order.ts';
import { keepsData, ofType, type StandingStack, takesData } from './standing-stack.ts';
import { type Survivor, survivorsOf } from './survivors.ts';

/** A stack that the teardown leaves standing. */
export interface Staying {
  readonly stack: string;
  readonly why: string;
}

/** What a teardown will do, all of it known before anything is touched. */
export interface TeardownPlan {
  readonly lake: string;
  /** Stacks to delete: one wave after another, those of one wave at once. */
  readonly waves: readonly (readonly StandingStack[])[];
  readonly stays: readonly Staying[];
  readonly survivors: readonly Survivor[];
  /** Buckets whose objects, all versions, are deleted first; only where both switches agree. */
  readonly buckets: readonly string[];
}

export interface TeardownWishes {
  readonly lake: string;
  /** What was said of the data; undefined: nothing. */
  readonly deleteData?: string;
  /** Stacks to look at; the others stay as they are. Default: all. */
  readonly only?: readonly string[];
}

/**
 * Data is deleted only when two switches agree: the lake was deployed so that data goes with its stacks, and the person who
 * takes it down says so again, by the lake's name.
 * @throws TeardownInputError when the second switch is on and the first is not, or names another lake
 */
export function planTeardown(
  stacks: readonly StandingStack[],
  { lake, deleteData, only }: TeardownWishes,
): TeardownPlan {
  if (deleteData !== undefined) refuseHalfAgreed(stacks, lake, deleteData);
  const stays = staying(stacks, deleteData !== undefined);
  const names = new Set(stays.map(({ stack }) => stack));
  const going = stacks.filter(({ name }) => !names.has(name) && (only?.includes(name) ?? true));
  return {
    lake,
    waves: wavesOf(going),
    stays: only ? stays.filter(({ stack }) => only.includes(stack)) : stays,
    survivors: survivorsOf(going),
    buckets: deleteData === undefined ? [] : doomedBuckets(going),
  };
}

const doomedBuckets = (going: readonly StandingStack[]): string[] =>
  ofType(going.filter(takesData), 'AWS::S3::Bucket')
    .filter(({ kept }) => !kept)
    .map(({ physicalId }) => physicalId)
    .sort();

function refuseHalfAgreed(stacks: readonly StandingStack[], lake: string, deleteData: string): void {
  if (deleteData !== lake)
    throw new TeardownInputError(`--delete-data names "${deleteData}", and the lake is called "${lake}"`, {
      about: lake,
      hint: `Only --delete-data ${lake} deletes its data.`,
    });
  const keeping = stacks.filter(({ deletesData }) => !deletesData).map(({ name }) => name);
  if (keeping.length === 0) return;
  throw new TeardownInputError(
    `--delete-data is one of two switches, and the other is off: ${keeping.join(', ')} was deployed to keep its data`,
    {
      about: lake,
      hint: `Write aws: { deleteData: true } into campus.yaml, npx cdk deploy --all -c delete-data=${lake}, then take it down; or leave --delete-data out.`,
    },
  );
}

function staying(stacks: readonly StandingStack[], deletes: boolean): Staying[] {
  const why = new Map<string, string>();
  for (const stack of stacks) {
    if (!deletes && takesData(stack))
      why.set(stack.name, 'it was deployed so that its data goes with it, and --delete-data does not say so');
    else if (stack.protected)
      why.set(stack.name, 'it holds the data and is protected; a later deployment takes it up again');
    else if (keepsData(stack)) why.set(stack.name, 'it holds the data; a later deployment takes it up again');
  }
  for (const name of groundOf(why.keys(), stacks)) {
    if (!why.has(name)) why.set(name, 'what stays depends on it');
  }
  return stacks.filter(({ name }) => why.has(name)).map(({ name }) => ({ stack: name, why: why.get(name)! }));
}
