import type { Change, College, SystemHistory, TableShape } from '../../src/simulators/college/college.ts';

/** All rows of a table of the simulated SIS or Canvas, whenever they were there. */
export function rowsOf(college: College, system: 'sis' | 'canvas', table: string): Change['row'][] {
  const history = college[system];
  const shape = history.tables.find(({ name }) => name === table);
  if (!shape) throw new Error(`${system} has no table ${table}`);
  return [...history.changes(shape, college.opens - 1, college.closes)].map(({ row }) => row);
}

/** Distinct texts of a column. */
export const valuesIn = (
  college: College,
  system: 'sis' | 'canvas',
  table: string,
  column: string,
): string[] => [
  ...new Set(
    rowsOf(college, system, table)
      .map((row) => row[column])
      .filter((value) => typeof value === 'string'),
  ),
];

/** The same college with other values in rows of one system. @param more by table, what each living row has besides */
export function withValues(
  history: SystemHistory,
  more: { readonly [table: string]: (row: Change['row']) => Change['row'] },
): SystemHistory {
  return {
    tables: history.tables,
    *changes(shape: TableShape, ...range) {
      const add = more[shape.name];
      for (const change of history.changes(shape, ...range))
        yield add && change.op === 'U' ? { ...change, row: { ...change.row, ...add(change.row) } } : change;
    },
  };
}
