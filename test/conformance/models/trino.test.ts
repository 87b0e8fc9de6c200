import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import type { Model } from '../../../src/models/model.ts';
import type { Cell, TableVersion } from '../../../src/platform/ports.ts';
import { buildMarts } from '../../models/build-marts.ts';
import { SMALL_CANVAS } from '../../models/small-canvas.ts';
import { SMALL_REGISTRAR } from '../../models/small-registrar.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';

/** Everything is in the statement: no table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const MODELS = await loadModels('models');

/** The small college of the traps, every model on the engine of Athena beside DuckDB: rows and types. */
describe('the marts on the engine of Athena', () => {
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  let trino: Trino;
  beforeAll(async () => {
    lake = await openTestLake();
    tables = await buildMarts(lake, { ...SMALL_CANVAS, ...SMALL_REGISTRAR });
    trino = await startTrino(NO_AWS);
  });
  afterAll(() => Promise.all([lake?.close(), trino?.stop()]));

  // Trino plans a statement that holds its own tables for a minute on a slow machine.
  it.each(MODELS.map((model) => [model.name, model] as const))(
    '%s',
    { timeout: 400_000 },
    async (_, model) => {
      const columns = tables[model.table]!.columns;
      const there = await trinoQuery(trino.url, await inOneStatement(model));
      const here = await lake.rows(`SELECT * FROM ${model.table} ORDER BY ${model.grain}`, tables);

      expect(there.columns.map(({ name, type }) => [name, lakeType(type)])).toEqual(
        columns.map(({ name, type }) => [name, type]),
      );
      expect(there.rows.map((row) => row.map(shown))).toEqual(here.map((row) => row.map(shown)));
      expect(here.length).toBeGreaterThan(0);
    },
  );

  /** The model with the tables that it reads as common table expressions before it. */
  async function inOneStatement(model: Model): Promise<string> {
    const given = await Promise.all(
      model.statement.tables.map(async ({ name }) => {
        const { columns } = tables[name]!;
        const rows = await lake.rows(`SELECT * FROM ${name}`, tables);
        const values = (rows.length > 0 ? rows : [columns.map(() => null)]).map(
          (row) => `(${row.map(literal).join(', ')})`,
        );
        const list = columns.map((column) => `CAST("${column.name}" AS ${column.type}) AS "${column.name}"`);
        const names = columns.map((column) => `"${column.name}"`).join(', ');
        return `${inline(name)} AS (SELECT ${list.join(', ')} FROM (VALUES ${values.join(', ')}) AS v(${names})${
          rows.length > 0 ? '' : ' WHERE false'
        })`;
      }),
    );
    const text = model.text.replaceAll(/\b(campus|canvas|sis|ops)\.([a-z_]+)\b/g, (name) => inline(name));
    return `WITH ${given.join(',\n')}\nSELECT * FROM (${text}) m ORDER BY ${model.grain}`;
  }
});

const inline = (table: string): string => table.replace('.', '__');

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : `${cell}e0`;
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);
}

/** Trino's type as the lake names it: texts have no length, and timestamps no digits. */
const lakeType = (type: string): string =>
  type.startsWith('decimal') ? type.replace(' ', '') : type.replace(/\(.*$/, '');

/** A value as both engines' answers can be compared: doubles to eleven digits, timestamps to the millisecond. */
function shown(cell: unknown): string {
  if (cell === null) return '∅';
  if (typeof cell === 'number') return String(Number(cell.toPrecision(11)));
  return String(cell);
}
