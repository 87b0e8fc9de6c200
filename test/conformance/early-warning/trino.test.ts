import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../../src/early-warning/measures.ts';
import { FEATURES, OUTCOMES } from '../../../src/early-warning/own-models.ts';
import { scoreSql, WEIGHTS } from '../../../src/early-warning/score-sql.ts';
import { weightTable } from '../../../src/early-warning/scores.ts';
import type { Json } from '../../../src/json.ts';
import { loadModels } from '../../../src/models/load-models.ts';
import type { Cell, TableColumn, TableVersion } from '../../../src/platform/ports.ts';
import { type Rows, rowsOf, tablesOf, worlds } from '../../early-warning/worlds.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';

/** Everything is in the statement: no table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const CUTS = [28, 56];

const MODEL = {
  week: 4,
  cases: 500,
  unsuccessful: 200,
  intercept: -0.5,
  means: [0.3, 0.3, 0.2, 10, 8, 0.1, 0.3, 1, 5],
  deviations: [0.3, 0.5, 0.4, 15, 12, 0.3, 0.3, 3, 10],
  weights: [0.6, 0.3, 0.3, 0.5, 0.5, 0.1, 0.3, 0.3, 0.5],
};

describe("Early warning's SQL on the engine of Athena", () => {
  let lake: TestLake;
  let trino: Trino;
  beforeAll(async () => {
    [lake, trino] = await Promise.all([openTestLake(), startTrino(NO_AWS)]);
  });
  afterAll(() => Promise.all([lake?.close(), trino?.stop()]));

  // Trino plans a statement that holds its own tables for a minute on a slow machine.
  it('gives the features and the scores that it gives on one machine, rows and words', {
    timeout: 400_000,
  }, async () => {
    const all = fc.sample(worlds, { numRuns: 1, seed: 20_261 })[0]!.slice(0, 8);
    const models = new Map((await loadModels('models/early-warning')).map((model) => [model.table, model]));
    const tables: Record<string, TableVersion> = await tablesOf(lake.engine, all, CUTS, 'v');
    tables[FEATURES] = await lake.engine.create(FEATURES, models.get(FEATURES)!.text, tables, 'v');
    tables[WEIGHTS] = await weightTable(
      lake.engine,
      { version: 1, id: 'm', trainedAt: '', campus: '', terms: [], measures: COLUMNS, weeks: [MODEL] },
      [4, 8],
      'v',
    );
    const inline = rowsOf(all, CUTS);
    const weights: Rows = {
      table: WEIGHTS,
      columns: tables[WEIGHTS].columns,
      rows: (await lake.rows(`SELECT * FROM ${WEIGHTS}`, tables)) as Json[][],
    };

    const features = `SELECT * FROM (${models.get(FEATURES)!.text}) f ORDER BY course_id, user_id, week`;
    const found = await same(features, inline, tables);
    expect(found).toBeGreaterThan(20);

    const withFeatures = `SELECT * FROM (${scoreSql('m')}) s ORDER BY course_id, user_id, week`;
    const featureRows: Rows = {
      table: FEATURES,
      columns: tables[FEATURES].columns,
      rows: (await lake.rows(`SELECT * FROM ${FEATURES}`, tables)) as Json[][],
    };
    expect(await same(withFeatures, [featureRows, weights], tables)).toBe(found);
  });

  it('understands the outcomes', async () => {
    const text = (await loadModels('models/early-warning')).find(({ table }) => table === OUTCOMES)!.text;
    const nothing = (table: string, columns: Record<string, TableColumn['type']>): Rows => ({
      table,
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      rows: [],
    });
    const id = {
      user_id: 'bigint',
      student_id: 'varchar',
      course_id: 'bigint',
      term_code: 'varchar',
    } as const;
    const inline = [
      nothing('campus.enrolments', {
        ...id,
        enrolment_id: 'bigint',
        section_code: 'varchar',
        registration_status: 'varchar',
        final_grade: 'varchar',
        withdrawn_on: 'date',
        is_current: 'boolean',
        created_at: 'timestamp',
      }),
      nothing('campus.early_warning_cutoffs', { term_code: 'varchar', time_zone: 'varchar' }),
      nothing('sis.registrar_sections', { section_code: 'varchar', term_code: 'varchar', crn: 'integer' }),
      nothing('sis.registrar_grades', {
        student_id: 'varchar',
        term_code: 'varchar',
        crn: 'integer',
        posted_at: 'timestamp',
      }),
    ];
    const { columns } = await trinoQuery(trino.url, inOneStatement(`SELECT * FROM (${text}) o`, inline));
    expect(columns.map(({ name }) => name)).toEqual([
      'user_id',
      'student_id',
      'course_id',
      'term_code',
      'outcome',
      'is_unsuccessful',
      'known_on',
    ]);
  });

  /** Compares the rows of both engines. @returns how many there are */
  async function same(
    select: string,
    inline: readonly Rows[],
    tables: Record<string, TableVersion>,
  ): Promise<number> {
    const here = await lake.rows(select, tables);
    const there = await trinoQuery(trino.url, inOneStatement(select, inline));
    expect(there.rows.map((row) => row.map(shown))).toEqual(here.map((row) => row.map(shown)));
    return here.length;
  }
});

/** The tables as common table expressions before the SELECT, which then names them without their database. */
function inOneStatement(select: string, inline: readonly Rows[]): string {
  const tables = inline.map(({ table, columns, rows }) => {
    const list = columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(', ');
    const values = (rows.length > 0 ? rows : [columns.map(() => null)])
      .map((row) => `(${row.map((cell) => literal(cell)).join(', ')})`)
      .join(',\n');
    const names = columns.map(({ name }) => name).join(', ');
    const none = rows.length === 0 ? ' WHERE false' : '';
    return `${nameOf(table)} AS (SELECT ${list} FROM (VALUES ${values}) AS v(${names})${none})`;
  });
  const renamed = select.replaceAll(/\b(campus|canvas|sis)\.([a-z_]+)\b/g, (name) => nameOf(name));
  return `WITH ${tables.join(',\n')}\n${renamed}`;
}

const nameOf = (table: string): string => table.replace('.', '__');

function literal(cell: Json | Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number')
    return Number.isInteger(cell) ? String(cell) : `${cell}e0`.replace(/e(.*)e0$/, 'e$1');
  if (typeof cell !== 'string') return String(cell);
  const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z$/.exec(cell);
  return instant ? `TIMESTAMP '${instant[1]} ${instant[2]}'` : `'${cell.replaceAll("'", "''")}'`;
}

/** A value as both engines' answers can be compared: doubles to twelve digits, the rest as it reads. */
function shown(cell: unknown): string {
  if (cell === null) return '∅';
  if (typeof cell === 'number' && !Number.isInteger(cell)) return cell.toPrecision(11);
  return String(cell);
}
