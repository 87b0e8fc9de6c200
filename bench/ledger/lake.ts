import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeState } from '../../src/loads/dataset-state.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { writeRunRecord } from '../../src/pipeline/run-record.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { type Nights, runAt, startOf, tablesOf } from './nights.ts';

const COLUMNS = [
  'id',
  'user_id',
  'course_id',
  'workflow_state',
  'created_at',
  'updated_at',
  'score',
  'title',
];

/** Writes a campus folder with that many tables, for measuring the command line. */
export async function writeCampus(root: string, nights: Nights): Promise<string> {
  const datasets = tablesOf(nights).map((id) => {
    const name = id.split('.')[1]!;
    const columns = COLUMNS.map(
      (column) => `      - { name: ${column}, type: ${typeOf(column)}, privacy: none }`,
    );
    return `  - name: ${name}\n    namespace: canvas\n    table: ${name}\n    key: [id]\n    columns:\n${columns.join('\n')}`;
  });
  await mkdir(join(root, 'catalog'), { recursive: true });
  await mkdir(join(root, 'models'), { recursive: true });
  await writeFile(join(root, 'catalog/canvas.yaml'), `source: canvas\ndatasets:\n${datasets.join('\n')}\n`);
  const campus = join(root, 'campus.yaml');
  await writeFile(
    campus,
    `name: Many Tables College
timeZone: America/Chicago
lake: lake
sources:
  canvas:
    kind: canvas
    url: http://127.0.0.1:9
    clientId: { env: NOT_ASKED }
    clientSecret: { env: NOT_ASKED }
`,
  );
  return campus;
}

const typeOf = (column: string): string =>
  column.endsWith('_at')
    ? 'timestamp'
    : column.endsWith('id')
      ? 'bigint'
      : column === 'score'
        ? 'double'
        : 'varchar';

/** What the newest run leaves besides rows: its record, the state of every dataset, and a publication. */
export async function writeStanding(
  stores: { readonly ledger: LedgerStore; readonly objects: ObjectStore },
  nights: Nights,
  n: number,
): Promise<void> {
  const run = runAt(nights, n);
  const at = new Date(startOf(nights, n)).toISOString();
  const tables: Record<string, TableVersion> = {};
  for (const table of tablesOf(nights)) {
    const version: TableVersion = {
      table,
      columns: COLUMNS.map((name) => ({
        name,
        type: typeOf(name) as TableVersion['columns'][number]['type'],
      })),
      rows: 1000,
      storage: { kind: 'plain', files: [`staged/${table}/${run}-base.parquet`] },
    };
    tables[table] = version;
    const time = { asOf: at, loadedAt: at };
    await changeState(stores.ledger, table, (state) => ({
      ...state,
      committed: { watermark: at, loadedAt: at },
      table: { phase: 'passed', staged: { version, load: `${run}-${table}`, time } },
    }));
  }
  const facts = Object.fromEntries(
    Object.keys(tables).map((table) => [table, { asOf: at, loadedAt: at, run }]),
  );
  await publish(stores, { id: run, run, at, asOf: at, tables, facts });
  await writeRunRecord(
    stores.ledger,
    { run, attempt: 1, status: 'succeeded', startedAt: at, endedAt: at },
    undefined,
  );
}
