import fc from 'fast-check';
import type { FuzzType, Sql } from './sql-text.ts';
import { valueOrNull } from './values.ts';

/** Columns of the random tables: `id` is unique and filled, `k` meets across tables. */
export const COLUMNS: { readonly [name: string]: FuzzType } = {
  id: 'bigint',
  k: 'integer',
  n: 'bigint',
  x: 'double',
  d: 'decimal(9,2)',
  s: 'varchar',
  day: 'date',
  moment: 'timestamp',
  ok: 'boolean',
  nums: 'array(bigint)',
  words: 'array(varchar)',
};

const MOST_ROWS = 6;

/** `name AS (…)`: a table of up to six rows, or none. */
export function table(name: string): Sql {
  const others = Object.entries(COLUMNS).filter(([column]) => column !== 'id' && column !== 'k');
  const row = fc.tuple(
    fc.constantFrom('0', '1', '2', 'CAST(NULL AS integer)'),
    ...others.map(([, type]) => valueOrNull(type)),
  );
  const names = ['id', 'k', ...others.map(([column]) => column)].join(', ');
  return fc.array(row, { maxLength: MOST_ROWS }).map((rows) => {
    const some = rows.map((cells, i) => `(CAST(${i + 1} AS bigint), ${cells.join(', ')})`);
    return some.length > 0
      ? `${name} AS (SELECT * FROM (VALUES ${some.join(',\n  ')}) AS v(${names}))`
      : `${name} AS (SELECT * FROM (VALUES (CAST(0 AS bigint), 0, ${others
          .map(([, type]) => `CAST(NULL AS ${type})`)
          .join(', ')})) AS v(${names}) WHERE id > 0)`;
  });
}

/** Columns of a type, qualified. */
export const columnsOf = (type: FuzzType, tables: readonly string[]): string[] =>
  tables.flatMap((name) =>
    Object.entries(COLUMNS)
      .filter(([, own]) => own === type)
      .map(([column]) => `${name}.${column}`),
  );
