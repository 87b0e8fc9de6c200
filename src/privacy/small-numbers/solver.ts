import { createRequire } from 'node:module';

/** Of the solver, what is used here. */
interface Solver {
  solve(program: string): {
    readonly Status: string;
    readonly Columns: Readonly<Record<string, { readonly Primal?: number }>>;
  };
}

let loading: Promise<Solver> | undefined;
/**
 * HiGHS, loaded when a table is first protected. By `require`, which the bundles of AWS do not follow: there no such
 * table is built.
 */
const solver = (): Promise<Solver> => {
  loading ??= (createRequire(import.meta.url)('highs') as () => Promise<Solver>)();
  return loading;
};

/** What may change by how much, so that every total stays as it is. */
export interface Shift {
  /** For each cell that may change: the most that it may fall, and the most that it may rise. */
  readonly fall: readonly number[];
  readonly rise: readonly number[];
  /** Lists of cells whose changes sum to 0. */
  readonly totals: readonly (readonly number[])[];
}

const EPSILON = 1e-6;

/** The most by which one cell can rise (`up`) or fall while every total stays: how far an attacker is in the dark about it. */
export async function furthest(shift: Shift, cell: number, up: boolean): Promise<number> {
  const objective = `${up ? 'Maximize' : 'Minimize'}\n obj: x${cell}`;
  const { status, values } = await solve(
    objective,
    shift,
    shift.fall.map((fall, i) => `-${fall} <= x${i} <= ${shift.rise[i]}`),
  );
  // Nothing changes is always a solution, so there is an optimum.
  if (status !== 'Optimal') throw new Error(`the solver says ${status}`);
  return Math.abs(values.get(`x${cell}`) ?? 0);
}

/**
 * The cheapest cells whose change lets one cell change by `by` (negative: fall) while every total stays.
 * @param cost of changing each cell by one
 * @returns their numbers, `cell` among them; undefined where no change of these cells can
 */
export async function cheapestCycle(
  shift: Shift,
  cell: number,
  by: number,
  cost: readonly number[],
): Promise<number[] | undefined> {
  const terms = cost.map((each, i) => `${each} p${i} + ${each} n${i}`).join(' + ');
  const bounds = shift.fall.flatMap((fall, i) => [`0 <= p${i} <= ${shift.rise[i]}`, `0 <= n${i} <= ${fall}`]);
  const { status, values } = await solve(`Minimize\n obj: ${terms}`, shift, bounds, {
    term: (i) => `p${i} - n${i}`,
    also: [` fixed: p${cell} - n${cell} = ${by}`],
  });
  if (status !== 'Optimal') return undefined;
  return cost.flatMap((_, i) =>
    Math.abs((values.get(`p${i}`) ?? 0) - (values.get(`n${i}`) ?? 0)) > EPSILON ? [i] : [],
  );
}

async function solve(
  objective: string,
  { totals }: Shift,
  bounds: readonly string[],
  { term = (i: number) => `x${i}`, also = [] as readonly string[] } = {},
): Promise<{ status: string; values: Map<string, number> }> {
  const rows = totals.map(
    (cells, n) => ` t${n}: ${cells.map((i, at) => `${at === 0 ? '' : '+ '}${term(i)}`).join(' ')} = 0`,
  );
  const text = [
    objective,
    'Subject To',
    ...rows,
    ...also,
    'Bounds',
    ...bounds.map((line) => ` ${line}`),
    'End',
  ].join('\n');
  const { Status: status, Columns: columns } = (await solver()).solve(text);
  const values = Object.entries(columns).map(([name, column]) => [name, column.Primal ?? 0] as const);
  return { status, values: new Map(values) };
}
