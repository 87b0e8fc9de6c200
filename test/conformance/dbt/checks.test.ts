import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbSelects } from '../../../src/app/export/dbt-project.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { dbtProject } from '../../../src/export/dbt/project.ts';
import { writeOwnFiles } from '../../../src/export/own-files.ts';
import { parseModel } from '../../../src/models/load-models.ts';
import { stockSelect, stockSetUp } from '../../../src/platform/local/duckdb/stock.ts';
import type { TableSet } from '../../../src/ports/tables.ts';
import { countsSql, readsRows } from '../../../src/quality/check-sql.ts';
import { checksOfModel } from '../../../src/quality/table-check.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { type DbtResult, stockDbt } from './dbt.ts';

/** A busy machine takes its time to start dbt. */
const PATIENCE_MS = 30 * 60_000;

const CHECKS = [
  '{ kind: not_null, columns: [id] }',
  '{ kind: unique, columns: [id] }',
  '{ kind: unique, columns: [id, order] }',
  `{ kind: accepted_values, column: word, values: ["it's", "{{ braces }}", plain] }`,
  '{ kind: accepted_values, column: order, values: [1, 2] }',
  '{ kind: accepted_values, column: flag, values: [true] }',
  '{ kind: range, column: order, min: 1, max: 2 }',
  "{ kind: range, column: day, min: '2026-01-01' }",
  '{ kind: relationships, column: word, to: campus.words, field: word }',
];
const model = (rows: string, min: number) => `-- description: rows that keep the rules, or break them
${[...CHECKS, `{ kind: row_count, min: ${min} }`].map((check) => `-- check: ${check}`).join('\n')}
SELECT id, "order", word, flag, day FROM (VALUES ${rows}) AS t (id, "order", word, flag, day)`;

const EMPTY =
  "(nullif(0, 0), nullif(0, 0), nullif('', ''), nullif(true, true), nullif(DATE '2026-01-01', DATE '2026-01-01'))";
const GOOD = `(1, 1, 'it''s', true, DATE '2026-01-01'), (2, 2, '{{ braces }}', true, DATE '2027-01-01'),
  (3, 1, 'plain', nullif(true, true), nullif(DATE '2026-01-01', DATE '2026-01-01'))`;
/** Each check is broken by two rows, or by one key that comes twice. */
const BAD = `${EMPTY}, ${EMPTY}, (1, 3, 'its', false, DATE '2025-12-31'), (1, 3, 'its', false, DATE '2025-12-31'), ${GOOD.replace('(1,', '(4,')}`;
const WORDS = `SELECT word FROM (VALUES 'it''s', '{{ braces }}', 'plain') AS t (word)`;

/** What a check finds is the same whether the lake counts or dbt does. */
describe("the lake's checks as dbt's tests", () => {
  let lake: TestLake;
  let results: DbtResult[];
  /** Rows that break each check, in the order of the checks, as the lake counts them. */
  const counted = new Map<string, number[]>();

  beforeAll(async () => {
    const dbt = await stockDbt();
    lake = await openTestLake();
    const { campus } = await loadCampus('campus.yaml');
    const texts = {
      words: WORDS,
      good: model(GOOD, 3),
      bad: model(BAD, 100),
      tolerated: tolerated(model(BAD, 100)),
    };
    const models = [];
    let tables: TableSet = {};
    for (const [name, text] of Object.entries(texts)) {
      const parsed = await parseModel(`models/${name}.sql`, text);
      const version = await lake.engine.create(parsed.table, text, {}, 'v1');
      tables = { ...tables, [parsed.table]: version };
      models.push({ model: parsed, columns: version.columns });
      const checks = checksOfModel(
        parsed,
        version.columns.map((column) => column.name),
      ).filter(({ check }) => readsRows(check));
      const sql = countsSql(
        { table: parsed.table, columns: version.columns, asOf: '2026-01-01T00:00:00Z' },
        checks,
      );
      if (sql) counted.set(name, (await lake.rows(sql, tables))[0]!.map(Number));
    }
    const selects = await duckDbSelects(models, {}, { select: stockSelect });
    const duckDb = { selects, setUp: stockSetUp(), views: '' };
    const { files } = dbtProject({ campus, datasets: [], models, duckDb });
    const folder = join(lake.root, 'dbt');
    await writeOwnFiles(folder, files);
    results = await dbt(folder, 'build');
  }, PATIENCE_MS);
  afterAll(() => lake?.close());

  const tests = (name: string) =>
    results.filter(({ unique_id }) => unique_id.startsWith('test.') && unique_id.includes(`_${name}_`));
  /** By test and first column: what became of it, and how many rows dbt gave back. */
  const found = (name: string) =>
    Object.fromEntries(
      tests(name)
        .map(({ unique_id, status, failures }) => [shortOf(unique_id, name), [status, failures]] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );

  it('hold together', () => {
    expect(counted.get('good')).toEqual(CHECKS.map(() => 0));
    expect(Object.values(found('good'))).toEqual(
      Array.from({ length: CHECKS.length + 1 }, () => ['pass', 0]),
    );
  });

  it('find the same, but for values, of which dbt counts each once', () => {
    expect(counted.get('bad')).toEqual([2, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(Object.entries(found('bad')).map(([test, result]) => [test, ...result])).toEqual([
      ['accepted_values(_flag', 'fail', 1],
      ['accepted_values(_order', 'fail', 1],
      ['accepted_values(_word', 'fail', 1],
      ['at_least_rows(100', 'fail', 1],
      ['in_range(_day', 'fail', 2],
      ['in_range(_order', 'fail', 2],
      ['not_null(_id', 'fail', 2],
      ['relationships(_word', 'fail', 2],
      ['unique(_id', 'fail', 1],
      ['unique_together(_id', 'fail', 1],
    ]);
  });

  it('warn where the lake does', () => {
    expect(tests('tolerated').map(({ status }) => status)).toEqual(CHECKS.map(() => 'warn').concat('warn'));
  });
});

const tolerated = (text: string) => text.replaceAll(/^(-- check: .*) \}$/gm, '$1, severity: warn }');
const shortOf = (id: string, name: string) =>
  id.split('.')[2]!.replace(`_${name}_`, '(').split('__')[0]!.replace(/_$/, '');
