import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../src/access/authorize.ts';
import { lakeStatus } from '../../src/app/status/lake-status.ts';
import { LakeError } from '../../src/errors.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { publicationOf } from '../../src/pipeline/published.ts';
import { applyRemedy } from '../../src/pipeline/repair/apply-remedy.ts';
import { findDamage } from '../../src/pipeline/repair/find-damage.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { filesOf } from '../../src/platform/local/duckdb/storage.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import type { EventSink, RunEvent } from '../../src/ports/events.ts';
import type { Clock } from '../../src/ports/platform.ts';
import type { Lake } from '../../src/ports/step.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { type EndState, endState } from '../end-to-end/kill.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  publishedTables,
  type SmallCampus,
} from '../end-to-end/small-campus.ts';
import { granted } from '../granted.ts';
import { toFormat1 } from '../state/format-1.ts';

const HOUR = 3_600_000;
/** What a machine does to a lake, other than killing it: disks that fill or lose bytes, clocks, other versions. */
describe('A machine', () => {
  let campus: SmallCampus;
  let right: EndState;
  const start = currentTermWeek(5);
  const place = (...parts: string[]) => join(campus.folder, ...parts);

  beforeAll(async () => {
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), start, 'both', CORE_MODELS);
    expect((await campus.run('base')).failures).toEqual([]);
    await campus.simulated.advanceTo(start + 2 * DAY);
    right = await runOfCopy('right');
  });
  afterAll(() => campus.close());

  async function runOfCopy(name: string): Promise<EndState> {
    cpSync(place('base'), place(name), { recursive: true });
    expect((await campus.run(name)).failures).toEqual([]);
    return endState(campus, name);
  }

  /** The lake of a folder, for as long as `work` takes. */
  async function withLake<T>(
    name: string,
    work: (lake: Lake) => Promise<T>,
    { events = openEvents(), clock }: { events?: EventSink; clock?: Clock } = {},
  ): Promise<T> {
    const loaded = await campus.open(name);
    const platform = await openLocalPlatform(loaded.campus, {
      features: FEATURES,
      ...(clock ? { clock } : {}),
    });
    try {
      return await work(
        openLake({
          ...loaded,
          platform,
          session: PIPELINE,
          features: FEATURES,
          events,
          signal: new AbortController().signal,
        }),
      );
    } finally {
      await platform.close();
    }
  }

  const run = (name: string, on: (event: RunEvent) => void = () => {}): Promise<RunOutcome> => {
    const events = openEvents({ name: 'test', on });
    return withLake(name, (lake) => runLake({ lake, events }), { events });
  };

  describe('whose disk fills', () => {
    const canMount = process.getuid?.() === 0 && process.platform === 'linux';

    it.runIf(canMount).each([
      ['Load canvas', 60_000],
      ['Check the data', 20_000],
      ['Build the models', 0],
      ['Build the models', 30_000],
      ['Publish', 0],
      ['Load the warehouse', 100_000],
      ['Tell the team', 0],
    ])(
      'when "%s" begins, with %i bytes left, tells the team and is right after the next run',
      async (stage, left) => {
        const name = 'full';
        await mkdir(place(name), { recursive: true });
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', place(name)]);
        try {
          cpSync(place('base'), place(name), { recursive: true });
          const before = await withLake(name, (lake) => publishedOf(lake));
          const balloon = place(name, 'balloon');
          const fill = (event: RunEvent) => {
            if (event.type !== 'stage' || event.title !== stage || event.state !== 'started') return;
            const { bavail, bsize } = statfsSync(place(name));
            writeFileSync(balloon, Buffer.alloc(Math.max(0, bavail * bsize - left)));
          };

          const outcome = await run(name, fill).catch((error: unknown) => error);

          const failed = outcome instanceof Error ? outcome : (outcome as RunOutcome).failures[0];
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(LakeError);
          expect(JSON.stringify(failed ?? 'succeeded')).not.toMatch(/unexpected/i);
          // What is shown is what was shown, or the new whole.
          const shown = await withLake(name, (lake) => publishedOf(lake));
          expect(Object.keys(shown).sort()).toEqual(Object.keys(before).sort());
          rmSync(balloon, { force: true });
          expect((await run(name)).failures).toEqual([]);
          expect(await endState(campus, name)).toEqual(right);
          expect((await withLake(name, lakeStatus)).ledgerFault).toBeUndefined();
        } finally {
          execFileSync('umount', [place(name)]);
        }
      },
    );
  });

  describe('whose disk loses bytes', () => {
    it('costs the tables concerned; after the repairs the next run is right', async () => {
      const name = 'damaged';
      cpSync(place('base'), place(name), { recursive: true });
      const spoiled = await withLake(name, async ({ platform }) => {
        const tables = await publishedTables(platform);
        const [file] = filesOf(tables['canvas.submissions']!);
        return [file!, filesOf(tables['campus.students']!)[0]!];
      });
      for (const file of spoiled) truncateSync(place(name, file), 0);
      truncateSync(place(name, 'ledger/state', `${encodeURIComponent('dataset/canvas.courses')}.json`), 0);

      const question = await withLake(name, ({ platform }) =>
        answer(platform, 'SELECT count(*) FROM campus.students').catch((error: unknown) => error),
      );
      expect(question).toBeInstanceOf(LakeError);
      const { failures } = await run(name);
      expect(failures.map(({ about }) => about)).toEqual(
        expect.arrayContaining(['canvas.courses', 'canvas.submissions']),
      );
      expect(failures.filter(({ code }) => code === 'unexpected')).toEqual([]);
      const published = await withLake(name, (lake) => publishedOf(lake));
      expect(Object.keys(published)).toContain('canvas.courses');
      expect(Object.keys(published)).toContain('canvas.users');

      // What the run met it has repaired by itself; `lake repair` finds what nobody has read yet.
      const repairs = await withLake(name, ({ platform }) => platform.ledger.rows('repairs', ''));
      expect(repairs.filter(({ state }) => state === 'applied').map(({ tables }) => tables)).toContainEqual(
        expect.stringContaining('dataset/canvas.courses'),
      );
      const found = await withLake(name, async (lake) => {
        const damages = await findDamage(lake, { thorough: true });
        for (const { remedy } of damages) await applyRemedy(lake, remedy);
        return damages.map(({ about }) => about);
      });
      expect(found).toContain('campus.students');
      expect((await run(name)).failures).toEqual([]);
      expect(await endState(campus, name)).toEqual(right);
      // What older publications name is not repaired, and goes with them.
      const left = await withLake(name, (lake) => findDamage(lake, { thorough: true }));
      expect(left.filter(({ remedy }) => remedy.do !== 'nothing')).toEqual([]);
    });
  });

  it('with a lake of an older version loads on, and is right', async () => {
    const name = 'older';
    cpSync(place('base'), place(name), { recursive: true });
    const state = place(name, 'ledger/state');
    for (const file of readdirSync(state)) {
      const record = JSON.parse(readFileSync(join(state, file), 'utf8'));
      const isDataset = decodeURIComponent(file).startsWith('dataset/');
      if (isDataset) record.value = toFormat1(record.value);
      delete record.value.formatVersion;
      for (const newer of [
        'stagedTime',
        'passedTime',
        'deliveredFaults',
        'asOf',
        'builtAt',
        'sources',
        'header',
      ]) {
        delete record.value[newer];
      }
      for (const version of [record.value.staged, record.value.passed, record.value.version]) {
        if (!version) continue;
        delete version.definition;
        delete version.reads;
      }
      delete record.value.sequence;
      delete record.value.kept;
      writeFileSync(join(state, file), JSON.stringify(record));
    }
    for (const file of readdirSync(place(name, 'publications'))) {
      const document = JSON.parse(readFileSync(place(name, 'publications', file), 'utf8'));
      delete document.facts;
      writeFileSync(place(name, 'publications', file), JSON.stringify(document));
    }

    expect((await withLake(name, lakeStatus)).damaged).toEqual([]);
    expect((await run(name)).failures).toEqual([]);

    expect(await endState(campus, name)).toEqual(right);
  });

  // Last: it moves the source's clock on.
  it('on which a question takes longer than old versions are kept ends it with rows or with words', async () => {
    const name = 'slow';
    cpSync(place('base'), place(name), { recursive: true });
    const clock = { now: () => Date.now() + ahead, sleep: async () => undefined };
    let ahead = 0;
    await withLake(name, async (lake) => {
      const tables = await publishedTables(lake.platform);
      const sql = 'SELECT a.id FROM canvas.users a, canvas.users b, canvas.users c';
      const result = await lake.platform.engine.query(sql, granted(tables));
      let rows = 0;
      let runs = 0;
      const reading = (async () => {
        for await (const batch of result.batches()) {
          rows += batch.length;
          while (runs < 5) {
            ahead += 3 * HOUR;
            await campus.simulated.advanceTo(start + 2 * DAY + ahead);
            await withLake(name, (other) => runLake({ lake: other, events: openEvents(), fresh: true }), {
              clock,
            });
            runs++;
          }
        }
      })();
      await reading.catch((error: unknown) => expect(error).toBeInstanceOf(LakeError));
      const users = Number((await answer(lake.platform, 'SELECT count(*) FROM canvas.users'))[0]![0]);
      expect(rows === users ** 3 || rows > 0).toBe(true);
      // Asked again of what it saw, it says that this is gone, in words.
      const late = await lake.platform.engine
        .query('SELECT count(*) FROM campus.students', granted(tables))
        .then(async (found) => {
          for await (const _batch of found.batches());
        })
        .catch((error: unknown) => error);
      expect(late === undefined || late instanceof LakeError).toBe(true);
      await publicationOf(lake);
    });
  });

  async function publishedOf({ platform }: Lake) {
    return publishedTables(platform);
  }
});
