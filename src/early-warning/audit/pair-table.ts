import type { EvaluatedCase } from '../figures.ts';
import { isLarge, type Part, partOf } from '../hidden-together.ts';
import { LEAST_PEOPLE } from '../small-numbers.ts';
import { isZero, remainder, type Span, together } from './span.ts';

/** The groups of an attribute that are hidden are one group here: nothing is known of each of them. */
export const HIDDEN_GROUP = '\0';

/** A case with its group of each attribute, the hidden ones as `HIDDEN_GROUP`. */
export interface Grouped {
  readonly one: EvaluatedCase;
  readonly groups: readonly string[];
}

/** Those who are in a group of one attribute and in a group of another. */
export interface Cell extends Part {
  readonly row: string;
  readonly column: string;
  readonly cases: readonly EvaluatedCase[];
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
  const found = new Map<string, { row: string; column: string; cases: EvaluatedCase[] }>();
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

/** Above this number of rows (and of columns) nothing of a table is shown: there are too many sums to look at. */
const MOST_LINES = 12;

/**
 * Hidden cells that are together too small, and whose sum is known; undefined where there are none. Whatever is known
 * of hidden cells is what some rows leave of some columns: the hidden cells of those rows, less those columns
 * whose hidden cells all lie in them. (A table is a graph of rows and columns; sums of hidden cells that follow are its
 * directed cuts.)
 */
function revealedIn(cells: readonly Cell[], shown: ReadonlySet<Cell>): readonly Cell[] | undefined {
  const hidden = cells.filter((cell) => !shown.has(cell));
  const rows = new Set(hidden.map(({ row }) => row));
  const columns = new Set(hidden.map(({ column }) => column));
  // The same cuts from either side: the shorter one has fewer.
  const [line, across] =
    rows.size <= columns.size ? (['row', 'column'] as const) : (['column', 'row'] as const);
  const lines = [...(line === 'row' ? rows : columns)];
  if (lines.length > MOST_LINES) return hidden;
  const place = new Map(lines.map((name, i) => [name, 1 << i]));
  const bits = hidden.map((cell) => place.get(cell[line])!);
  const reach = new Map<string, number>();
  for (const [i, cell] of hidden.entries()) {
    reach.set(cell[across], (reach.get(cell[across]) ?? 0) | bits[i]!);
  }
  // What is left of rows contains, where columns are not taken from it, the hidden cells of a whole one.
  for (const name of reach.keys()) {
    const own = hidden.filter((cell) => cell[across] === name);
    if (!areLarge(own)) return own;
  }
  for (let chosen = 1; chosen < 1 << lines.length; chosen++) {
    const union = hidden.filter(
      (cell, i) => (bits[i]! & chosen) !== 0 && (reach.get(cell[across])! & ~chosen) !== 0,
    );
    if (union.length > 0 && !areLarge(union)) return union;
  }
  return undefined;
}

/** As `isLarge`; the sums, which are no smaller, are quicker to make. */
function areLarge(parts: readonly Part[]): boolean {
  const sum = (of: (part: Part) => number) => parts.reduce((before, part) => before + of(part), 0);
  if (
    sum(({ failed }) => failed.size) < LEAST_PEOPLE ||
    sum(({ succeeded }) => succeeded.size) < LEAST_PEOPLE
  )
    return false;
  return isLarge(...parts);
}

/** Unions that are looked at in one table, those of the fewest parts first. */
const MOST_UNIONS = 5000;

/** A union of hidden parts with too few people whose numbers can be computed from known sums; undefined: none was found. */
export function smallUnion<T extends Part & { readonly vector: Float64Array }>(
  span: Span,
  hidden: readonly T[],
): readonly T[] | undefined {
  const small = hidden
    .filter((part) => !isLarge(part))
    .map((part) => ({ part, left: remainder(span, part.vector) }));
  let looked = 0;
  const search = (
    size: number,
    from: number,
    chosen: readonly T[],
    sum?: Float64Array,
  ): readonly T[] | undefined => {
    for (let i = from; i < small.length && looked < MOST_UNIONS; i++) {
      looked++;
      const { part, left } = small[i]!;
      const parts = [...chosen, part];
      if (areLarge(parts)) continue;
      const both = sum ? together(sum, left) : left;
      const found = size === 1 ? (isZero(both) ? parts : undefined) : search(size - 1, i + 1, parts, both);
      if (found) return found;
    }
    return undefined;
  };
  for (let size = 1; size <= small.length && looked < MOST_UNIONS; size++) {
    const found = search(size, 0, []);
    if (found) return found;
  }
  return undefined;
}
