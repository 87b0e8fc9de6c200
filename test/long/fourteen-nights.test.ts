import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMap, isSeq, type YAMLMap } from 'yaml';
import { LISTED } from '../../src/notify/bounded-summary.ts';
import { readPublication, retainedPublications } from '../../src/pipeline/publication.ts';
import { staleTables } from '../../src/pipeline/stale-tables.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { type NightLake, openNightLake, type Seen } from '../end-to-end/nights.ts';
import { difference, inventedIdleness, type Row, recordsOf } from '../end-to-end/seen-tables.ts';
import { DAY, openSmallCampus, ROOT, type SmallCampus } from '../end-to-end/small-campus.ts';
import { type Placed, schedule, type Trouble } from '../end-to-end/troubles.ts';
import { warehouseDump } from '../end-to-end/warehouse-dump.ts';

/** Decides which tables fail in which nights. */
const SEED = Number(process.env.NIGHTS_SEED ?? 1);
const NIGHTS = 14;
/** Nobody listens here. */
const CLOSED_PORT = 24_001;
/** In this night a person decides that a column stays behind, in both lakes. */
const RECLASSIFIED = { night: 6, dataset: 'canvas.enrollments', column: 'total_activity_time' };

/** When something happened, by the models that are built as of an older moment: never later than that moment. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  'campus.submissions': ['submitted_at', 'graded_at', 'posted_at'],
  'campus.enrolments': ['registered_at', 'created_at', 'withdrawn_on'],
  'campus.registrations': ['registered_at', 'status_date'],
  'campus.grades': ['posted_at'],
  'campus.activity_by_day': ['day'],
  'campus.student_course_weeks': ['week'],
};

/** What may be held against somebody, or have happened, only where it was so at that moment. */
const AGAINST: Readonly<Record<string, { key: readonly string[]; which?: (row: Row) => boolean }>> = {
  'campus.submissions': { key: ['user_id', 'assignment_id'], which: ({ status }) => status === 'missing' },
  'campus.first_semester_attention': { key: ['student_id'] },
  'campus.advisor_list': { key: ['student_id'] },
  'campus.activity_by_day': { key: ['user_id', 'course_id', 'day'] },
  'campus.student_course_weeks': { key: ['user_id', 'course_id', 'week'] },
};

const HOUR = 3_600_000;
const MODELS = readdirSync(join(ROOT, 'models'))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.slice(0, -'.sql'.length));

const PLAN = schedule(SEED, NIGHTS);
const during = (night: number): Placed[] =>
  PLAN.filter(({ from, nights }) => from <= night && night < from + nights);
const told = PLAN.map(
  ({ what, from, nights }) => `${from}${nights > 1 ? `-${from + nights - 1}` : ''}: ${what}`,
);

/**
 * Two lakes over the same sources: one is left alone, the other is disturbed in almost every night. Whatever the second
 * one shows is what the first showed at the moment that the table names.
 */
describe(`Fourteen nights (NIGHTS_SEED=${SEED})`, () => {
  const start = currentTermWeek(6);
  let campus: SmallCampus;
  let calm: NightLake;
  let tried: NightLake;
  let registrar: pg.Client;
  /** What the undisturbed lake showed, oldest first. */
  const history: Seen[] = [];
  let last: Seen;

  beforeAll(async () => {
    console.info(told.join('\n'));
    campus = await openSmallCampus(generateCollege({ students: 30, seed: SEED }), start, 'both', MODELS);
    [calm, tried] = [await openNightLake(campus, 'calm'), await openNightLake(campus, 'tried')];
    const { host, port, database, owner } = campus.simulated.sis!;
    registrar = new pg.Client({ host, port, database, ...owner });
    registrar.on('error', () => undefined);
    await registrar.connect();
    await undisturbedRun(start);
    expect((await tried.run({ at: start })).failures).toEqual([]);
    last = await tried.see(start);
    expect(complaints(last)).toEqual([]);
  });
  afterAll(async () => {
    await registrar?.end();
    await campus?.close();
  });

  async function undisturbedRun(at: number): Promise<void> {
    await campus.simulated.advanceTo(at);
    expect((await calm.run({ at })).failures).toEqual([]);
    history.push(await calm.see(at));
  }

  /** What the undisturbed lake showed at that instant of the sources; undefined where there was no run by then. */
  function calmAt(instant: string | undefined): Seen | undefined {
    const time = Date.parse(instant ?? '');
    // The lake's clock passes minutes while a run waits; the next run is hours away.
    return history.findLast(({ at }) => at <= time + 10 * 60_000 && time < at + 6 * HOUR);
  }

  /** What a table that is published is wrong in; empty where it is the truth of the moment that it names. */
  function complaints(seen: Seen, before?: Seen, failed: readonly string[] = []): string[] {
    const now = history.at(-1)!;
    const { publication } = seen;
    const found: string[] = [];
    for (const [table, { columns }] of Object.entries(now.tables)) {
      const shown = seen.tables[table];
      const facts = publication.facts[table];
      if (!shown || !facts) {
        if (!failed.some((about) => `campus.${about}` === table || about === table))
          found.push(`${table} is not shown, and nothing says why`);
        continue;
      }
      if (!isDeepStrictEqual(shown.columns, columns)) found.push(`${table} has other columns`);
      const then = calmAt(facts.modelAsOf ?? facts.asOf);
      if (!then) {
        found.push(`${table} is as of ${facts.asOf}, when nothing was loaded`);
        continue;
      }
      if (then !== now && facts.whyOld === undefined) found.push(`${table} is old, and nothing says why`);
      const isKept = table.startsWith('campus.') && facts.run !== publication.run;
      if (isKept) {
        if (facts.asOf !== before?.publication.facts[table]?.asOf)
          found.push(`${table} is kept, and as of another time`);
        found.push(...difference(`${table}, kept,`, shown, before?.tables[table]));
      } else if (isMixed(publication.facts, table)) {
        found.push(...leaks(seen, table, then));
      } else found.push(...difference(`${table} as of ${facts.asOf}`, shown, then.tables[table]));
    }
    return found;
  }

  /** Whether a model was built of tables of which some are newer than the instant as of which it is. */
  function isMixed(facts: Seen['publication']['facts'], table: string): boolean {
    const { asOf, sources = [] } = facts[table]!;
    return sources.some((source) => calmAt(facts[source]?.modelAsOf ?? facts[source]?.asOf) !== calmAt(asOf));
  }

  /** What a night does to the disturbed lake, and afterwards undoes. */
  async function disturbed(night: number): Promise<void> {
    const { faults, forgetJobs } = campus.simulated.canvas!;
    const troubles = during(night);
    for (const { canvas, off, from, sis } of troubles) {
      if (canvas) {
        const { what, table } = canvas;
        faults.add({ what, when: { times: null, ...(table ? { table } : {}) } });
      }
      if (off !== undefined && from === night) await tried.edit(off, (entry) => entry.set('load', 'off'));
      if (sis) await disturb(sis);
    }
    for (const { off, from, nights } of PLAN) {
      if (off !== undefined && from + nights === night)
        await tried.edit(off, (entry) => entry.delete('load'));
    }
    const struck = faults.struck.length;
    const at = history.at(-1)!.at;
    const how: Trouble['run'] = Object.assign({}, ...troubles.map(({ run }) => run));
    const sisPort = troubles.some(({ sisDown }) => sisDown) ? { sisPort: CLOSED_PORT } : {};
    const outcome = await tried.run({ at, ...how, ...sisPort });
    for (const { sis } of troubles) if (sis) await restore(sis);
    if (troubles.some(({ canvas }) => canvas)) expect(faults.struck.length).toBeGreaterThan(struck);
    faults.clear();
    forgetJobs();

    const before = last;
    last = await tried.see(at);
    const failed = outcome.failures.map(({ about }) => about);
    expect(complaints(last, before, failed)).toEqual([]);
    if (troubles.length === 0) expect(failed).toEqual([]);
    expect(outcome.continued).toBe(how?.stopAfter !== undefined);
    await expectToldOf(troubles, failed);
  }

  /** Every table that is late is said to be, in the publication and in the message to the team. */
  async function expectToldOf(troubles: readonly Placed[], failed: readonly string[]): Promise<void> {
    const { facts } = last.publication;
    const message = await tried.message();
    const groups = staleTables(last.publication);
    const late = groups.flatMap(({ tables }) => tables);
    if (late.length > 0) expect(message).toContain(`What is older (${late.length})`);
    for (const { tables } of groups.slice(0, LISTED.stale)) expect(message).toContain(tables[0]);
    const all = Object.keys(facts);
    for (const { what, canvas, sis, sisDown, off } of troubles) {
      const whole = sisDown ? 'sis.' : canvas && !canvas.table ? 'canvas.' : undefined;
      const tables = whole
        ? all.filter((table) => table.startsWith(whole))
        : [off, canvas && `canvas.${canvas.table}`, sis && `sis.registrar_${sis.table}`].filter(
            (table) => table !== undefined,
          );
      for (const table of tables) expect([what, table, late.includes(table)]).toEqual([what, table, true]);
      if (!whole && off === undefined) for (const table of tables) expect(failed).toContain(table);
    }
  }

  /** What a model shows that was not so, or not known, at the moment as of which it is. */
  function leaks(seen: Seen, table: string, then: Seen): string[] {
    const asOf = seen.publication.facts[table]!.asOf!.replace('T', ' ').slice(0, -1);
    const [shown, truth] = [recordsOf(seen.tables[table]!), recordsOf(then.tables[table]!)];
    const found: string[] = [];
    if (table === 'campus.student_course_weeks') found.push(...inventedIdleness(seen, then));
    for (const column of EVENTS[table] ?? []) {
      expect(seen.tables[table]!.columns.map(({ name }) => name)).toContain(column);
      const later = shown.filter((row) => row[column]! !== '∅' && row[column]! > asOf);
      if (later.length > 0) found.push(`${table} as of ${asOf}: ${column} is later in ${later.length} rows`);
    }
    const { which = () => true, key } = AGAINST[table] ?? {};
    if (!key) return found;
    const of = (rows: typeof shown) =>
      rows.filter(which).map((row) => key.map((name) => row[name]).join('|'));
    const known = new Set(of(truth));
    const unknown = of(shown).filter((one) => !known.has(one));
    if (unknown.length > 0)
      found.push(`${table} as of ${asOf}: ${unknown.length} rows are not the truth of then`);
    return found;
  }

  async function disturb({ how, table }: NonNullable<Trouble['sis']>): Promise<void> {
    if (how === 'locked')
      await registrar.query(`BEGIN; LOCK TABLE registrar.${table} IN ACCESS EXCLUSIVE MODE`);
    else await registrar.query(`ALTER TABLE registrar.${table} RENAME TO ${table}_away`);
    if (how === 'emptied') {
      await registrar.query(`CREATE TABLE registrar.${table} (LIKE registrar.${table}_away INCLUDING ALL)`);
      await registrar.query(`GRANT SELECT ON registrar.${table} TO ${campus.simulated.sis!.user}`);
    }
  }

  async function restore({ how, table }: NonNullable<Trouble['sis']>): Promise<void> {
    if (how === 'locked') return void (await registrar.query('ROLLBACK'));
    if (how === 'emptied') await registrar.query(`DROP TABLE registrar.${table}`);
    await registrar.query(`ALTER TABLE registrar.${table}_away RENAME TO ${table}`);
  }

  /** Nor do the older publications show what is excluded, whatever failed in that night. */
  async function expectLeftBehind(): Promise<void> {
    const columns = await tried.look(async (platform) => {
      const { kept } = await retainedPublications(platform);
      const publications = await Promise.all(kept.map((id) => readPublication(platform, id)));
      return publications.flatMap((one) => one?.tables[RECLASSIFIED.dataset]?.columns ?? []);
    });
    expect(columns.map(({ name }) => name)).not.toContain(RECLASSIFIED.column);
  }

  it.each(Array.from({ length: NIGHTS }, (_, n) => n + 1))('night %i', async (night) => {
    if (night === RECLASSIFIED.night) {
      for (const lake of [calm, tried]) await lake.edit(RECLASSIFIED.dataset, leaveBehind);
    }
    await undisturbedRun(start + night * DAY);
    await disturbed(night);
    if (night === RECLASSIFIED.night) await expectLeftBehind();
    if (during(night).some(({ twice }) => twice)) {
      await undisturbedRun(start + night * DAY + 8 * HOUR);
      await disturbed(night);
    }
  });

  it('ends as the lake that was never disturbed, its warehouse too', async () => {
    expect(staleTables(last.publication)).toEqual([]);
    expect(last.tables).toEqual(history.at(-1)!.tables);
    const [left, right] = [await tried.load(), await calm.load()];
    expect(await warehouseDump(left.campus)).toEqual(await warehouseDump(right.campus));
  });
});

function leaveBehind(entry: YAMLMap): void {
  const columns = entry.get('columns');
  const column = isSeq(columns)
    ? columns.items.find((item) => isMap(item) && item.get('name') === RECLASSIFIED.column)
    : undefined;
  if (!isMap(column)) throw new Error(`${RECLASSIFIED.dataset} has no ${RECLASSIFIED.column}`);
  column.set('privacy', 'secret');
}
