import type { MappedColumn, MappedTable } from '../../../sis/mapping/evaluate.ts';
import { sourceOf } from './column-sql.ts';
import type { PageRange } from './parts.ts';
import { fromClause } from './statements.ts';

/** A column with values that the lake's type for it cannot hold, and the condition in PostgreSQL's SQL that finds them. */
export interface Misfits {
  readonly column: MappedColumn;
  readonly condition: string;
}

/** A bare numeric travels with so many digits before the point (`src/sis/types.ts`). */
const BARE_DIGITS = 22;
/** The first instant that has no place in 64 bits of microseconds, rounded to a whole year. */
const TOO_LATE = "'294247-01-01'";

/**
 * The columns of which single values can be set aside: those whose type at the source reaches farther than the lake's.
 * Never a key: a row without it is no row.
 * @param key further columns, by their names in the copy, that are a key in the lake
 */
export function misfitsOf(table: MappedTable, key: readonly string[] = []): Misfits[] {
  return table.columns.flatMap((column) => {
    if (key.includes(column.name) || table.source.key.includes(column.source)) return [];
    const condition = conditionOf(column);
    return condition === undefined ? [] : [{ column, condition }];
  });
}

function conditionOf(column: MappedColumn): string | undefined {
  const { travel } = column;
  const value = sourceOf(column);
  if (travel.form === 'cut') {
    return `(${value}::text NOT IN ('NaN', 'Infinity', '-Infinity') AND abs(${value}) >= 1e${BARE_DIGITS})`;
  }
  if (travel.lake === 'timestamp') return `(isfinite(${value}) AND ${value} >= ${TOO_LATE})`;
  return undefined;
}

/** What PostgreSQL is asked for to know how many values of a part are set aside: one row, a number for each column. */
export const countStatement = (
  table: MappedTable,
  misfits: readonly Misfits[],
  pages?: PageRange,
): string => {
  const counts = misfits.map(({ condition }, i) => `count(*) FILTER (WHERE ${condition})::text AS m${i}`);
  return `SELECT ${counts.join(', ')} FROM ${fromClause(table, pages)}`;
};
