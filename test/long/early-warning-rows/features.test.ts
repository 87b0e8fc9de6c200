import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';
import type { TableSet } from '../../../src/ports/tables.ts';
import { randomOf } from '../../early-warning/problems.ts';
import { alteredAfter, tablesOf, type World, worlds } from '../../early-warning/worlds.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

const FEATURES = 'campus.early_warning_features';
/** One early and one late: what lies between them is future to the one and past to the other. */
const CUTS = [28, 56];

describe('The features', () => {
  let lake: TestLake;
  let text: string;
  let builds = 0;
  beforeAll(async () => {
    lake = await openTestLake();
    text = (await loadModels('models/early-warning')).find(({ table }) => table === FEATURES)!.text;
  });
  afterAll(() => lake.close());

  /** The features of each cut-off, a row as text. */
  async function featuresOf(all: readonly World[], cuts: readonly number[]): Promise<Map<number, string[]>> {
    const version = `v${builds++}`;
    const tables = await tablesOf(lake.engine, all, cuts, version);
    const features = await lake.engine.create(FEATURES, text, tables, version);
    const columns = features.columns.map(({ name }) => name);
    const rows = await lake.rows(
      `SELECT week, ${columns.join(', ')} FROM ${FEATURES} ORDER BY 1, course_id, user_id`,
      { [FEATURES]: features },
    );
    const shown = (cell: Cell) => (typeof cell === 'number' ? cell.toPrecision(12) : String(cell));
    const byDay = new Map(cuts.map((cut) => [cut, [] as string[]]));
    for (const [week, ...cells] of rows) byDay.get(7 * Number(week))!.push(cells.map(shown).join('|'));
    return byDay;
  }

  it('are the same whatever happens after the cut-off: hand-ins, scores, departures, newcomers', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.integer({ min: 1, max: 1_000_000 }), async (all, seed) => {
        const before = await featuresOf(all, CUTS);
        const random = randomOf(seed);
        const altered = all.map((world) => alteredAfter(world, CUTS[0]!, random));
        const after = await featuresOf(altered, CUTS);
        expect(after.get(28)).toEqual(before.get(28));
        // The test would notice: what is future to the first cut-off is past to the second.
        expect(after.get(56)).not.toEqual(before.get(56));
      }),
      // Each run has scores of courses, every one a world of its own.
      { numRuns: 1, endOnFailure: true },
    );
  });

  it('of a course that runs in two terms at once are those of each term alone', async () => {
    const [all] = fc.sample(worlds, { seed: 4, numRuns: 1 });
    const one = await tablesOf(lake.engine, all!, CUTS, 'term');
    const inBoth = async (table: string) => {
      const columns = one[table]!.columns.map(({ name }) => name);
      const other = columns.map((name) => (name === 'term_code' ? `term_code || '-B' AS term_code` : name));
      const both = `SELECT ${columns.join(', ')} FROM ${table} UNION ALL SELECT ${other.join(', ')} FROM ${table}`;
      return { [table]: await lake.engine.create(table, both, one, 'terms') };
    };
    const two = {
      ...one,
      ...(await inBoth('campus.enrolments')),
      ...(await inBoth('campus.early_warning_cutoffs')),
    };
    const rowsOf = async (tables: TableSet, version: string, where: string) => {
      const features = await lake.engine.create(FEATURES, text, tables, version);
      // The term, and whether it is the student's first, are all that differs.
      const columns = features.columns
        .map(({ name }) => name)
        .filter((name) => !/term_code|is_first/.test(name));
      return lake.rows(
        `SELECT ${columns.join(', ')} FROM ${FEATURES} WHERE ${where} ORDER BY week, course_id, user_id`,
        { [FEATURES]: features },
      );
    };

    const alone = await rowsOf(one, 'alone', 'true');

    expect(alone.length).toBeGreaterThan(10);
    expect(await rowsOf(two, 'first', "term_code NOT LIKE '%-B'")).toEqual(alone);
    expect(await rowsOf(two, 'second', "term_code LIKE '%-B'")).toEqual(alone);
  });

  it('tell of one student what a person would count', async () => {
    const never = { handedIn: -100, posted: -100, score: 0 };
    const diligent = { handedIn: 10, posted: 12, score: 18 };
    const world: World = {
      pieces: [
        { due: 10, quiz: false, weight: 30 },
        { due: 14, quiz: true, weight: 10 },
        { due: 20, quiz: false, weight: 30 },
        { due: 25, quiz: false, weight: 10 },
        { due: 60, quiz: false, weight: 30 },
      ],
      seats: [
        // Late with the first, nothing after; the score of the first is out.
        {
          registered: -9,
          left: -100,
          work: [{ handedIn: 13, posted: 15, score: 9 }, never, never, never, never],
        },
        ...[1, 2].map(() => ({
          registered: -9,
          left: -100,
          work: [diligent, diligent, { ...diligent, handedIn: 20 }, { ...diligent, handedIn: 25 }, never],
        })),
        { registered: -9, left: -100, work: [never, never, never, never, never] },
        // Gone at the end of the day that is looked at; and come after it.
        { registered: -9, left: 28, work: [diligent, diligent, diligent, diligent, never] },
        { registered: 29, left: -100, work: [diligent, diligent, diligent, diligent, never] },
      ],
    };
    const tables = await tablesOf(lake.engine, [world], [28], 'one');
    const features = await lake.engine.create(FEATURES, text, tables, 'one');
    const rows = await lake.rows(
      `SELECT user_id, evidence, due, missing, is_last_missing, just_due, just_due_open, handed_in, late, timed,
         missing_share, open_share, scores_below_class, days_behind_class, silence_beyond_class, late_share
       FROM ${FEATURES} ORDER BY user_id`,
      { [FEATURES]: features },
    );
    expect(rows).toEqual([
      // Due for a week: three pieces, of which two are missing; due since: one. Class medians: 18 points of 20 and
      // the day it was due for the first piece, three days without a hand-in. 45 points of 100 below the median are
      // one spread of the class (45 and 90 are its quartiles).
      [100n, 'scored', 3n, 2n, true, 1n, 1n, 1n, 1n, 1n, 2 / 3, 1, 1, 3, 12, 1],
      [101n, 'scored', 3n, 0n, false, 1n, 0n, 4n, 0n, 3n, 0, 0, 0, 0, 0, 0],
      [102n, 'scored', 3n, 0n, false, 1n, 0n, 4n, 0n, 3n, 0, 0, 0, 0, 0, 0],
      [103n, 'nothing handed in', 3n, 3n, true, 1n, 1n, 0n, 0n, 0n, 1, 1, 0, 0, 25, 0],
    ]);
  });
});
