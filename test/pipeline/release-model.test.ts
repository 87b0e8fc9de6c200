import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableAccess } from '../../src/access/table-access.ts';
import { readHeader } from '../../src/models/header.ts';
import { listModelRecords } from '../../src/pipeline/model-record.ts';
import { buildModelStep } from '../../src/pipeline/steps/build-model.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { COLLEGE, KNOWN, POLICY, readPolicy } from '../access/college.ts';
import { lakeOf } from '../lake-of.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

const model = (rule: string, rows: string) => `-- description: students by programme and state
-- owner: Registrar
${rule}
SELECT programme, state, CAST(n AS bigint) AS students, share AS passed
FROM (VALUES ${rows}) AS t (programme, state, n, share)`;
const RULE = '-- disclosure: min 10, counts students, shares passed of students';
const ROWS =
  "('a', 'x', 3, DOUBLE '0.5'), ('a', 'y', 40, DOUBLE '0.987'), ('a', 'z', 50, DOUBLE '0.123'), ('b', 'x', 30, DOUBLE '0.5'), ('b', 'y', 20, DOUBLE '0.5'), ('b', 'z', 60, DOUBLE '0.5')";

describe('A model with a disclosure rule', () => {
  let home: TestLake;
  let now = Date.parse('2026-11-30T08:00:00Z');
  const notes: string[] = [];
  beforeAll(async () => {
    home = await openTestLake();
    await mkdir(join(home.root, 'models'));
  });
  afterAll(() => home.close());

  const build = async (run: string, text: string, name = 'states') => {
    await writeFile(join(home.root, 'models', `${name}.sql`), text);
    const ledger = openLocalLedger(join(home.root, 'ledger'));
    const lake = lakeOf({
      campus: { root: home.root, models: 'models', timeZone: 'UTC', privacy: {} },
      catalog: { datasets: [] },
      features: [],
      report: { note: (_: string, said: string) => notes.push(said), progress: () => {} },
      platform: { clock: { now: () => now }, ledger, engine: home.engine },
    });
    await buildModelStep.run({ run, model: name }, lake);
    const record = (await listModelRecords(ledger)).find((one) => one.model === name)!;
    return {
      record,
      rows: await home.rows(`SELECT * FROM campus.${name} ORDER BY 1, 2`, {
        [`campus.${name}`]: record.version,
      }),
    };
  };

  it('is published without small counts and those that give them away, its shares coded', async () => {
    const { rows, record } = await build('20261130T080000Z-1', model(RULE, ROWS));
    expect(record.header).toMatchObject({ disclosure: { min: 10 } });
    const hidden = rows
      .filter(([, , students]) => students === null)
      .map(([programme, state]) => `${programme}${state}`);
    expect(hidden).toHaveLength(4);
    expect(hidden).toContain('ax');
    for (const [, , students, share] of rows) expect(share === null).toBe(students === null);
    const z = rows.find(([programme, state]) => programme === 'b' && state === 'z');
    expect(z).toEqual(['b', 'z', 60n, 0.5]);
  });

  it('is released once a day: who has two of one day could tell by how many they differ', async () => {
    const more = ROWS.replace("'z', 60", "'z', 61");
    expect((await build('20261130T090000Z-2', model(RULE, more))).rows.at(-1)).toEqual(['b', 'z', 60n, 0.5]);
    now += 86_400_000;
    expect((await build('20261201T090000Z-3', model(RULE, more))).rows.at(-1)).toEqual(['b', 'z', 61n, 0.5]);
  });

  it('says where the totals alone give a count away', async () => {
    await build(
      '20261201T090000Z-4',
      model(RULE, "('a', 'x', 3, DOUBLE '0.5'), ('b', 'y', 40, DOUBLE '0.5')"),
      'alone',
    );
    expect(notes).toContain('1 small counts follow from the totals alone: publish no totals of these rows');
  });

  it.each([
    ['-- disclosure: min 10, counts pupils', 'its rule names a column "pupils"'],
    ['-- disclosure: min 10, counts students', 'passed is double, and is neither a count nor a share'],
    ['-- disclosure: min 10, counts passed', 'passed is double and no whole number'],
    ['-- disclosure: min 10', 'The disclosure rule cannot be read.'],
    ['-- disclosure: min 2, counts students', 'The disclosure rule cannot be read.'],
    ['-- disclosure: min 10, counts students, shares passed of state', 'passed is a share of state'],
  ])('%s is refused', async (rule, message) => {
    await expect(build('20261202T090000Z-5', model(rule, ROWS), 'refused')).rejects.toThrow(message);
  });

  it('a rule below the SELECT would not be read', () => {
    expect(() => readHeader(`SELECT 1 AS n\n${RULE}`)).toThrow('A header line is below the start of the SQL');
  });
});

it('a role of aggregates sees tables with protected small numbers, and nothing else', () => {
  const { policy } = readPolicy(
    `${POLICY}  board: { description: x, aggregatesOnly: true, purposes: [own], classes: { none: whole, education: whole }, tables: { sis.*: all } }\n`,
  );
  const seen = (released: string[]) =>
    Object.keys(COLLEGE).filter(
      (table) =>
        tableAccess({ ...policy!, released }, policy!.roles.get('board')!, 'own', table, KNOWN.get(table)!)
          .rows,
    );
  expect(seen([])).toEqual([]);
  expect(seen(['sis.grades'])).toEqual(['sis.grades']);
});
