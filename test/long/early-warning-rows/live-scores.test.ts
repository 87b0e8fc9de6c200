import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCampus } from '../../../src/campus/load.ts';
import { decide, forgetDecision } from '../../../src/early-warning/holds.ts';
import { scoreRound } from '../../../src/early-warning/live/round.ts';
import { LIVE_SCORES } from '../../../src/early-warning/live/tables.ts';
import { withdrawModel, writeModel } from '../../../src/early-warning/model-store.ts';
import { compareModels } from '../../../src/early-warning/registry/compare.ts';
import { earlyWarning } from '../../../src/early-warning/step.ts';
import { forgetStudent, writeStudent } from '../../../src/early-warning/students/records.ts';
import { SCORES } from '../../../src/early-warning/tables.ts';
import { listModelRecords, writeModelRecord } from '../../../src/pipeline/model-record.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { FeatureLake } from '../../../src/ports/feature.ts';
import { storedModel } from '../../early-warning/stored-model.ts';
import { dateOf, FIRST_DAY } from '../../early-warning/worlds.ts';
import { lakeOf } from '../../lake-of.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { loadsPassed, modelsBuilt, type Tables, termTables } from './term-tables.ts';

const DAY_MS = 86_400_000;

/** A lake as of a day of a term, in which a model is in use. */
describe('The live scores', () => {
  let test: TestLake;
  let lake: FeatureLake;
  let now = FIRST_DAY;
  beforeAll(async () => {
    test = await openTestLake();
    const { campus, catalog } = await loadCampus('campus.yaml');
    lake = lakeOf({
      campus,
      catalog,
      platform: {
        clock: { now: () => now, sleep: systemClock.sleep },
        objects: openLocalObjects(test.root),
        ledger: openLocalLedger(join(test.root, 'ledger')),
        engine: test.engine,
      },
    }) as unknown as FeatureLake;
    await writeModel(lake.platform.objects, storedModel(4), { markdown: '', sagemaker: {} });
    const tables = await termTables(test.engine, 8);
    await modelsBuilt(lake.platform.ledger, 'r1', tables);
    const numbered =
      'SELECT row_number() OVER (ORDER BY user_id, assignment_id) AS id, s.* FROM canvas.submissions s';
    tables['canvas.submissions'] = await test.engine.create(
      'canvas.submissions',
      numbered,
      tables,
      'numbered',
    );
    staged = Object.fromEntries(Object.entries(tables).filter(([table]) => !table.startsWith('campus.')));
  });
  afterAll(() => test?.close());

  let staged: Tables;

  /** Loads of that instant have passed. */
  async function knownAt(instant: number): Promise<void> {
    now = instant;
    await loadsPassed(lake.platform.ledger, staged, instant);
  }

  const versionOf = async (table: string) =>
    (await listModelRecords(lake.platform.ledger)).find(({ version }) => version.table === table);
  const liveRows = async (columns: string, where = 'true') => {
    const { version } = (await versionOf(LIVE_SCORES))!;
    return test.rows(`SELECT ${columns} FROM ${LIVE_SCORES} WHERE ${where} ORDER BY user_id, course_id`, {
      [LIVE_SCORES]: version,
    });
  };
  let round = 0;
  const aRound = (changed: readonly string[] = ['campus.enrolments']) =>
    scoreRound(lake, { load: `L${++round}`, changed, isFirst: false });
  // The order in which a class is summed is not said: to twelve digits.
  const COLUMNS = 'user_id, course_id, evidence, round(risk, 12) AS risk, reasons, in_favour';

  it('of the last day of a week are those of the night, to the twelfth digit', async () => {
    // Noon of the day: what the night knows of this week, the day after.
    await knownAt(FIRST_DAY + 29 * DAY_MS + 18 * 3_600_000);
    await earlyWarning.run({ run: 'r1' }, lake);
    const nightly = await test.rows(
      `SELECT ${COLUMNS} FROM ${SCORES} WHERE week = 4 ORDER BY user_id, course_id`,
      { [SCORES]: (await versionOf(SCORES))!.version },
    );
    await knownAt(FIRST_DAY + 28 * DAY_MS + 18 * 3_600_000);

    expect(await aRound()).toEqual(['live_scores']);

    const live = await liveRows(COLUMNS);
    expect(nightly.filter(([, , evidence]) => evidence === 'scored').length).toBeGreaterThan(10);
    expect(live).toEqual(nightly);
    const [[weeks, outcomes, models]] = (await liveRows('week, outcome, model'))
      .map(([week, outcome, model]) => [week, outcome, model])
      .reduce<Set<unknown>[][]>(
        ([sets], row) => [sets!.map((set, i) => set.add(row[i]))],
        [[new Set(), new Set(), new Set()]],
      ) as [[Set<unknown>, Set<unknown>, Set<unknown>]];
    expect([[...weeks], [...outcomes].sort(), [...models]]).toEqual([[4], ['score'], ['m']]);
  });

  it('compare two models on the weeks of the term that are over, of ten people or more', async () => {
    const records = await listModelRecords(lake.platform.ledger);
    const curated = Object.fromEntries(records.map(({ version }) => [version.table, version]));
    const champion = storedModel(1);
    const challenger = { ...champion, id: 'n' };
    const asOf = new Date(now).toISOString();
    const enrolments = 'campus.enrolments';
    const ungraded = `SELECT e.*, CAST(NULL AS varchar) AS final_grade FROM ${enrolments} e`;
    const graded = await test.engine.create(enrolments, ungraded, curated, 'graded');
    const tables = { ...staged, ...curated, [enrolments]: graded };
    const { running, labelled } = await compareModels(lake, tables, asOf, { champion, challenger });
    const people = await test.rows(
      `SELECT week, count(DISTINCT user_id) AS people, count(*) AS cases FROM ${SCORES}
       WHERE evidence = 'scored' AND week < 4 GROUP BY week ORDER BY week`,
      { [SCORES]: (await versionOf(SCORES))!.version },
    );
    const shown = people.filter(([, students]) => Number(students) >= 10);
    expect(running.map(({ week, cases }) => [week, cases])).toEqual(
      shown.map(([week, , cases]) => [Number(week), Number(cases)]),
    );
    for (const { apart, sameListed } of running) expect([apart, sameListed]).toEqual([0, expect.closeTo(1)]);
    expect(labelled).toEqual([]);
  });

  it('are made again for whom something has changed, and stay with their moment for the others', async () => {
    const before = await liveRows('user_id, course_id, feature_digest, to_unixtime(as_of) AS known');
    expect(await aRound()).toEqual([]);
    expect(await aRound(['canvas.users'])).toEqual([]);
    now += 20_000;
    // Canvas tells of a hand-in that it has delivered in no load yet.
    const [submission] = (await test.rows(
      `SELECT s.id, s.user_id, s.course_id FROM canvas.submissions s
       JOIN ${LIVE_SCORES} l ON l.user_id = s.user_id AND l.course_id = s.course_id
       WHERE s.submitted_at IS NULL AND l.evidence = 'scored'
         AND s.cached_due_date < from_iso8601_timestamp('${dateOf(20)}T00:00:00Z') AND NOT coalesce(s.excused, false)
         AND coalesce(s.late_policy_status, '') NOT IN ('none', 'extended')
       ORDER BY s.id LIMIT 1`,
      { ...staged, [LIVE_SCORES]: (await versionOf(LIVE_SCORES))!.version },
    )) as [[unknown, unknown, unknown]];
    const told = await test.engine.literalTable(
      'campus.live_submissions',
      [
        { name: 'source', type: 'varchar' },
        { name: 'submission_id', type: 'bigint' },
        { name: 'submitted_at', type: 'timestamp' },
        { name: 'score', type: 'double' },
      ],
      [['canvas', String(submission[0]), new Date(FIRST_DAY + 27 * DAY_MS).toISOString(), null]],
      'e1',
    );
    await writeModelRecord(lake.platform.ledger, { model: 'submissions_live', run: 'L9', version: told });

    expect(await aRound(['campus.live_submissions'])).toEqual(['live_scores']);

    const after = await liveRows('user_id, course_id, feature_digest, to_unixtime(as_of) AS known');
    const changed = after.filter((row, i) => JSON.stringify(row, text) !== JSON.stringify(before[i], text));
    expect(after).toHaveLength(before.length);
    // The student's own row, and those of the class whose medians it moves; nobody of another course.
    expect(changed.some(([user, course]) => user === submission[1] && course === submission[2])).toBe(true);
    expect(new Set(changed.map(([, course]) => course))).toEqual(new Set([submission[2]]));
    expect(changed.length).toBeLessThan(before.length);
  });

  it('hold nobody who opted out, and no risk in a course that a person holds', async () => {
    const { objects } = lake.platform;
    const [[student], [, course]] = (await liveRows('student_id, course_code', "evidence = 'scored'")) as [
      [string],
      [string, string],
    ];
    const record = { student, optedOut: new Date(now).toISOString(), corrections: [], contacts: [] };
    await writeStudent(objects, record, now);
    await decide(objects, {
      course,
      decision: 'hold',
      because: 'its marks move',
      at: new Date(now).toISOString(),
    });

    expect(await aRound()).toEqual(['live_scores']);

    expect(await liveRows('student_id', `student_id = '${student}'`)).toEqual([]);
    const held = await liveRows(
      'evidence, risk',
      `course_code = '${course}' AND evidence NOT LIKE 'nothing%'`,
    );
    expect(held.length).toBeGreaterThan(0);
    expect(new Set(held.map(([evidence, risk]) => `${evidence} ${risk}`))).toEqual(new Set(['on hold null']));
    await forgetStudent(objects, student);
    await forgetDecision(objects, course);
  });

  it('are made anew at night, and go with a model that is withdrawn', async () => {
    const at = (await liveRows('to_unixtime(scored_at) AS scored'))[0]!;
    now += DAY_MS;
    await knownAt(now);
    await earlyWarning.run({ run: 'r1' }, lake);
    expect((await versionOf(LIVE_SCORES))!.run).toBe('r1');
    expect((await liveRows('to_unixtime(scored_at) AS scored'))[0]).not.toEqual(at);
    await withdrawModel(lake.platform.objects);
    await earlyWarning.run({ run: 'r1' }, lake);
    expect(await versionOf(LIVE_SCORES)).toBeUndefined();
    expect(await aRound()).toEqual([]);
  });
});

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
