import type { Json } from '../json.ts';
import { parseStatement } from '../sql/parse.ts';
import { type Ast, isObject, listOf, visit } from '../sql/tree.ts';
import { isAggregate } from '../sql/types/call-types.ts';
import type { Answer } from './answer.ts';

/** What a statement is about, as far as small groups go. */
export interface Shape {
  /** The tables that it names. */
  readonly tables: readonly string[];
  /** Whether it counts or summarises rows. One that lists rows shows what its reader may see of each. */
  readonly isGrouped: boolean;
  /** Columns of the answer that name a group, by their place. None where that cannot be told. */
  readonly keys: ReadonlySet<number>;
  /** Columns of the answer that count rows, by their place: an integer can be a summary too. None where it cannot be told. */
  readonly counts: ReadonlySet<number>;
}

/** @throws SqlError */
export async function shapeOf(sql: string): Promise<Shape> {
  const { ast, tables } = await parseStatement(withoutParameters(sql));
  const called = [...sql.matchAll(/([A-Za-z_]\w*)\s*\(/g)].some(([, name]) =>
    isAggregate(name!.toLowerCase()),
  );
  const isGrouped = called || /\bgroup\s+by\b|\bselect\s+distinct\b/i.test(sql);
  return {
    tables: tables.map(({ name }) => name),
    isGrouped,
    keys: columnsOf(ast, isKey),
    counts: columnsOf(ast, isCount),
  };
}

/** Values do not change which columns are keys. */
const withoutParameters = (sql: string): string =>
  sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|:[A-Za-z_]\w*/g, (found) =>
    found.startsWith(':') ? 'NULL' : found,
  );

const isKey = (expression: Ast): boolean =>
  isObject(expression) && (isObject(expression.column) || isObject(expression.literal));

const isCount = (expression: Ast): boolean =>
  isObject(expression) && (isObject(expression.count) || isObject(expression.count_if));

/** The columns of a SELECT from tables that are so; of several SELECTs below each other, those that are it in each. */
function columnsOf(ast: Ast, isSo: (expression: Ast) => boolean): ReadonlySet<number> {
  if (!isObject(ast)) return new Set();
  if (isObject(ast.union)) {
    const right = columnsOf(ast.union.right ?? null, isSo);
    return new Set([...columnsOf(ast.union.left ?? null, isSo)].filter((i) => right.has(i)));
  }
  if (!isObject(ast.select)) return new Set();
  let selects = 0;
  visit(ast, (object) => {
    if (isObject(object.select)) selects++;
  });
  // What a SELECT takes of another may be a count there.
  if (selects !== 1) return new Set();
  return new Set(
    listOf(ast.select.expressions).flatMap((expression, i) => {
      const inner = isObject(expression) && isObject(expression.alias) ? expression.alias.this : expression;
      return isSo(inner ?? null) ? [i] : [];
    }),
  );
}

/** What stands in place of a small count. */
export const smallerThan = (least: number): string => `<${least}`;
const HIDDEN = 'hidden';

/**
 * An answer about people in which no group is smaller than `least`. Of a row that counts fewer, the counts are `<10` and
 * all else but its keys is hidden; further rows go with it, the smallest first, until those that are hidden have `least`
 * together, so that a total does not give them away. Summaries without a count beside them are hidden.
 */
export function withoutSmallCells(
  answer: Answer,
  { keys, counts }: Pick<Shape, 'keys' | 'counts'>,
  least: number,
): Answer {
  const { rows } = answer;
  const sizes = rows.map((row) => {
    const seen = [...counts].map((i) => Number(row[i] ?? Number.NaN)).filter((n) => Number.isFinite(n));
    const some = seen.filter((n) => n > 0);
    // What is said of rows of which none is counted is of a group of unknown size.
    const isEmpty = row.every((value, i) => value === null || keys.has(i) || counts.has(i));
    return some.length > 0
      ? Math.min(...some)
      : seen.length > 0 && isEmpty
        ? Number.POSITIVE_INFINITY
        : undefined;
  });
  const hidden = new Set<number>();
  for (const [i, size] of sizes.entries())
    if (size === undefined || (size > 0 && size < least)) hidden.add(i);
  const sum = () => [...hidden].reduce((total, i) => total + (sizes[i] ?? 0), 0);
  const others = sizes
    .map((size, i) => ({ size, i }))
    .filter(({ size, i }) => size !== undefined && Number.isFinite(size) && !hidden.has(i))
    .sort((a, b) => a.size! - b.size! || a.i - b.i);
  const isCounted = [...hidden].some((i) => sizes[i] !== undefined);
  while (isCounted && (hidden.size < 2 || sum() < least) && others.length > 0) hidden.add(others.shift()!.i);
  if (hidden.size === 0) return answer;
  return {
    ...answer,
    rows: rows.map((row, at) => {
      if (!hidden.has(at)) return row;
      // A row that only goes with others is not said to be small.
      const count = (sizes[at] ?? least) < least ? smallerThan(least) : HIDDEN;
      return row.map(
        (value, i): Json => (keys.has(i) || value === null ? value : counts.has(i) ? count : HIDDEN),
      );
    }),
  };
}
