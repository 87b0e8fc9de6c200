import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/health/incidents/incident.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { troubles } from '../end-to-end/health-corpus/corpus.ts';
import { type Network, openNetwork } from '../end-to-end/health-corpus/network.ts';
import { type Found, night, registrar, setClock, tryTrouble } from '../end-to-end/health-corpus/nights.ts';
import type { Cause } from '../end-to-end/health-corpus/trouble.ts';
import { CORE_MODELS, DAY, openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';

/**
 * HEALTH_SEEDS: how many moments of each trouble, or which (`5-7`). HEALTH_SHARE: every nth trouble alone. HEALTH_ONLY:
 * troubles whose names hold one of these, by commas. HEALTH_COLLEGE: the seed of another college.
 */
const SEEDS = seedsOf(process.env.HEALTH_SEEDS ?? '2');
const SHARE = Number(process.env.HEALTH_SHARE ?? 1);
const ONLY = (process.env.HEALTH_ONLY ?? '').split(',');
const COLLEGE = Number(process.env.HEALTH_COLLEGE ?? 3);

function seedsOf(text: string): number[] {
  const [from, to] = text.includes('-') ? text.split('-').map(Number) : [1, Number(text)];
  return Array.from({ length: to! - from! + 1 }, (_, n) => from! + n);
}

const canMount = process.getuid?.() === 0 && process.platform === 'linux';

/** Troubles of which the truth is known, on the real pipeline over simulated sources. */
describe('The causes of troubles', () => {
  let campus: SmallCampus;
  let network: Network;
  let sis: pg.Client;
  const start = currentTermWeek(5);
  const found: Found[] = [];
  beforeAll(async () => {
    const college = generateCollege({ students: 12, seed: COLLEGE });
    campus = await openSmallCampus(college, start, 'both', CORE_MODELS, () => ({
      host: network?.host,
      port: network?.port,
    }));
    network = await openNetwork(campus.simulated.sis!);
    sis = await registrar(campus);
    await setClock(sis, start);
    expect(await night(campus, 'base', start)).toMatchObject({ failures: [], incidents: [] });
  });
  afterAll(async () => {
    await sis.end();
    await network.close();
    await campus.close();
  });

  const cases = SEEDS.flatMap((seed) =>
    troubles(seed)
      .filter((_, i) => i % SHARE === 0)
      .filter(({ name, mounts }) => ONLY.some((part) => name.includes(part)) && (canMount || !mounts))
      .map((trouble) => ({ name: trouble.name, trouble, seed })),
  ).sort((a, b) => (a.trouble.days ?? 1) - (b.trouble.days ?? 1));
  it.each(cases)('$name, seed $seed', async ({ trouble, seed }) => {
    await campus.simulated.advanceTo(start + (trouble.days ?? 1) * DAY);
    const one = await tryTrouble({ campus, sis, network }, trouble, seed);
    found.push(one);
    const { incidents, left, failures } = one;
    const seen = incidents.map(({ cause, scope }) => `${cause}|${scope.name}`);
    const isRight = incidents.length === trouble.truth.length && named(one).every(Boolean);
    console.info(
      `${isRight ? 'right' : 'WRONG'} ${trouble.name}, seed ${seed}: ${seen.join(', ') || 'none'}; left ${left.map(({ cause }) => cause).join(', ') || 'none'}; ${failures.length} failures, ${failures.slice(0, 2).join('; ')}`,
    );
    // One cause is one incident, however many tables are late; a night with nothing wrong has none.
    expect(incidents.length).toBe(trouble.truth.length);
  });

  it('are found, and nothing else', () => {
    const troubled = found.filter(({ trouble }) => trouble.truth.length > 0);
    const claims = found.flatMap(named);
    const right = claims.filter(Boolean).length;
    const causes = troubled.flatMap((one) => one.trouble.truth.map((truth) => ({ one, truth })));
    const recalled = causes.filter(({ one, truth }) => one.incidents.some((incident) => is(truth, incident)));
    const precision = claims.length === 0 ? 1 : right / claims.length;
    const recall = causes.length === 0 ? 1 : recalled.length / causes.length;
    const over = troubled.filter(({ left, trouble }) => left.length === 0 || trouble.lasts);
    const wrong = found.flatMap(wrongActions);
    const kinds = new Set(troubled.map(({ trouble }) => trouble.name)).size;
    const minutes = (of: (incident: Incident) => number) =>
      middle(troubled.flatMap(({ all }) => all.map(of)).filter((ms) => !Number.isNaN(ms))) / 60_000;
    const detected = minutes(({ openedAt, lastSeenAt }) => Date.parse(lastSeenAt) - Date.parse(openedAt));
    const repaired = minutes(
      ({ openedAt, resolved }) => Date.parse(resolved?.at ?? '') - Date.parse(openedAt),
    );
    console.info(
      `${found.length} nights, ${troubled.length} of them with a trouble of ${kinds} kinds: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, ` +
        `${found.length - troubled.length} quiet nights, wrong actions ${wrong.length}; detected in the same run, ${detected.toFixed(1)} min after it began (median); ` +
        `over after the next run, ${repaired.toFixed(0)} min after it began (median): ${over.length} of ${troubled.length}`,
    );
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(wrong).toEqual([]);
    expect(over.length).toBe(troubled.length);
  });
});

const is = ({ anyOf, scope }: Cause, incident: Incident): boolean =>
  anyOf.includes(incident.cause) && (scope === undefined || scope === incident.scope.name);

/** Of each incident of a night, whether it tells the truth. */
const named = ({ incidents, trouble }: Found): boolean[] =>
  incidents.map((incident) => trouble.truth.some((truth) => is(truth, incident)));

/** What the lake did alone for a cause that was none, or to tables that are not the incident's. */
function wrongActions({ all, trouble }: Found) {
  return all.flatMap((incident) => {
    const isTrue = trouble.truth.some((truth) => is(truth, incident));
    return incident.tried
      .filter(({ automatic, state }) => automatic && state !== 'proposed')
      .filter(({ tables, repair }) => {
        const isOwn = repair === 'repair-damage' || tables.every((table) => incident.tables.includes(table));
        // A run more changes nothing that the next night would not change.
        return !isOwn && repair !== 'run-again' ? true : !isTrue && repair !== 'run-again';
      })
      .map(({ repair, tables }) => ({ trouble: trouble.name, cause: incident.cause, repair, tables }));
  });
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
