import fc from 'fast-check';
import { type FuzzType, nameOf } from './sql-text.ts';
import { valueOrNull } from './values.ts';

/** Columns of the random tables: `id` is unique and filled, `k` meets across tables. */
export const COLUMNS: { readonly [name: string]: FuzzType } = {
  id: 'bigint',
  k: 'integer',
  n: 'bigint',
  x: 'double',
  d: 'decimal(9,2)',
  big: 'decimal(38,2)',
  s: 'varchar',
  day: 'date',
  moment: 'timestamp',
  ok: 'boolean',
  nums: 'array(bigint)',
  words: 'array(varchar)',
  scores: 'array(double)',
  pairs: 'map(varchar,bigint)',
  person: 'row(id integer,name varchar)',
  doc: 'json text',
};

const MOST_ROWS = 6;

/** Writes `name AS (…)` with those of the columns that are read. */
type Table = (isRead: (column: string) => boolean) => string;

/** A table of up to six rows, or none. */
export function table(name: string): fc.Arbitrary<Table> {
  const others = Object.entries(COLUMNS).filter(([column]) => column !== 'id' && column !== 'k');
  const row = fc.tuple(
    fc.constantFrom('0', '1', '2', 'CAST(NULL AS integer)'),
    ...others.map(([, type]) => valueOrNull(type)),
  );
  return fc.array(row, { maxLength: MOST_ROWS }).map((rows) => (isRead) => {
    const read = ['k', ...others.map(([column]) => column)].map((column) => column === 'k' || isRead(column));
    const names = ['k', ...others.map(([column]) => column)].filter((_, i) => read[i]);
    const some = rows.map((cells, i) =>
      [`CAST(${i + 1} AS bigint)`, ...cells.filter((_, place) => read[place])].join(', '),
    );
    const none = [
      'CAST(0 AS bigint)',
      ...names.map((column) => `CAST(NULL AS ${nameOf(COLUMNS[column]!)})`),
    ].join(', ');
    const values = (some.length > 0 ? some : [none]).map((cells) => `(${cells})`).join(',\n  ');
    const filter = some.length > 0 ? '' : ' WHERE id > 0';
    return `${name} AS (SELECT * FROM (VALUES ${values}) AS v(id, ${names.join(', ')})${filter})`;
  });
}

/** Columns of a type, qualified. */
export const columnsOf = (type: FuzzType, tables: readonly string[]): string[] =>
  tables.flatMap((name) =>
    Object.entries(COLUMNS)
      .filter(([, own]) => own === type)
      .map(([column]) => `${name}.${column}`),
  );
