import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { type Found, night, registrar, TROUBLES, tryTrouble } from '../end-to-end/health-corpus.ts';
import { DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';

/** Set HEALTH_SEEDS for more moments of each trouble, HEALTH_SHARE for every nth of them alone. */
const SEEDS = Array.from({ length: Number(process.env.HEALTH_SEEDS ?? 2) }, (_, n) => n + 1);
const SHARE = Number(process.env.HEALTH_SHARE ?? 1);

const MODELS = [
  'students',
  'courses',
  'enrolments',
  'registrations',
  'terms',
  'sections',
  'sis_people',
  'programs',
  'submissions',
  'canvas_people',
];

/** Troubles of which the truth is known, on the real pipeline over simulated sources. */
describe('The causes of troubles', () => {
  let campus: SmallCampus;
  let sis: pg.Client;
  const found: Found[] = [];
  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 3 }), start, 'both', MODELS);
    sis = await registrar(campus);
    expect(await night(campus, 'base')).toEqual({ failures: [], incidents: [] });
    await campus.simulated.advanceTo(start + DAY);
  });
  afterAll(async () => {
    await sis.end();
    await campus.close();
  });

  const cases = TROUBLES.filter((_, i) => i % SHARE === 0).flatMap((trouble) =>
    SEEDS.map((seed) => ({ name: trouble.name, trouble, seed })),
  );
  it.each(cases)('$name, seed $seed', async ({ trouble, seed }) => {
    const one = await tryTrouble(campus, sis, trouble, seed);
    found.push(one);
    const { incidents, left, failures } = one;
    const seen = incidents.map(({ cause, scope }) => `${cause}|${scope.name}`);
    console.info(
      `${trouble.name}: ${seen.join(', ') || 'none'}; left ${left.map(({ cause }) => cause).join(', ') || 'none'}; ${failures.length} failures, ${failures[0] ?? ''}`,
    );
    // One cause is one incident, however many tables are late; a night with nothing wrong has none.
    expect(incidents.length).toBe(trouble.truth.length === 0 ? 0 : 1);
  });

  it('are found, and nothing else', () => {
    const troubled = found.filter(({ trouble }) => trouble.truth.length > 0);
    const isTrue = ({ trouble }: Found, cause: string, scope: string) =>
      trouble.truth.includes(cause) && (trouble.scope === undefined || trouble.scope === scope);
    const named = found.flatMap((one) =>
      one.incidents.map(({ cause, scope }) => isTrue(one, cause, scope.name)),
    );
    const right = named.filter(Boolean).length;
    const recalled = troubled.filter((one) =>
      one.incidents.some(({ cause, scope }) => isTrue(one, cause, scope.name)),
    ).length;
    const precision = named.length === 0 ? 1 : right / named.length;
    const recall = troubled.length === 0 ? 1 : recalled / troubled.length;
    const quiet = found.length - troubled.length;
    const over = troubled.filter(({ left, trouble }) => left.length === 0 || trouble.lasts).length;
    // An action that touches more than the incident's own tables would be a wrong one.
    const wrong = found.flatMap(({ incidents }) =>
      incidents.flatMap(({ tried, tables }) =>
        tried.filter(
          ({ state, repair, tables: touched }) =>
            state === 'applied' &&
            repair !== 'repair-damage' &&
            !touched.every((table) => tables.includes(table)),
        ),
      ),
    );
    console.info(
      `${found.length} nights, ${troubled.length} of them with a trouble of ${new Set(troubled.map(({ trouble }) => trouble.name)).size} kinds: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, ` +
        `${quiet} quiet nights, wrong actions ${wrong.length}; detected in the same run, over in the next one: ${over} of ${troubled.length}`,
    );
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(wrong).toEqual([]);
    expect(over).toBe(troubled.length);
  });
});
