import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from '../../../../src/platform/local/duckdb/storage.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

describe('staging of full loads in Parquet', () => {
  let lake: TestLake;
  let database: DuckDBInstance;
  beforeAll(async () => {
    lake = await openTestLake({ pseudonymKeys: async () => [Buffer.from('k')] });
    database = await DuckDBInstance.create();
  });
  afterAll(async () => {
    database.closeSync();
    await lake.close();
  });

  /** Writes a SELECT's rows as a Parquet file below `raw/`. */
  async function parquet(name: string, select: string): Promise<string> {
    const path = await lake.writeBytes(`${name}.parquet`, new Uint8Array());
    const connection = await database.connect();
    await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    return path;
  }

  const sis = (columns: Parameters<typeof specOf>[1]) =>
    specOf('sis.registrar_grades', columns, { key: ['student_id'], layout: 'dms', format: 'parquet' });

  it('reads a full load of the SIS where it lies, without a copy, columns excluded apart', async () => {
    const raw = await parquet(
      'grades',
      `SELECT 'S' || i AS "STUDENT_ID", i::SMALLINT AS crn, (i / 4)::DECIMAL(5,2) AS points, '123' AS ssn FROM range(1, 3) t(i)`,
    );
    const spec = sis([
      { name: 'student_id', source: 'STUDENT_ID', type: 'varchar' },
      { name: 'crn', type: 'integer' },
      { name: 'points', type: 'decimal(5,2)' },
    ]);

    const { version } = await lake.engine.replace(spec, [raw], 'v1');

    expect(filesOf(version)).toEqual(['raw/grades.parquet']);
    expect(version.rows).toBe(2);
    expect(
      await lake.rows('SELECT * FROM sis.registrar_grades ORDER BY 1', { 'sis.registrar_grades': version }),
    ).toEqual([
      ['S1', 1, '0.25'],
      ['S2', 2, '0.50'],
    ]);
  });

  it('writes it again where a pseudonym is made', async () => {
    const raw = await parquet('people', `SELECT 'S1' AS student_id, 'x' AS note`);
    const spec = sis([
      { name: 'student_id', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
      { name: 'note', type: 'varchar' },
    ]);

    const { version } = await lake.engine.replace(spec, [raw], 'v9');

    expect(filesOf(version)).toEqual(['staged/sis.registrar_grades/v9-base.parquet']);
    const [row] = await lake.rows('SELECT * FROM sis.registrar_grades', { 'sis.registrar_grades': version });
    expect(row).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), 'x']);
  });

  it('finds at once that a value does not fit, though the files are only read later', async () => {
    const raw = await parquet('bad', `SELECT 'S1' AS student_id, 3000000000 AS crn`);
    const spec = sis([
      { name: 'student_id', type: 'varchar' },
      { name: 'crn', type: 'integer' },
    ]);

    await expect(lake.engine.replace(spec, [raw], 'v1')).rejects.toThrow(
      '1 value of sis.registrar_grades.crn does not fit the type integer that the catalog gives it (the files say BIGINT).',
    );
  });

  it('refuses files outside of the lake', async () => {
    const spec = sis([{ name: 'student_id', type: 'varchar' }]);

    await expect(
      lake.engine.replace(spec, [join(lake.root, '..', 'elsewhere.parquet')], 'v1'),
    ).rejects.toThrow(/outside of the lake/);
  });
});
