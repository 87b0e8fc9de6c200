import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCampus } from '../../../src/campus/load.ts';
import { WATCHED } from '../../../src/early-warning/drift.ts';
import { decide, forgetDecision } from '../../../src/early-warning/holds.ts';
import { writeModel } from '../../../src/early-warning/model-store.ts';
import { earlyWarning } from '../../../src/early-warning/step.ts';
import { forgetStudent, writeStudent } from '../../../src/early-warning/students/records.ts';
import { FEATURES, SCORES } from '../../../src/early-warning/tables.ts';
import { listModelRecords } from '../../../src/pipeline/model-record.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { Uses } from '../../../src/ports/step.ts';
import { storedModel } from '../../early-warning/stored-model.ts';
import { FIRST_DAY } from '../../early-warning/worlds.ts';
import { lakeOf } from '../../lake-of.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { loadsPassed, modelsBuilt, termTables } from './term-tables.ts';

const DAY_MS = 86_400_000;

/** The step over a few courses, in a lake whose models can be spoilt. */
describe('The tables of early warning', () => {
  let test: TestLake;
  let lake: Uses<
    'session' | 'signal' | 'report' | 'campus' | 'catalog' | 'clock' | 'objects' | 'ledger' | 'engine'
  >;
  let models: string;
  beforeAll(async () => {
    test = await openTestLake();
    models = await mkdtemp(join(tmpdir(), 'early-warning-models-'));
    await cp('models/early-warning', join(models, 'early-warning'), { recursive: true });
    const { campus, catalog } = await loadCampus('campus.yaml');
    const platform = {
      clock: { now: () => FIRST_DAY + 60 * DAY_MS },
      objects: openLocalObjects(test.root),
      ledger: openLocalLedger(join(test.root, 'ledger')),
      engine: test.engine,
    };
    const report = { note: () => {}, progress: () => {} };
    lake = lakeOf({
      campus: { ...campus, models },
      catalog,
      platform,
      report,
      signal: new AbortController().signal,
    });
    await writeModel(platform.objects, storedModel(4), { markdown: '', sagemaker: {} });
    const tables = await termTables(test.engine, 6);
    await loadsPassed(platform.ledger, tables, FIRST_DAY + 60 * DAY_MS);
    await modelsBuilt(platform.ledger, 'r1', tables);
  });
  afterAll(async () => {
    await test?.close();
    await rm(models, { recursive: true, force: true });
  });

  it('are checked when they are built: keys, ranges and values, in the ledger', async () => {
    const { scored } = await earlyWarning.run({ run: 'r1' }, lake);

    expect(scored).toBeGreaterThan(20);
    const checks = await lake.platform.ledger.rows('checks');
    const told = checks.map(({ table_name: table, check_name: name, status }) =>
      [table, name, status].join(' '),
    );
    expect(told).toEqual(
      expect.arrayContaining([
        `${FEATURES} range(missing_share) passed`,
        `${FEATURES} relationships(course_id in campus.courses.course_id) passed`,
        `${FEATURES} default passed`,
        `${SCORES} range(risk) passed`,
        `${SCORES} unique(term_code, week, place) passed`,
        `${SCORES} default passed`,
      ]),
    );
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it('hold a course that lies where the model has not learned, or that a person holds, and remark it', async () => {
    const said: string[] = [];
    const noting = {
      ...lake,
      report: { ...lake.report, note: (_: string, text: string) => said.push(text) },
    };
    const [week] = storedModel(4).weeks;
    const range = (far: number) => ({
      least: WATCHED.map(() => far),
      greatest: WATCHED.map(() => far),
      deviations: WATCHED.map(() => 1),
    });
    const evidence = async () => {
      const [scores] = await versions();
      const rows = await test.rows(
        `SELECT course_code, evidence, count(*) FROM ${SCORES} WHERE evidence IN ('scored', 'on hold') GROUP BY 1, 2`,
        { [SCORES]: scores!.version },
      );
      return new Map(rows.map(([course, found]) => [String(course), String(found)]));
    };
    const scoreWith = async (far: number) => {
      const model = { ...storedModel(4), weeks: [{ ...week!, range: range(far) }] };
      await writeModel(lake.platform.objects, model, { markdown: '', sagemaker: {} });
      await earlyWarning.run({ run: 'r1' }, noting);
      return evidence();
    };
    try {
      // No course of these worlds has ten students, so that the check alone holds none.
      expect(new Set((await scoreWith(1000)).values())).toEqual(new Set(['scored']));
      const at = '2026-02-01T00:00:00.000Z';
      await decide(lake.platform.objects, { course: 'C1', decision: 'hold', because: 'its marks move', at });
      const held = await scoreWith(1000);
      expect(held.get('C1')).toBe('on hold');
      expect([...held.values()].filter((found) => found === 'scored').length).toBeGreaterThan(1);
      expect(
        said.filter((text) => /^C1 in T, week \d+, is on hold, .*its marks move/.test(text)),
      ).toHaveLength(1);
      await forgetDecision(lake.platform.objects, 'C1');
      expect((await scoreWith(1000)).get('C1')).toBe('scored');
    } finally {
      await writeModel(lake.platform.objects, storedModel(4), { markdown: '', sagemaker: {} });
      await earlyWarning.run({ run: 'r1' }, lake);
    }
  });

  it('hold nobody who opted out, in features and scores, and the others as before', async () => {
    const { objects, clock } = lake.platform;
    const rowsOf = async (without = '') => {
      const tables = Object.fromEntries((await versions()).map(({ version }) => [version.table, version]));
      const select = (columns: string, table: string) =>
        test.rows(
          `SELECT ${columns} FROM ${table} WHERE student_id <> '${without}' ORDER BY ${columns}`,
          tables,
        );
      return {
        features: await select('student_id, course_id, week, missing_share, points_below_class', FEATURES),
        scores: await select('student_id, course_id, week, evidence, risk', SCORES),
      };
    };
    const before = await rowsOf();
    const student = String(before.scores[0]![0]);
    expect(before.features.some(([one]) => one === student)).toBe(true);
    const now = clock.now();
    const record = { student, optedOut: new Date(now).toISOString(), corrections: [], contacts: [] };
    await writeStudent(objects, record, now);

    await earlyWarning.run({ run: 'r1' }, lake);
    const others = await rowsOf();
    expect(others.scores.length).toBeLessThan(before.scores.length);
    expect([...others.features, ...others.scores].filter(([one]) => one === student)).toEqual([]);

    await forgetStudent(objects, student);
    await earlyWarning.run({ run: 'r1' }, lake);
    expect(await rowsOf()).toEqual(before);
    expect(await rowsOf(student)).toEqual(others);
  });

  it('keep the last good features and scores in sight where today’s break a check', async () => {
    const good = await versions();
    await modelsBuilt(lake.platform.ledger, 'r2', await ownTables());
    const file = join(models, 'early-warning/early_warning_features.sql');
    const text = await readFile(file, 'utf8');
    const spoilt = text.replace('CAST(k.missing AS double) / k.due', '2e0 + k.due');
    expect(spoilt).not.toBe(text);
    await writeFile(file, spoilt);

    await expect(earlyWarning.run({ run: 'r2' }, lake)).rejects.toThrow(
      /^campus\.early_warning_features: \d+ of \d+ rows break range\(missing_share\)$/,
    );
    expect(await versions()).toEqual(good);
    expect(good.map(({ run }) => run)).toEqual(['r1', 'r1']);

    await writeFile(file, text);
    await earlyWarning.run({ run: 'r2' }, lake);
    expect((await versions()).map(({ run }) => run)).toEqual(['r2', 'r2']);
  });

  const versions = async () => {
    const records = await listModelRecords(lake.platform.ledger);
    const own = records.filter(({ version }) => [FEATURES, SCORES].includes(version.table));
    return own.sort((a) => (a.version.table === SCORES ? -1 : 1));
  };
  const ownTables = async () => {
    const records = await listModelRecords(lake.platform.ledger);
    return Object.fromEntries(
      records
        .filter(({ model }) => !model.startsWith('early_warning'))
        .map(({ version }) => [version.table, version]),
    );
  };
});
