import { loadCampus } from '../../src/campus/load.ts';
import type { Json } from '../../src/json.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { RUN_COLUMNS } from '../../src/models/model.ts';
import { orderModels } from '../../src/models/order-models.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import type { TestLake } from '../platform/local/duckdb/lake-folder.ts';

export type SmallRow = Readonly<Record<string, Json>>;
/** Rows by table; columns that a row leaves out are empty. */
export type SmallCollege = Readonly<Record<string, readonly SmallRow[]>>;

/** Wednesday noon in Chicago, tenth week of the fall term. */
export const AS_OF = '2026-10-28T17:00:00.000Z';

/**
 * The college in a lake, every table of the catalog that a model reads or the college names, and the models over it.
 * @param asOfs of the models that are as of another moment than the others, by name
 */
export async function buildMarts(
  lake: TestLake,
  college: SmallCollege,
  asOf = AS_OF,
  asOfs: Readonly<Record<string, string>> = {},
): Promise<Record<string, TableVersion>> {
  const { catalog } = await loadCampus('campus.yaml');
  const models = await loadModels('models');
  const wanted = new Set(models.flatMap((model) => model.statement.tables.map(({ name }) => name)));
  const tables: Record<string, TableVersion> = {};
  for (const id of Object.keys(college)) wanted.add(id);
  for (const { id, columns } of catalog.datasets.filter((dataset) => wanted.has(dataset.id))) {
    const rows = (college[id] ?? []).map((row) => columns.map(({ name }) => row[name] ?? null));
    tables[id] = await lake.engine.literalTable(id, columns, rows, 'v');
  }
  const runAsOf = (instant: string) =>
    lake.engine.literalTable(
      'ops.run',
      RUN_COLUMNS,
      [['r', instant, instant.slice(0, 10), 'America/Chicago']],
      `v${Date.parse(instant)}`,
    );
  tables['ops.run'] = await runAsOf(asOf);
  for (const { name, table, text } of orderModels(models, Object.keys(tables)).flat()) {
    const own = asOfs[name] === undefined ? tables : { ...tables, 'ops.run': await runAsOf(asOfs[name]) };
    tables[table] = await lake.engine.create(table, text, own, 'v');
  }
  return tables;
}
