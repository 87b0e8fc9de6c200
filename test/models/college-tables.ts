import { gzipSync } from 'node:zlib';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { loadCampus } from '../../src/campus/load.ts';
import type { TableColumn, TableVersion } from '../../src/ports/tables.ts';
import type {
  CellValue,
  College,
  Row,
  SystemHistory,
  TableShape,
} from '../../src/simulators/college/college.ts';
import type { TestLake } from '../platform/local/duckdb/lake-folder.ts';
import { specOf, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';

/** Canvas keeps page views for 30 days; a few are enough here. */
const WEB_LOG_DAYS = 3;

/** The tables that the models read, as a college shows them at an instant, staged in a lake. */
export async function stageCollege(
  lake: TestLake,
  college: College,
  upTo: number,
  wanted: ReadonlySet<string>,
): Promise<Record<string, TableVersion>> {
  const tables: Record<string, TableVersion> = {};
  const { catalog } = await loadCampus('campus.yaml');
  const systems: [string, SystemHistory][] = [
    ['canvas', college.canvas],
    ['sis', college.sis],
  ];
  for (const [source, system] of systems) {
    for (const shape of system.tables) {
      const table = `${source}.${source === 'sis' ? `${shape.namespace}_` : ''}${shape.name}`;
      if (!wanted.has(table)) continue;
      const dataset = catalog.datasets.find(({ id }) => id === table);
      tables[table] = await stageShape(lake, table, system, shape, upTo, dataset);
    }
  }
  // What the college has nothing of is there and empty, as in a lake.
  for (const { id, columns, key } of catalog.datasets) {
    if (!wanted.has(id) || tables[id]) continue;
    tables[id] = (
      await lake.engine.replace(
        specOf(
          id,
          columns.map(({ name, type }) => ({ name, type })),
          { key },
        ),
        [],
        'v1',
      )
    ).version;
  }
  return tables;
}

async function stageShape(
  lake: TestLake,
  table: string,
  system: SystemHistory,
  shape: TableShape,
  upTo: number,
  dataset: CatalogDataset | undefined,
): Promise<TableVersion> {
  const rows = new Map<string, { row: Row; at: number }>();
  const since = shape.name === 'web_logs' ? upTo - WEB_LOG_DAYS * 86_400_000 : Number.NEGATIVE_INFINITY;
  for (const { op, row, at } of system.changes(shape, since, upTo)) {
    const key = shape.key.map((name) => String(row[name])).join('|');
    if (op === 'D') rows.delete(key);
    else rows.set(key, { row, at });
  }
  // Rows may leave columns out that the source has: what there are says the catalog, where it knows the table.
  const columns: TableColumn[] =
    dataset?.columns.map(({ name, type }) => ({ name, type })) ??
    shape.columns.map(({ name, type }) => ({ name, type: lakeTypeOf(type) }));
  const records = [...rows.values()].map(({ row, at }) => {
    const section = (isKey: boolean) =>
      Object.fromEntries(
        columns
          .filter(({ name }) => shape.key.includes(name) === isKey && row[name] !== undefined)
          .map(({ name, type }) => [name, delivered(row[name]!, type)]),
      );
    return { ts: new Date(at).toISOString(), key: section(true), value: section(false) };
  });
  const file = await lake.writeBytes(`${table}.jsonl.gz`, gzipSync(toJsonLines(records)));
  return (await lake.engine.replace(specOf(table, columns, { key: [...shape.key] }), [file], 'v1')).version;
}

const delivered = (value: CellValue, type: LakeType): unknown =>
  type === 'timestamp' && typeof value === 'number' ? new Date(value).toISOString() : value;

/** A PostgreSQL type as the lake stores it. */
function lakeTypeOf(type: string): LakeType {
  const bare = type.replace(/\?$/, '');
  const decimal = /^numeric\((\d+),(\d+)\)$/.exec(bare);
  if (decimal) return `decimal(${Number(decimal[1])},${Number(decimal[2])})`;
  const known: { [name: string]: LakeType } = {
    bigint: 'bigint',
    integer: 'integer',
    smallint: 'integer',
    boolean: 'boolean',
    'double precision': 'double',
    real: 'real',
    date: 'date',
    timestamptz: 'timestamp',
    timestamp: 'timestamp',
  };
  return known[bare] ?? 'varchar';
}
