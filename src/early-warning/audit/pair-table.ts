import type { Judged } from '../figures.ts';
import { isLarge, type Part, partOf } from '../hidden-together.ts';
import { isZero, remainder, type Span, spanOf, together } from './span.ts';

/** The groups of an attribute that are hidden are one group here: nothing is known of each of them. */
export const HIDDEN_GROUP = '\0';

/** A case with its group of each attribute, the hidden ones as `HIDDEN_GROUP`. */
export interface Grouped {
  readonly one: Judged;
  readonly groups: readonly string[];
}

/** Those who are in a group of one attribute and in a group of another. */
export interface Cell extends Part {
  readonly row: string;
  readonly column: string;
  readonly cases: readonly Judged[];
}

/** What may be shown of two attributes together. */
export interface PairTable {
  /** Which attributes, by their place. */
  readonly attributes: readonly [row: number, column: number];
  /** All that have somebody in them. */
  readonly cells: readonly Cell[];
  /** None: the table is withheld whole. */
  readonly shown: ReadonlySet<Cell>;
}

/**
 * A two-way table in which the sums of rows, columns and everything are known. Cells with fewer than ten people of either
 * outcome are hidden, and cells of hidden groups; then, one by one, the smallest of those next to them, until
 * neither a hidden cell nor any union of hidden cells that is too small follows from the sums and the cells that are
 * shown.
 *
 * Then no small cell is known to within less than ten either. By the theorem of the maximal flow and the minimal cut,
 * what a cell can rise by at most is the sum of some cells U where U and the cell together are known, and what it can
 * fall by is all of it, or the sum of some V where the cell less V is known. Their sum is that of the cell and U, or of U
 * and V: a known union, and so one of ten at least.
 */
export function pairTable(grouped: readonly Grouped[], attributes: PairTable['attributes']): PairTable {
  const cells = cellsOf(grouped, attributes);
  const isOpen = ({ row, column }: Cell) => row !== HIDDEN_GROUP && column !== HIDDEN_GROUP;
  const large = cells.filter((cell) => isOpen(cell) && isLarge(cell)).sort((a, b) => sizeOf(a) - sizeOf(b));
  const shown = new Set(large);
  while (shown.size > 0) {
    const revealed = revealedIn(cells, shown);
    if (!revealed) break;
    const isNear = (cell: Cell) =>
      revealed.some(({ row, column }) => row === cell.row || column === cell.column);
    const left = large.filter((cell) => shown.has(cell));
    shown.delete(left.find(isNear) ?? left[0]!);
  }
  // Some may have been hidden in vain before others closed the circle: they come back, the largest first.
  if (shown.size > 0) {
    for (const cell of large.filter((one) => !shown.has(one)).reverse()) {
      shown.add(cell);
      if (revealedIn(cells, shown)) shown.delete(cell);
    }
  }
  return { attributes, cells, shown };
}

function cellsOf(grouped: readonly Grouped[], [first, second]: PairTable['attributes']): Cell[] {
  const found = new Map<string, { row: string; column: string; cases: Judged[] }>();
  for (const { one, groups } of grouped) {
    const [row, column] = [groups[first]!, groups[second]!];
    const key = JSON.stringify([row, column]);
    const cell = found.get(key) ?? { row, column, cases: [] };
    found.set(key, cell);
    cell.cases.push(one);
  }
  return [...found.values()].map((cell) => ({ ...cell, ...partOf(cell.cases) }));
}

const sizeOf = ({ failed, succeeded }: Part): number => Math.min(failed.size, succeeded.size);

/** Hidden cells of which too much is known. */
function revealedIn(cells: readonly Cell[], shown: ReadonlySet<Cell>): readonly Cell[] | undefined {
  const vector = (wanted: (cell: Cell) => boolean) =>
    Float64Array.from(cells, (cell) => Number(wanted(cell)));
  const rows = new Set(cells.map(({ row }) => row));
  const columns = new Set(cells.map(({ column }) => column));
  const span = spanOf([
    ...[...rows].map((row) => vector((cell) => cell.row === row)),
    ...[...columns].map((column) => vector((cell) => cell.column === column)),
    ...[...shown].map((own) => vector((cell) => cell === own)),
  ]);
  const hidden = cells.filter((cell) => !shown.has(cell));
  return smallUnion(
    span,
    hidden.map((own) => ({ ...own, vector: vector((cell) => cell === own) })),
  );
}

/** Unions that are looked at in one table; where there are more, what follows from the rest is not known. */
const MOST_UNIONS = 20_000;

/**
 * A union of hidden parts with too few people whose numbers can be computed from known sums; all that are too small
 * where there are too many unions to look at; undefined where there is none.
 */
export function smallUnion<T extends Part & { readonly vector: Float64Array }>(
  span: Span,
  hidden: readonly T[],
): readonly T[] | undefined {
  const small = hidden
    .filter((part) => !isLarge(part))
    .map((part) => ({ part, left: remainder(span, part.vector) }));
  let looked = 0;
  const search = (
    from: number,
    chosen: readonly T[],
    sum: Float64Array | undefined,
  ): readonly T[] | undefined => {
    if (sum && isZero(sum)) return chosen;
    for (let i = from; i < small.length; i++) {
      if (++looked > MOST_UNIONS) return small.map(({ part }) => part);
      const { part, left } = small[i]!;
      if (isLarge(...chosen, part)) continue;
      const found = search(i + 1, [...chosen, part], sum ? together(sum, left) : left);
      if (found) return found;
    }
    return undefined;
  };
  return search(0, [], undefined);
}
