import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { inspectSis } from '../../src/sis/inspect.ts';
import { deriveMappings } from '../../src/sis/mapping/derive.ts';
import { connectSis } from '../../src/sis/session.ts';
import {
  askFiles,
  replicate,
  type SisFixture,
  startSisFixture,
} from '../platform/local/replication/sis-fixture.ts';

const TABLES = 2500;
const SCHEMAS = 12;

/** Every fifth table is empty; the others have 1 to 200 rows. */
const rowsOf = (i: number) => (i % 5 === 0 ? 0 : ((i * 37) % 200) + 1);

describe('A SIS of 2,500 tables', () => {
  let sis: SisFixture;

  beforeAll(async () => {
    sis = await startSisFixture();
    for (let s = 0; s < SCHEMAS; s++) await sis.admin.query(`CREATE SCHEMA s${s}`);
    for (let from = 0; from < TABLES; from += 250) {
      const statements = Array.from({ length: 250 }, (_, k) => {
        const i = from + k;
        const table = `s${i % SCHEMAS}.table_${i}`;
        return `CREATE TABLE ${table} (id bigint PRIMARY KEY, name text, ssn text, amount numeric(10,2), at timestamptz);
          INSERT INTO ${table} SELECT g, 'n' || g, 'secret', g, now() FROM generate_series(1, ${rowsOf(i)}) g;`;
      });
      await sis.admin.query(statements.join('\n'));
    }
  }, 300_000);
  afterAll(() => sis?.stop());

  it('is inspected by one query, and copied whole by mappings from the catalog, without what is excluded', async () => {
    const connection = await connectSis(sis.source, sis.password);
    const tables = await inspectSis(connection);
    await connection.end();
    const datasets = tables.map(
      (table): CatalogDataset => ({
        source: 'sis',
        id: `sis.${table.schema}_${table.name}`,
        name: `${table.schema}_${table.name}`,
        namespace: table.schema,
        table: table.name,
        key: [...table.key],
        columns: table.columns.map(({ name }) => ({
          name,
          type: 'varchar',
          privacy: name === 'ssn' ? 'secret' : 'none',
        })),
      }),
    );
    const root = await sis.lake();
    const mappings = deriveMappings(datasets, (column) => (column.privacy === 'secret' ? 'exclude' : 'keep'));

    const copy = await replicate(root, sis.source, mappings);

    expect(copy.tables).toHaveLength(TABLES);
    expect(copy.tables.filter((table) => table.error)).toEqual([]);
    const wrong = Array.from({ length: TABLES }, (_, i) => i).filter((i) => {
      const table = copy.byName[`table_${i}`]!;
      return table.rows !== rowsOf(i) || table.files!.length !== Math.sign(rowsOf(i));
    });
    expect(wrong).toEqual([]);
    const keys = copy.tables.flatMap((table) => table.files!.map((file) => file.key));
    const total = copy.tables.reduce((sum, table) => sum + table.rows!, 0);
    expect(await askFiles(root, keys, 'SELECT count(*) FROM $files')).toEqual([[String(total)]]);
    expect(
      copy.tables.every(
        (table) => table.columns!.map((column) => column.name).join() === 'id,name,amount,at',
      ),
    ).toBe(true);
  }, 600_000);
});
