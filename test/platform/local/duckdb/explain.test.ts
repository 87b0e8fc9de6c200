import { afterAll, beforeAll, expect, it } from 'vitest';
import { costLines, stepLines } from '../../../../bin/commands/query/explanation.ts';
import { athenaCost } from '../../../../src/app/query/athena-cost.ts';
import type { TableSet } from '../../../../src/ports/tables.ts';
import { explainForm } from '../../../../src/sql/explain-form.ts';
import { granted } from '../../../granted.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

let lake: TestLake;
let tables: TableSet;
beforeAll(async () => {
  lake = await openTestLake();
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'term', type: 'varchar' },
  ] as const;
  const rows = Array.from({ length: 500 }, (_, i) => [i, i % 2 === 0 ? 'Zqxjw' : 'spring']);
  tables = {
    'campus.students': await lake.engine.literalTable('campus.students', columns, rows, 'v1'),
    'campus.terms': await lake.engine.literalTable(
      'campus.terms',
      [
        { name: 'code', type: 'varchar' },
        { name: 'name', type: 'varchar' },
      ],
      [['spring', 'Spring 2026']],
      'v1',
    ),
  };
});
afterAll(() => lake.close());

const JOINED =
  'SELECT t.name, count(*) AS n FROM campus.students s JOIN campus.terms t ON t.code = s.term GROUP BY t.name ORDER BY n';

it('says what is read, of the columns that are asked for alone', async () => {
  const one = await lake.engine.explain('SELECT term FROM campus.students', granted(tables));
  const all = await lake.engine.explain('SELECT * FROM campus.students', granted(tables));
  const none = await lake.engine.explain('SELECT count(*) AS n FROM campus.students', granted(tables));

  expect(one.tables).toMatchObject([{ columns: ['term'], ofColumns: 2, rows: 500, files: 1 }]);
  expect(all.tables[0]!.columns).toEqual(['id', 'term']);
  expect(one.tables[0]!.bytes).toBeGreaterThan(0);
  expect(all.tables[0]!.bytes).toBeGreaterThan(one.tables[0]!.bytes);
  expect(none.tables[0]!.bytes).toBe(0);
});

it('names the steps in plain words, measured where they were run', async () => {
  const planned = await lake.engine.explain(JOINED, granted(tables));
  const run = await lake.engine.explain(JOINED, granted(tables), { analyze: true });

  for (const { steps } of [planned, run]) {
    const does = steps.map((step) => step.does);
    expect(does[0]).toBe('sort');
    expect(does).toContain('group');
    expect(does).toContain('join by equal keys (inner)');
    expect(does.filter((words) => /^read campus\.(students|terms)/.test(words))).toHaveLength(2);
  }
  expect(planned.seconds).toBeUndefined();
  expect(run.seconds).toBeGreaterThan(0);
  expect(run.steps[0]).toMatchObject({ rows: 1 });
  // What is known of the values of a table, such as its least and greatest, is not told.
  expect(JSON.stringify([planned, run])).not.toContain('Zqxjw');
});

it('is refused as a question is', async () => {
  await expect(
    lake.engine.explain('SELECT nothing FROM campus.students', granted(tables)),
  ).rejects.toMatchObject({
    name: 'SqlError',
    message: expect.stringContaining('"nothing"'),
  });
});

it('costs whole megabytes, ten at least', () => {
  const reading = (bytes: number) => ({
    tables: [{ table: 'a.b', columns: ['x'], ofColumns: 3, rows: 1, files: 2, bytes }],
    steps: [{ depth: 1, does: 'sort', rows: 2, seconds: 0.25 }],
    seconds: 0.5,
  });

  expect(athenaCost(reading(1))).toEqual({ bytes: 1, chargedBytes: 10e6, dollars: 0.00005 });
  expect(athenaCost(reading(2e12 + 1))).toMatchObject({ chargedBytes: 2e12 + 1e6 });
  expect(athenaCost(reading(2e12)).dollars).toBe(10);
  expect(costLines(reading(2e12)).join('\n')).toMatch(
    /a\.b {2}1 of 3 columns {2}1 row {2}2 files.*\n.*\n.*\$10 at \$5 per TB/,
  );
  expect(stepLines(reading(1))[1]).toBe('    sort: 2 rows, 0.25 s');
});

it('is taken off a statement whose places stay', () => {
  expect(explainForm('SELECT 1')).toBeUndefined();
  expect(explainForm('explain\n analyze SELECT 1')).toEqual({
    analyze: true,
    select: '       \n         SELECT 1',
  });
  expect(() => explainForm('EXPLAIN (FORMAT JSON) SELECT 1')).toThrow('takes no options');
  expect(() => explainForm('EXPLAIN')).toThrow('followed by no statement');
});
