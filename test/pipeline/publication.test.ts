import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DamagedPublicationError, MissingPublicationError } from '../../src/pipeline/errors.ts';
import {
  currentPublicationId,
  keptWith,
  listPublications,
  type Publication,
  publish,
  readPublication,
} from '../../src/pipeline/publication.ts';
import { sweep } from '../../src/pipeline/steps/sweep.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { propertyRuns } from '../property-runs.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 1);
const version = (id: string): TableVersion => ({ table: 'canvas.t', columns: [], rows: 0, storage: { id } });
const publication = (id: string): Publication => ({
  id,
  run: id,
  at: '2026-10-01T00:00:00Z',
  asOf: '2026-10-01T00:00:00Z',
  tables: { 'canvas.t': version(id) },
  facts: {},
});

describe('Publications', () => {
  let folder: string;
  let stores: { ledger: LedgerStore; objects: ObjectStore };
  let kept: readonly TableVersion[] | undefined;
  const notes: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'publications-'));
    stores = { ledger: openLocalLedger(join(folder, 'ledger')), objects: openLocalObjects(folder) };
    kept = undefined;
    notes.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const sweptAt = (now: number) =>
    sweep.run(
      { run: 'r' },
      {
        campus: {
          sources: {},
          raw: { retentionDays: 90, rebuildFrom: 'raw' },
          ledger: { stepRetentionDays: 400 },
        },
        catalog: { datasets: [] },
        platform: {
          ...stores,
          clock: { now: () => now },
          engine: {
            capabilities: { background: false },
            sweep: async (versions: readonly TableVersion[]) => {
              kept = versions;
              return 0;
            },
          },
        },
        report: { note: (_about: string, text: string) => notes.push(text) },
        signal: new AbortController().signal,
      },
    );
  const idAt = (now: number, n: number) => `${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}-${n}`;

  it('that follow each other by the minute leave what a query may have begun to read within the last hour', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 5, max: 900 }), { minLength: 100, maxLength: 200 }),
        fc.array(fc.tuple(fc.nat(150), fc.nat(60)), { minLength: 20, maxLength: 20 }),
        (gaps, spans) => {
          // A file is in the publications from one on, for some of them.
          const files = spans.map(([first, length]) => ({ first, last: first + length }));
          const at: number[] = [];
          let kept: string[] = [];
          const since: Record<string, string> = {};
          let now = START;
          for (const [n, gap] of gaps.entries()) {
            now += gap * 1000;
            at.push(now);
            since[`p${n}`] = new Date(now).toISOString();
            kept = keptWith([...kept, `p${n}`], since);
            const named = new Set(kept.map((id) => Number(id.slice(1))));
            expect(kept.length).toBeLessThan(20);
            expect(kept.slice(-3)).toEqual(
              [n - 2, n - 1, n].filter((one) => one >= 0).map((one) => `p${one}`),
            );
            for (const { first, last } of files) {
              if (first > n) continue;
              const isNamed = [...named].some((one) => one >= first && one <= last);
              const isYoung = now - at[first]! < 3600_000;
              const goneFor = last >= n ? 0 : now - at[last + 1]!;
              if (!isNamed && !isYoung) expect(goneFor).toBeGreaterThanOrEqual(50 * 60_000);
            }
          }
        },
      ),
      { numRuns: propertyRuns(20) },
    );
  });

  it('stay in the order in which they became current, whatever the clock said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(1, 1, 1, -1, -2, 40, -40, 400), { minLength: 1, maxLength: 9 }),
        async (steps) => {
          await rm(folder, { recursive: true, force: true });
          stores = { ledger: openLocalLedger(join(folder, 'ledger')), objects: openLocalObjects(folder) };
          const ids: string[] = [];
          let now = START;
          for (const [n, step] of steps.entries()) {
            now += step * DAY;
            ids.push(idAt(now, n));
            await publish(stores, publication(ids.at(-1)!));
            await sweptAt(now);
            const last = ids.slice(-3);
            expect((await readPublication(stores))?.id).toBe(ids.at(-1));
            expect((await listPublications(stores.objects)).sort()).toEqual([...last].sort());
            expect(kept).toEqual(last.map(version));
          }
        },
      ),
      { numRuns: propertyRuns(12) },
    );
  });

  it('of an older version of the lake stay too, with the current one last', async () => {
    for (const id of [
      '20270101T000000Z-a',
      '20270102T000000Z-b',
      '20270103T000000Z-c',
      '20261001T000000Z-d',
    ]) {
      await stores.objects.putText(`publications/${id}.json`, JSON.stringify(publication(id)));
    }
    await stores.ledger.write('publication/current', { id: '20261001T000000Z-d' }, undefined);

    await sweptAt(START);
    expect((await readPublication(stores))?.id).toBe('20261001T000000Z-d');
    await publish(stores, publication('20261002T000000Z-e'));
    await sweptAt(START);

    expect(await listPublications(stores.objects)).toEqual([
      '20261001T000000Z-d',
      '20261002T000000Z-e',
      '20270103T000000Z-c',
    ]);
  });

  it('are pointed to only once their document is there', async () => {
    await publish(stores, publication('a'));
    const full: ObjectStore = Object.assign(Object.create(stores.objects), {
      putText: async () => {
        throw new Error('no space left');
      },
    });

    await expect(publish({ ...stores, objects: full }, publication('b'))).rejects.toThrow('no space left');

    expect(await readPublication(stores)).toMatchObject({ id: 'a' });
  });

  it('are published once, however often', async () => {
    for (const id of ['a', 'b', 'b', 'b', 'b']) await publish(stores, publication(id));
    await sweptAt(START);

    expect(await listPublications(stores.objects)).toEqual(['a', 'b']);
  });

  it('whose document is gone or damaged are named, not taken for none', async () => {
    expect(await readPublication(stores)).toBeUndefined();
    await publish(stores, publication('a'));
    await stores.objects.delete(['publications/a.json']);

    await expect(readPublication(stores)).rejects.toThrow(
      'The lake shows publication a, and its document publications/a.json is not there.',
    );
    await expect(readPublication(stores)).rejects.toBeInstanceOf(MissingPublicationError);
    expect(await readPublication(stores, 'b')).toBeUndefined();
    for (const text of ['', '{"id": "a", "tab', 'null', '[]', '\0\0\0']) {
      await stores.objects.putText('publications/a.json', text);
      await expect(readPublication(stores)).rejects.toBeInstanceOf(DamagedPublicationError);
      await expect(readPublication(stores, 'a')).rejects.toThrow('publications/a.json');
    }
    expect(await currentPublicationId(stores.ledger)).toBe('a');
  });

  it('that are damaged stop no sweep, unless it is the current one: then nothing is removed', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await publish(stores, publication(id));
    await stores.objects.putText('publications/c.json', '');
    await sweptAt(START);
    expect(kept).toEqual([version('b'), version('d')]);
    expect(notes).toEqual([expect.stringContaining('publications/c.json')]);

    kept = undefined;
    await stores.objects.putText('publications/d.json', '');
    await sweptAt(START);
    expect(kept).toBeUndefined();
    expect(await listPublications(stores.objects)).toEqual(['b', 'c', 'd']);
  });
});
