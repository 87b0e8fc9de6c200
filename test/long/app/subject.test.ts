import { spawn } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { eraseSubject } from '../../../src/app/subject/erase-subject.ts';
import { holdSubject, releaseHold, verifyRegister } from '../../../src/app/subject/hold-subject.ts';
import { planErasure } from '../../../src/app/subject/plan-erasure.ts';
import { reportSubject } from '../../../src/app/subject/report-subject.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { requestReload } from '../../../src/staging/reload.ts';
import { collegeWithout } from '../../end-to-end/college-without.ts';
import { filesWith } from '../../end-to-end/decoded.ts';
import { type EndState, endState } from '../../end-to-end/kill.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  ROOT,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';

/** Set SUBJECT_SEEDS and SUBJECT_KILLS for more histories, and more kills in each erasure. */
const SEEDS = Number(process.env.SUBJECT_SEEDS ?? 4);
const KILLS = Number(process.env.SUBJECT_KILLS ?? 6);

/** With what they read: tables that are merged, tables that are copied whole, web logs, rows that hang on others. */
const MODELS = [...CORE_MODELS, 'activity_by_day', 'grades'];

const histories = fc.sample(
  fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    nights: fc.integer({ min: 1, max: 3 }),
    who: fc.nat(),
    kills: fc.array(fc.noBias(fc.integer({ min: 1_500, max: 40_000 })), {
      minLength: KILLS,
      maxLength: KILLS,
    }),
  }),
  { numRuns: SEEDS, seed: Number(process.env.SUBJECT_SEED ?? 1) },
);

/** `lake subject erase` in a process of its own. @param killAfterMs default: never @returns its exit code, null if killed */
async function erase(file: string, student: string, killAfterMs?: number): Promise<number | null> {
  const words = ['subject', 'erase', '--student', student, '--request', 'R-1', '--confirm', '--campus', file];
  const child = spawn(process.execPath, [join(ROOT, 'bin/lake.mjs'), ...words], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  return code;
}

async function inLake<T>(
  campus: SmallCampus,
  lakeFolder: string,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  return campus.look(lakeFolder, (platform, loaded) => {
    const { signal } = new AbortController();
    const given = {
      ...loaded,
      platform,
      session: PIPELINE,
      features: FEATURES,
      events: openEvents(),
      signal,
    };
    return work(openLake(given));
  });
}

describe.each(histories)(
  'one person is erased after $nights nights of college $seed',
  ({ seed, nights, who, kills }) => {
    let campus: SmallCampus;
    /** The same nights of a college in which the person has never been. */
    let without: SmallCampus;
    let student: string;
    let user: string;
    /** Texts by which the person would be known. */
    let known: string[];
    let wanted: EndState;
    const start = currentTermWeek(4);

    const night = async (which: SmallCampus, lakeFolder: string, n: number) => {
      // Both databases are asked with the password that stands in one variable.
      process.env.SIS_PASSWORD = which.simulated.sis!.password;
      await which.simulated.advanceTo(start + n * DAY);
      const { record, failures } = await which.run(lakeFolder);
      expect([record.status, failures.map(({ message }) => message)]).toEqual(['succeeded', []]);
    };

    /** What became of the accesses of a channel, in order. */
    const accessesOf = (channel: string): Promise<unknown[]> =>
      inLake(campus, 'lake', async ({ platform }) =>
        (await platform.ledger.rows('access'))
          .filter((row) => row.channel === channel)
          .map(({ outcome }) => outcome),
      );

    beforeAll(async () => {
      const college = generateCollege({ students: 10, seed });
      campus = await openSmallCampus(college, start, 'both', MODELS);
      for (let n = 0; n < nights; n++) await night(campus, 'lake', n);
      const people = await campus.look('lake', (platform) =>
        answer(
          platform,
          'SELECT student_id, canvas_user_id FROM campus.students WHERE canvas_user_id IS NOT NULL ORDER BY 1',
        ),
      );
      const [number, found] = people[who % people.length]!;
      student = number!;
      user = found!;
      const logins = await campus.look('lake', (platform) =>
        answer(
          platform,
          `SELECT unique_id FROM canvas.pseudonyms WHERE user_id = ${user} AND unique_id LIKE '%@%'`,
        ),
      );
      // Numbers of Canvas are those of other things too: a user's stands behind a name.
      const asUser = ['user_id', 'canvas_user_id', 'person_user_id'].map((name) => `"${name}":${user}`);
      known = [student, ...logins.flat(), ...asUser];
      without = await openSmallCampus(collegeWithout(college, [student, user]), start, 'both', MODELS);
      for (let n = 0; n < nights; n++) await night(without, 'lake', n);
      wanted = await endState(without, 'lake');
      await cp(join(campus.folder, 'lake'), join(campus.folder, 'backup'), { recursive: true });
    });
    afterAll(async () => {
      await campus?.close();
      await without?.close();
    });

    it('is reported with rows of both sources, while it is there', async () => {
      const { tables, raw } = await inLake(campus, 'lake', (lake) => reportSubject(lake, student));
      const names = tables.map(({ table }) => table);
      expect(names).toEqual(
        expect.arrayContaining(['canvas.users', 'sis.registrar_students', 'campus.students']),
      );
      expect(raw?.length).toBeGreaterThan(5);
      expect(await accessesOf('subject report')).toEqual(['answered']);
      expect(await filesWith(join(campus.folder, 'lake'), known)).not.toEqual([]);
    });

    it('is not erased while a hold stands, by whatever number it is asked for', async () => {
      await inLake(campus, 'lake', async (lake) => {
        const hold = { student: `canvas:${user}`, hold: 'H-1', reason: 'an appeal is open' };
        await holdSubject(lake, hold);
        const asked = { student, request: 'R-1' };
        expect((await planErasure(lake, asked)).holds).toHaveLength(1);
        await expect(eraseSubject(lake, asked, openEvents())).rejects.toThrow(
          'hold H-1 is in force (an appeal is open)',
        );
        await releaseHold(lake, 'H-1');
        expect((await planErasure(lake, asked)).holds).toEqual([]);
      });
    });

    it(`ends as if the person had never been, though it is killed ${KILLS} times`, async () => {
      const { file } = await campus.open('lake');
      const codes: (number | null)[] = [];
      for (const after of kills) {
        const code = await erase(file, student, after);
        codes.push(code);
        if (code !== null) break;
      }
      if (codes.at(-1) !== 0) codes.push(await erase(file, student));
      expect(codes.at(-1), `exit codes: ${codes.join(', ')}`).toBe(0);
      expect(await endState(campus, 'lake')).toEqual(wanted);
      expect((await inLake(campus, 'lake', verifyRegister)).certificates).toHaveLength(1);
      expect((await accessesOf('erasure')).at(-1)).toBe('answered');
    });

    it('leaves no file, decoded, in which the person is known', async () => {
      expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
      expect(await filesWith(join(campus.folder, 'lake-erasures'), known)).toEqual([]);
    });

    it('does not come back with the next night, though the sources still have the person', async () => {
      await night(campus, 'lake', nights);
      await night(without, 'lake', nights);
      wanted = await endState(without, 'lake');
      expect(await endState(campus, 'lake')).toEqual(wanted);
      expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
    });

    it('does not come back with a reload, from the source or from the raw files', async () => {
      await inLake(campus, 'lake', async (lake) => {
        await requestReload(lake, ['canvas.users', 'canvas.submissions', 'sis.registrar_students']);
        await requestReload(lake, ['canvas.enrollments', 'canvas.pseudonyms'], { from: 'raw' });
      });
      await night(campus, 'lake', nights);
      expect(await endState(campus, 'lake')).toEqual(wanted);
      expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
    });

    it('does not come back with a backup from before', async () => {
      await rm(join(campus.folder, 'lake'), { recursive: true });
      await cp(join(campus.folder, 'backup'), join(campus.folder, 'lake'), { recursive: true });
      await night(campus, 'lake', nights);
      expect((await endState(campus, 'lake')).published).toEqual(wanted.published);
    });
  },
);
