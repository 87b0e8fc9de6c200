import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { eraseSubject } from '../../../src/app/subject/erase-subject.ts';
import { LakeError } from '../../../src/errors.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { type RunOutcome, runLake } from '../../../src/pipeline/run.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { filesWith } from '../../end-to-end/decoded.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';

/** The changes of a person wait in files that no load has taken, and in the log of the SIS, while they are erased. */
describe('A person of a lake that captures the changes of its SIS', () => {
  let campus: SmallCampus;
  let owner: pg.Client;
  let student: string;
  let known: string[];
  const start = currentTermWeek(2);

  beforeAll(async () => {
    campus = await openSmallCampus(
      generateCollege({ students: 12, seed: 3 }),
      start,
      'both',
      CORE_MODELS,
      (): object => ({
        replication: 'full-load-and-cdc',
        publication: 'for the lake',
      }),
    );
    const { sis } = campus.simulated;
    const { user, password } = sis!.owner;
    owner = new pg.Client({ host: sis!.host, port: sis!.port, database: sis!.database, user, password });
    await owner.connect();
    await owner.query('ALTER ROLE lake REPLICATION');
    await owner.query(
      'CREATE PUBLICATION "for the lake" FOR ALL TABLES WITH (publish_via_partition_root = true)',
    );
  });
  afterAll(async () => {
    await owner?.end();
    await campus?.close();
  });

  const inLake = <T>(
    work: (lake: Lake) => Promise<T>,
    over: (platform: Platform) => Platform = (one) => one,
  ) =>
    campus.look('lake', (platform, loaded) =>
      work(
        openLake({
          ...loaded,
          platform: over(platform),
          session: PIPELINE,
          features: FEATURES,
          events: openEvents(),
          signal: new AbortController().signal,
        }),
      ),
    );

  const run = (over?: (platform: Platform) => Platform): Promise<RunOutcome> =>
    inLake((lake) => runLake({ lake, events: openEvents() }), over);

  /** A change of each row of the person, as the SIS writes it into its log. */
  const touch = async () => {
    for (const table of ['students', 'registrations', 'persons']) {
      const { rows } = await owner.query<{ column_name: string }>(
        `SELECT column_name FROM information_schema.columns WHERE table_schema = 'registrar' AND table_name = $1
           AND column_name IN ('student_id', 'person_id', 'sis_id', 'id')`,
        [table],
      );
      for (const { column_name: name } of rows) {
        if (name !== 'student_id' && name !== 'person_id') continue;
        await owner.query(`UPDATE registrar.${table} SET ${name} = ${name} WHERE ${name} = $1`, [student]);
      }
    }
  };

  const studentsHeld = () =>
    campus.look('lake', async (platform) =>
      (await answer(platform, 'SELECT student_id FROM sis.registrar_students ORDER BY 1')).flat(),
    );

  it('has changes that were captured and that no load has taken', async () => {
    expect((await run()).failures).toEqual([]);
    [student] = (await studentsHeld()) as [string];
    known = [student];
    await campus.simulated.advanceTo(start + DAY);
    await touch();
    // The load breaks off behind the replication, before it is committed.
    const { failures } = await run((platform) => ({
      ...platform,
      replication: {
        ...platform.replication,
        async poll(task) {
          const status = await platform.replication.poll(task);
          if (status.done) throw new LakeError('the run breaks off here');
          return status;
        },
      },
    }));
    expect(failures.map(({ message }) => message).join()).toContain('breaks off');
    expect(
      (await filesWith(join(campus.folder, 'lake', 'raw', 'sis-changes'), known)).length,
    ).toBeGreaterThan(0);
  });

  it('is taken out of the files that wait', async () => {
    const certificate = await inLake((lake) => eraseSubject(lake, { student, request: 'R-1' }, openEvents()));
    expect(certificate.sequence).toBe(1);
    expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
  });

  it('is not brought back by what waited, nor by the log, and no file is said to be damaged', async () => {
    await touch();
    const { failures } = await run();
    expect(failures).toEqual([]);
    expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
    const { rows } = await owner.query<{ id: string }>('SELECT student_id AS id FROM registrar.students');
    expect(await studentsHeld()).toEqual(
      rows
        .map(({ id }) => id)
        .filter((id) => id !== student)
        .sort(),
    );
  });

  it('has records of what was taken that are true of the files', async () => {
    const folder = join(campus.folder, 'lake', 'raw', 'sis');
    const manifests = (await readdir(folder, { recursive: true })).filter((name) =>
      name.endsWith('manifest.json'),
    );
    for (const name of manifests) {
      const { files = [] } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
        files?: { key: string; sha256?: string; bytes: number }[];
      };
      for (const { key, sha256, bytes } of files) {
        const stored = await readFile(join(campus.folder, 'lake', key));
        expect([key, stored.length, createHash('sha256').update(stored).digest('hex')]).toEqual([
          key,
          bytes,
          sha256,
        ]);
      }
    }
    expect(manifests.length).toBeGreaterThan(5);
  });

  it('is not brought back by a night of new changes', async () => {
    await campus.simulated.advanceTo(start + 2 * DAY);
    await touch();
    expect((await run()).failures).toEqual([]);
    expect(await filesWith(join(campus.folder, 'lake'), known)).toEqual([]);
  });
});
