import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../src/access/authorize.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { answer, DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';
import { asDashboard } from '../end-to-end/warehouse-dump.ts';

/** What leads to the list of students, and what reads it. */
const MODELS = [
  'activity_by_day',
  'activity_by_week',
  'advisor_list',
  'canvas_people',
  'courses',
  'enrolments',
  'first_semester_attention',
  'programs',
  'registrations',
  'sections',
  'sis_people',
  'students',
  'submissions',
  'terms',
];
const LIST =
  'SELECT student_id, concern, reasons, as_of FROM campus.first_semester_attention ORDER BY student_id';
const STATUSES = 'SELECT status, count(*) FROM campus.submissions GROUP BY status ORDER BY status';
const SUBMISSIONS = { what: 'table-not-found', when: { table: 'submissions', times: null } } as const;

/** A table of Canvas fails for a fortnight; nothing that people read may take old work for missing work. */
describe('A lake of which one table is old', () => {
  const start = currentTermWeek(8);
  let campus: SmallCampus;
  beforeAll(async () => {
    campus = await openSmallCampus(generateCollege({ students: 40, seed: 1 }), start, 'both', MODELS);
    expect((await campus.run('lake')).failures).toEqual([]);
  });
  afterAll(() => campus.close());

  const ask = (sql: string) => campus.look('lake', (platform) => answer(platform, sql));
  const published = () => campus.look('lake', async (platform) => (await readPublication(platform))!);
  /** The newest message on a run; the file keeps all of them, and those on incidents. */
  const told = async () => {
    const all = await readFile(join(campus.folder, 'lake', 'notification.txt'), 'utf8');
    const end = all.lastIndexOf('\nRun ');
    return all.slice(all.lastIndexOf(' ==\n', end), end);
  };

  it('gives the truth of the last moment at which all was known, and then of today', async () => {
    const [list, statuses] = [await ask(LIST), await ask(STATUSES)];
    expect(list.length).toBeGreaterThan(0);
    const before = await published();
    // Canvas keeps its log for a month: a lake that begins later never sees what this one has.
    expect((await campus.run('undisturbed')).failures).toEqual([]);
    await campus.simulated.advanceTo(start + 14 * DAY);
    campus.simulated.canvas!.faults.add(SUBMISSIONS);

    const { failures } = await campus.run('lake');

    expect(failures.map(({ about }) => about)).toEqual(['canvas.submissions']);
    // The list is the one of a fortnight ago, and says so; the work of the fortnight is not yet due in it.
    expect(await ask(LIST)).toEqual(list);
    expect(await ask(STATUSES)).toEqual(statuses);
    const { facts } = await published();
    const asOf = before.facts['canvas.submissions']!.asOf!;
    for (const table of ['canvas.submissions', 'campus.submissions', 'campus.advisor_list']) {
      expect([table, facts[table]!.asOf]).toEqual([table, asOf]);
    }
    expect(facts['canvas.enrollments']!.asOf).toBe(new Date(start + 14 * DAY).toISOString());
    expect(facts['campus.canvas_people']!.isStale).toBe(false);
    const text = await told();
    const day = asOf.slice(0, 16).replace('T', ' ');
    expect(text).toMatch(
      new RegExp(`canvas\\.submissions \\([^)]+\\): known up to ${day} UTC, its load failed`),
    );
    expect(text).toMatch(/campus\.first_semester_attention \(Advising\): known up to .*kept as it was/);
    expect(text).not.toMatch(/students? may need attention/);

    campus.simulated.canvas!.faults.clear();
    expect((await campus.run('lake')).failures).toEqual([]);
    const healed = [await ask(LIST), await ask(STATUSES)];
    expect((await campus.run('undisturbed')).failures).toEqual([]);
    const fresh = await campus.look('undisturbed', async (platform) => [
      await answer(platform, LIST),
      await answer(platform, STATUSES),
    ]);
    expect(healed).toEqual(fresh);
  });

  it('keeps what it has published, whatever the clock of the machine says', async () => {
    const runAt = async (days: number): Promise<RunOutcome> => {
      const loaded = await campus.open('lake');
      const clock = {
        now: () => Date.now() + days * DAY,
        sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      };
      const platform = await openLocalPlatform(loaded.campus, { clock, features: FEATURES });
      try {
        const events = openEvents();
        const lake = openLake({
          ...loaded,
          platform,
          session: PIPELINE,
          features: FEATURES,
          events,
          signal: new AbortController().signal,
        });
        return await runLake({ lake, events });
      } finally {
        await platform.close();
      }
    };
    const rows = await ask(STATUSES);
    for (const days of [0, -1, 40, 0, -40, 0]) {
      const { failures, record } = await runAt(days);

      expect([days, failures]).toEqual([days, []]);
      expect((await published()).id).toBe(record.run);
      expect(await ask(STATUSES)).toEqual(rows);
    }
  });

  it('shows a model no more whose file is gone, in the warehouse neither', async () => {
    await rm(join(campus.folder, 'models', 'advisor_list.sql'));
    await writeFile(join(campus.folder, 'models', 'torn.sql'), 'SELECT 1 AS one FROM');

    const { failures } = await campus.run('lake');

    expect(failures.map(({ about }) => about)).toEqual(['torn']);
    const { tables } = await published();
    expect(tables['campus.advisor_list']).toBeUndefined();
    expect(tables['campus.students']).toBeDefined();
    await expect(ask('SELECT count(*) FROM campus.advisor_list')).rejects.toThrow('campus.advisor_list');
    expect(await told()).toMatch(/torn: .*torn\.sql:1:/);
    const { campus: loaded } = await campus.open('lake');
    const served = await asDashboard(loaded, async (client) => {
      const { rows } = await client.query('SELECT table_name, why_late FROM mart.lake_tables');
      const { rows: shown } = await client.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'campus'",
      );
      return { listed: rows, shown: shown.map((row) => row.table_name) };
    });
    expect(served.shown).toContain('students');
    expect(served.shown).not.toContain('advisor_list');
    expect(served.listed).toContainEqual({ table_name: 'campus.students', why_late: null });
  });
});
