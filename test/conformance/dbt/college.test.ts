import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stockDuckDb } from '../../../bin/export/stock-duckdb.ts';
import { withLake } from '../../../bin/with-lake.ts';
import { dbtProjectOf } from '../../../src/app/export/dbt-project.ts';
import type { LoadedCampus } from '../../../src/campus/load.ts';
import { writeOwnFiles } from '../../../src/export/own-files.ts';
import { modelsFolder } from '../../../src/models/build-model.ts';
import { loadModels } from '../../../src/models/load-models.ts';
import type { Publication } from '../../../src/pipeline/publication.ts';
import { versionSelect } from '../../../src/platform/local/duckdb/version-sql.ts';
import { lakeFolders } from '../../../src/platform/local/folders.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { openSmallCampus, type SmallCampus } from '../../end-to-end/small-campus.ts';
import { type DbtResult, stockDbt } from './dbt.ts';

/** A busy machine takes its time to load a college and to start dbt. */
const PATIENCE_MS = 30 * 60_000;

/** A college loaded into the lake, exported, and built again by stock dbt. */
describe('the exported dbt project', () => {
  let campus: SmallCampus;
  let loaded: LoadedCampus;
  let publication: Publication;
  let project: string;
  let dbt: Awaited<ReturnType<typeof stockDbt>>;
  let built: DbtResult[];
  let connection: DuckDBConnection;

  beforeAll(async () => {
    dbt = await stockDbt();
    campus = await openSmallCampus(generateCollege({ students: 15, seed: 3 }), currentTermWeek(7));
    expect((await campus.run('lake')).failures).toEqual([]);
    loaded = await campus.open('lake');
    const exported = await dbtProjectOf(loaded, withLake, stockDuckDb(loaded));
    publication = exported.publication!;
    project = join(campus.folder, 'dbt');
    await writeOwnFiles(project, exported.project.files);
    built = await dbt(project, 'build');
    const database = await DuckDBInstance.create(':memory:');
    connection = await database.connect();
    await connection.run(`ATTACH '${project}/lake.duckdb' AS dbt (READ_ONLY)`);
  }, PATIENCE_MS);
  afterAll(async () => {
    connection?.closeSync();
    await campus?.close();
  });

  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  const modelsOfLake = () => loadModels(modelsFolder(loaded));

  it('builds every model, and every check holds', async () => {
    const bad = built.filter(({ status }) => status !== 'success' && status !== 'pass');
    expect(bad.map(({ unique_id, message }) => `${unique_id}: ${message}`)).toEqual([]);
    const ofKind = (kind: string) => built.filter(({ unique_id }) => unique_id.startsWith(`${kind}.`)).length;
    expect(ofKind('model')).toBe((await modelsOfLake()).length + 1);
    expect(ofKind('test')).toBe(await countTests(project));
    expect(ofKind('test')).toBeGreaterThan(10);
  });

  it("gives the lake's own tables, row for row and type for type", async () => {
    for (const { table, name } of await modelsOfLake()) {
      const version = publication.tables[table]!;
      const own = versionSelect(lakeFolders(loaded.campus).root, version);
      const theirs = `SELECT * FROM dbt.campus.${name}`;
      const [mine, others] = [comparable(own, version), comparable(theirs, version)];

      expect({ name, columns: await rows(`DESCRIBE ${theirs}`) }).toEqual({
        name,
        columns: await rows(`DESCRIBE ${own}`),
      });
      expect({
        name,
        rows: await rows(`SELECT count(*) FROM (${theirs})`),
        onlyInTheLake: await rows(`${mine} EXCEPT ALL ${others}`),
        onlyInDbt: await rows(`${others} EXCEPT ALL ${mine}`),
      }).toEqual({ name, rows: [[String(version.rows)]], onlyInTheLake: [], onlyInDbt: [] });
    }
    const withRows = Object.values(publication.tables).filter(
      (v) => v.table.startsWith('campus.') && v.rows > 0,
    );
    expect(withRows.length).toBeGreaterThan(5);
  });

  it('hands Athena its own SQL, over its own databases', { timeout: PATIENCE_MS }, async () => {
    await dbt(project, 'compile', '--target', 'athena', '--no-introspect', '--no-populate-cache');
    for (const { name, statement } of await modelsOfLake()) {
      const path = join(project, 'target/compiled/campus_lake/models', `${name}.sql`);
      // dbt names the catalog too, which Athena takes and the lake's own statements leave out.
      const text = (await readFile(path, 'utf8')).replaceAll(/"?awsdatacatalog"?\./gi, '');
      const compiled = await parseStatement(text);
      const expected = statement.tables.map((table) =>
        table.name.replace('ops.run', 'campus.ops_run').replace(/^campus\./, 'campus_dbt.'),
      );
      expect({ name, reads: compiled.tables.map((table) => table.name) }).toEqual({ name, reads: expected });
    }
  });
});

/** Rows to compare exactly; sums of fractions to twelve digits, for the order of adding may be another. */
function comparable(select: string, { columns }: TableVersion): string {
  const list = columns.map(({ name, type }) =>
    type === 'double' ? `format('{:.11e}', "${name}")` : `"${name}"`,
  );
  return `SELECT ${list.join(', ')} FROM (${select})`;
}

/** Tests that the project's YAML declares. */
async function countTests(project: string): Promise<number> {
  const texts = await Promise.all(
    ['models.yml', 'sources.yml'].map((name) => readFile(join(project, 'models', name), 'utf8')),
  );
  let tests = 0;
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'data_tests') tests += (inner as unknown[]).length;
      else count(inner);
    }
  };
  for (const text of texts) count(parse(text));
  return tests;
}
