import { type CellPlace, solvableCells } from './bridges.ts';
import { type Cell, totalsOf } from './margins.ts';
import { cheapestCycle, furthest, type Shift } from './solver.ts';

/** Which cells of a table are not shown. */
export interface Suppressed {
  /** Numbers of cells: small ones, and those that would give them away. */
  readonly hidden: ReadonlySet<number>;
  /**
   * Small cells that the totals alone give away, whatever is hidden, as where a row has no other cell. The table can be
   * shown only where nobody knows these totals.
   */
  readonly exposed: readonly number[];
}

const EPSILON = 1e-6;

/**
 * Hides every cell below `min` that is not 0, and further cells until whoever knows all totals of the table cannot tell
 * a small cell from any other value below `min`; where the totals leave less room, not more closely than they do.
 * @param hide cells that are hidden in any case. Default: none
 */
export async function suppress(
  cells: readonly Cell[],
  min: number,
  hide: ReadonlySet<number> = new Set(),
): Promise<Suppressed> {
  const small = cells.flatMap(({ count }, i) => (count > 0 && count < min ? [i] : []));
  const hidden = new Set([...hide, ...small]);
  const totals = totalsOf(cells);
  const all = shiftOf(cells, totals, () => true);
  const exposed: number[] = [];
  // The largest first: what is hidden for them mostly covers the others.
  for (const cell of small.toSorted((a, b) => cells[b]!.count - cells[a]!.count)) {
    let room = 0;
    for (const [up, wanted] of [
      [true, min - 1 - cells[cell]!.count],
      [false, cells[cell]!.count - 1],
    ] as const) {
      const most = wanted <= 0 ? 0 : Math.min(wanted, await furthest(all, cell, up));
      room += most;
      if (most < EPSILON) continue;
      const now = shiftOf(cells, totals, (i) => hidden.has(i));
      if ((await furthest(now, cell, up)) >= most - EPSILON) continue;
      const cost = cells.map(({ count }, i) => (hidden.has(i) ? 0 : count));
      for (const i of (await cheapestCycle(all, cell, up ? most : -most, cost)) ?? []) hidden.add(i);
    }
    if (room < EPSILON) exposed.push(cell);
  }
  refuseSolvable(cells, hidden, small, exposed);
  return { hidden, exposed: exposed.sort((a, b) => a - b) };
}

/** A cell that is shown does not change, for whoever computes with what is known; nor does one that is 0. */
function shiftOf(
  cells: readonly Cell[],
  totals: readonly (readonly number[])[],
  isOpen: (cell: number) => boolean,
): Shift {
  const open = cells.map(({ count }, i) => count > 0 && isOpen(i));
  // Counts have no upper bound but the totals, which the equations hold.
  const most = cells.reduce((sum, { count }) => sum + count, 0);
  return {
    fall: cells.map(({ count }, i) => (open[i] ? count : 0)),
    rise: open.map((is) => (is ? most : 0)),
    totals,
  };
}

/** A second way to the same answer, for tables of two dimensions: nothing goes out that the graph can solve. */
function refuseSolvable(
  cells: readonly Cell[],
  hidden: ReadonlySet<number>,
  small: readonly number[],
  exposed: readonly number[],
): void {
  if (cells[0]?.key.length !== 2) return;
  const lines = [0, 1].map(
    (dimension) =>
      new Map([...new Set(cells.map(({ key }) => key[dimension]!))].map((value, n) => [value, n])),
  );
  const list = [...hidden].filter((i) => cells[i]!.count > 0);
  const places = list.map(
    (i): CellPlace => [lines[0]!.get(cells[i]!.key[0]!)!, lines[1]!.get(cells[i]!.key[1]!)!],
  );
  const solved = solvableCells(places).map((at) => list[at]!);
  if (solved.some((cell) => small.includes(cell) && !exposed.includes(cell) && cells[cell]!.count !== 0))
    throw new Error('a hidden cell can be computed from the totals');
}
