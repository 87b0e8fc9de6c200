import fc from 'fast-check';
import type pg from 'pg';

/** Tables of every kind that can be followed, in schema `c`, and the columns that say which row is which. */
export const TABLES = {
  plain: 'id',
  worded: 'code, nr',
  whole: 'id',
  parted: 'id, kind',
  long: 'id',
} as const;

export type Table = keyof typeof TABLES;

/** `long` has values out of line, which an update that leaves them alone does not write into the log. */
export const CREATE = `
  CREATE SCHEMA c;
  CREATE TABLE c.plain (id int PRIMARY KEY, v text);
  CREATE TABLE c.worded (code text, nr int, v text, PRIMARY KEY (code, nr));
  CREATE TABLE c.whole (id int PRIMARY KEY, v text);
  ALTER TABLE c.whole REPLICA IDENTITY FULL;
  CREATE TABLE c.parted (id int, kind int, v text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
  CREATE TABLE c.parted_0 PARTITION OF c.parted FOR VALUES IN (0);
  CREATE TABLE c.parted_1 PARTITION OF c.parted FOR VALUES IN (1, 2);
  CREATE TABLE c.long (id int PRIMARY KEY, v text, big text);
  ALTER TABLE c.long ALTER big SET STORAGE EXTERNAL;`;

/** One statement. Numbers of rows are few, so that statements meet the same rows. */
export type Statement =
  | {
      readonly do: 'put' | 'touch' | 'remove';
      readonly table: Table;
      readonly row: number;
      readonly value: string;
    }
  | { readonly do: 'move'; readonly table: Table; readonly row: number; readonly to: number }
  | { readonly do: 'many'; readonly table: Table; readonly value: string }
  | { readonly do: 'truncate'; readonly table: Table }
  | { readonly do: 'add column'; readonly table: Table; readonly value: string };

const ROWS = 12;
const table = fc.constantFrom(...(Object.keys(TABLES) as Table[]));
const row = fc.integer({ min: 1, max: ROWS });
/** Signs of COPY's text format, quotes, letters beyond ASCII, a null's mark, nothing. */
const value = fc.constantFrom(
  'a',
  'bb',
  '',
  '\\N',
  'x\ty',
  'line\nline\r',
  '\\',
  "it's",
  'Zoë 学生 🎓',
  '"',
  '﻿bom',
);

export const statement: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('put' as const, 'touch' as const, 'remove' as const),
      table,
      row,
      value,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), table, row, to: row }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('many' as const), table, value }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate' as const), table }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add column' as const), table, value }) },
);

export interface Transaction {
  readonly statements: readonly Statement[];
  readonly end: 'COMMIT' | 'ROLLBACK';
  /** The statements after this one are undone by a savepoint. */
  readonly undoneFrom?: number;
}

export const transaction: fc.Arbitrary<Transaction> = fc.record(
  {
    statements: fc.array(statement, { minLength: 1, maxLength: 8 }),
    end: fc.constantFrom('COMMIT' as const, 'COMMIT' as const, 'COMMIT' as const, 'ROLLBACK' as const),
    undoneFrom: fc.nat(8),
  },
  { requiredKeys: ['statements', 'end'] },
);

let columns = 0;

export async function apply(client: pg.Client, { statements, end, undoneFrom }: Transaction): Promise<void> {
  await client.query('BEGIN');
  for (const [i, one] of statements.entries()) {
    if (i === undoneFrom) await client.query('SAVEPOINT undone');
    await client.query('SAVEPOINT one');
    // A key that is taken, a partition that does not exist: the database refuses, and so it never happened.
    await client.query(...sqlOf(one)).catch(() => client.query('ROLLBACK TO one'));
  }
  if (undoneFrom !== undefined && undoneFrom < statements.length) await client.query('ROLLBACK TO undone');
  await client.query(end);
}

function sqlOf(one: Statement): [string, unknown[]?] {
  const name = `c.${one.table}`;
  switch (one.do) {
    case 'put': {
      const [list, values] = columnsOf(one.table, one.row);
      const big = one.table === 'long' ? ", big = excluded.big || 'x'" : '';
      return [
        `INSERT INTO ${name} (${list}, v${one.table === 'long' ? ', big' : ''}) VALUES (${values}, $1${
          one.table === 'long' ? `, repeat($1 || '${one.row}', 3000)` : ''
        }) ON CONFLICT (${TABLES[one.table]}) DO UPDATE SET v = excluded.v${big}`,
        [one.value],
      ];
    }
    case 'touch':
      return [`UPDATE ${name} SET v = $1 WHERE ${whereOf(one.table, one.row)}`, [one.value]];
    case 'remove':
      return [`DELETE FROM ${name} WHERE ${whereOf(one.table, one.row)}`];
    case 'move':
      return [`UPDATE ${name} SET ${assignmentOf(one.table, one.to)} WHERE ${whereOf(one.table, one.row)}`];
    case 'many':
      return [`UPDATE ${name} SET v = v || $1`, [one.value]];
    case 'truncate':
      return [`TRUNCATE ${name}`];
    case 'add column':
      return [`ALTER TABLE ${name} ADD COLUMN more_${++columns} text DEFAULT '${columns}'`];
  }
}

const keyOf = (table: Table, row: number): [string, string][] => {
  if (table === 'worded')
    return [
      ['code', `'k${row % 4}'`],
      ['nr', String(row)],
    ];
  if (table === 'parted')
    return [
      ['id', String(row)],
      ['kind', String(row % 3)],
    ];
  return [['id', String(row)]];
};
const columnsOf = (table: Table, row: number): [string, string] => {
  const key = keyOf(table, row);
  return [key.map(([name]) => name).join(', '), key.map(([, value]) => value).join(', ')];
};
const whereOf = (table: Table, row: number) =>
  keyOf(table, row)
    .map(([name, value]) => `${name} = ${value}`)
    .join(' AND ');
const assignmentOf = (table: Table, row: number) =>
  keyOf(table, row)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
