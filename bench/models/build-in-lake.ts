import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModels } from '../../src/models/load-models.ts';
import { orderModels } from '../../src/models/order-models.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import type { TableSet } from '../../src/ports/tables.ts';

/** A process of its own: builds every model as a run does, wave after wave, and says how many rows each has. */
const root = process.argv[2]!;
let tables = JSON.parse(await readFile(join(root, 'bench/tables.json'), 'utf8')) as TableSet;
const engine = await openLocalEngine({ root });
const rows: Record<string, number> = {};
for (const wave of orderModels(await loadModels('models'), Object.keys(tables))) {
  const built = await Promise.all(wave.map(({ table, text }) => engine.create(table, text, tables, 'bench')));
  for (const version of built) rows[version.table] = version.rows;
  tables = { ...tables, ...Object.fromEntries(built.map((version) => [version.table, version])) };
}
await engine.close();
console.log(JSON.stringify(rows));
