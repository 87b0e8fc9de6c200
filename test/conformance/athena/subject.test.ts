import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { eraseSubject } from '../../../src/app/subject/erase-subject.ts';
import { holdSubject, releaseHold, verifyRegister } from '../../../src/app/subject/hold-subject.ts';
import { planErasure } from '../../../src/app/subject/plan-erasure.ts';
import { reportSubject, type SubjectReport } from '../../../src/app/subject/report-subject.ts';
import { LakeError } from '../../../src/errors.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { textsOf } from '../../../src/platform/aws/scan/deployed-texts.ts';
import { scanLake } from '../../../src/platform/local/scan/scan-lake.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { requestReload } from '../../../src/staging/reload.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';
import { type AthenaHome, startAthenaHome } from './athena-home.ts';
import { athenaPlatform } from './athena-platform.ts';
import { objectsWith } from './decoded-buckets.ts';

/** Calls by which something changes, and the how manieth of each breaks off. */
const BREAKS = [
  ['eraser', 'rewriteVersion', 2],
  ['eraser', 'countReplaced', 1],
] as const;

/** The lake, in which one call of its platform breaks off. */
function breaking(lake: Lake, part: 'eraser' | 'engine', call: string, at: number): Lake {
  let calls = 0;
  const broken = new Proxy(lake.platform[part]!, {
    get(target, name) {
      const own = Reflect.get(target, name) as unknown;
      if (typeof own !== 'function') return own;
      return (...given: unknown[]) => {
        calls += name === call ? 1 : 0;
        if (name === call && calls >= at) throw new LakeError('it breaks off here');
        return own.apply(target, given) as unknown;
      };
    },
  });
  return { ...lake, platform: { ...lake.platform, [part]: broken } };
}

/** The same nights in a lake on one machine and in one on AWS, through Athena's statements on a real Trino. */
describe('one person in a lake on AWS', () => {
  let campus: SmallCampus;
  let home: AthenaHome;
  let student: string;
  let user: string;
  /** Texts by which the person would be known. */
  let known: string[];
  const start = currentTermWeek(5);
  const nights = 2;

  const onAws = <T>(work: (lake: Lake) => Promise<T>): Promise<T> =>
    campus.look('aws', (local, loaded) => {
      const given = {
        ...loaded,
        platform: athenaPlatform(local, home),
        session: PIPELINE,
        features: FEATURES,
        events: openEvents(),
        signal: new AbortController().signal,
      };
      return work(openLake(given));
    });

  const night = async (n: number) => {
    await campus.simulated.advanceTo(start + n * DAY);
    const { failures } = await onAws((lake) => runLake({ lake, events: openEvents() }));
    expect(failures).toEqual([]);
  };

  beforeAll(async () => {
    campus = await openSmallCampus(generateCollege({ students: 10, seed: 7 }), start, 'both', CORE_MODELS);
    home = await startAthenaHome(['canvas', 'canvas_logs', 'sis', 'campus', 'ops'], { versioned: true });
    for (let n = 0; n < nights; n++) {
      await night(n);
      await campus.run('local');
    }
    const [found] = await campus.look('local', (platform) =>
      answer(
        platform,
        'SELECT student_id, canvas_user_id FROM campus.students WHERE canvas_user_id IS NOT NULL ORDER BY 1',
      ),
    );
    [student, user] = found as [string, string];
  });
  afterAll(async () => {
    await home?.stop();
    await campus?.close();
  });

  it('is reported with the same rows as on one machine, in tables and in the files of the sources', async () => {
    const there = await onAws((lake) => reportSubject(lake, student));
    const here = await campus.look('local', (platform, loaded) =>
      reportSubject(
        openLake({
          ...loaded,
          platform,
          session: PIPELINE,
          features: FEATURES,
          events: openEvents(),
          signal: new AbortController().signal,
        }),
        student,
      ),
    );

    const counted = ({ tables, raw, numbers }: SubjectReport) => ({
      numbers,
      tables: tables.map(({ table, rows }) => [table, rows.length]),
      raw: raw?.map(({ table, records }) => [table, records]),
    });
    expect(counted(there)).toEqual(counted(here));
    expect(there.raw!.length).toBeGreaterThan(5);
    expect(there.numbers.flatMap(({ values }) => values)).toEqual(expect.arrayContaining([student, user]));
  });

  /** `lake privacy scan --target aws`, of the parts that are emulated here. */
  const scan = () => {
    const { files } = textsOf(home.places, [], { s3: home.s3, glue: home.glue, dynamo: undefined as never });
    return scanLake({
      root: '/nowhere',
      source: { files, async *texts() {} },
      planted: [{ value: student }],
    });
  };

  it('is not erased while a hold stands', async () => {
    await onAws(async (lake) => {
      await holdSubject(lake, { student: `canvas:${user}`, hold: 'H-1', reason: 'an appeal is open' });
      await expect(eraseSubject(lake, { student, request: 'R-1' }, openEvents())).rejects.toThrow('hold H-1');
      await releaseHold(lake, 'H-1');
    });
  });

  it('ends erased, though the erasure breaks off on its way, and in the search at its end', async () => {
    known = [student, ...['user_id', 'canvas_user_id', 'person_user_id'].map((name) => `"${name}":${user}`)];
    const before = await objectsWith(home.s3, Object.values(home.places.buckets), known);
    expect(before.found.length).toBeGreaterThan(10);
    expect((await scan()).found.length).toBeGreaterThan(10);
    // Each time it gets further: the breaks are of the calls by which something is changed.
    for (const [part, call, at] of BREAKS) {
      const broken = onAws((lake) =>
        eraseSubject(breaking(lake, part, call, at), { student, request: 'R-1' }, openEvents()),
      );
      await expect(broken, `${part}.${call}`).rejects.toThrow();
    }
    const certificate = await onAws((lake) => eraseSubject(lake, { student, request: 'R-1' }, openEvents()));
    expect(certificate.found.length).toBeGreaterThan(10);
    expect(certificate.verified.map(({ zone }) => zone)).toEqual(
      expect.arrayContaining(['raw', 'staged', 'versions']),
    );
    expect(JSON.stringify(certificate)).not.toContain(student);
    expect((await onAws(verifyRegister)).certificates).toHaveLength(1);
  });

  const isGone = async () => {
    const { found, versions } = await objectsWith(home.s3, Object.values(home.places.buckets), known);
    expect(found).toEqual([]);
    expect(versions).toBeGreaterThan(50);
    const scanned = await scan();
    expect([scanned.found, scanned.undecoded]).toEqual([[], []]);
    expect(scanned.files).toBe(versions);
  };

  it('is in no object of the buckets, in no version of it, decoded', isGone);

  it.each([
    [2, 'the next night', []],
    [3, 'a night that stages loads again from the raw files', ['canvas.enrollments', 'canvas.users']],
  ])('is not brought back by night %i: %s', async (n, _, reloaded) => {
    if (reloaded.length > 0) await onAws((lake) => requestReload(lake, reloaded, { from: 'raw' }));
    await night(n);
    const isIn = await onAws(({ platform }) =>
      answer(platform, `SELECT count(*) FROM sis.registrar_students WHERE student_id = '${student}'`),
    );
    expect(isIn).toEqual([['0']]);
    await isGone();
  });

  it('is nobody to the lake any more', async () => {
    const again = onAws((lake) => planErasure(lake, { student, request: 'R-2' }));
    await expect(again).rejects.toThrow('Nothing in the lake');
  });
});
