import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { lmsCommit, lmsFetch, lmsPlan, lmsPoll, lmsStart } from '../../src/lms/steps.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';
import { propertyRuns } from '../property-runs.ts';
import {
  dataset,
  fold,
  JumpingClock,
  loadOne,
  manifestOf,
  openTestLake,
  stateOf,
  type TestLake,
} from './harness.ts';
import { DAY_MS, smallCollege } from './small-college.ts';

const college = smallCollege();
const datasets = [
  dataset('users'),
  dataset('submissions', { priority: 9 }),
  dataset('wikis', { priority: 1 }),
  dataset('web_logs', { namespace: 'canvas_logs' }),
];
const opened: { close(): Promise<void> }[] = [];

async function prepare(
  day: number,
  options: Partial<Parameters<typeof startCanvasSimulator>[0]> = {},
): Promise<{ sim: CanvasSimulator; world: VirtualClock; test: TestLake }> {
  const world = new VirtualClock(college.opens + day * DAY_MS);
  const sim = await startCanvasSimulator({ college, clock: world, rowsPerFile: 40, ...options });
  const clock = new JumpingClock((ms) => world.advance(ms));
  const test = await openTestLake({ datasets, canvas: sim, clock });
  opened.push({ close: () => sim.stop() }, test);
  return { sim, world, test };
}

/** Keys of a truth's rows as the raw files write them. */
const keysOf = (sim: CanvasSimulator, table: string, namespace = 'canvas') =>
  sim
    .truth(namespace, table)
    .map((row) => JSON.stringify({ id: String(row.id) }))
    .sort();

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

describe('loads of an LMS', () => {
  it('make, snapshot and increments together, what the source holds; every id exact', async () => {
    const days = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    const boundaries = fc.constantFrom('since-inclusive' as const, 'since-exclusive' as const);
    await fc.assert(
      fc.asyncProperty(days, boundaries, async (pauses, boundary) => {
        const { sim, world, test } = await prepare(10, { boundaries: boundary });
        await loadOne(test, 'r0', 'canvas.submissions');
        for (const [i, pause] of pauses.entries()) {
          world.advance(pause * DAY_MS);
          await loadOne(test, `r${i + 1}`, 'canvas.submissions');
        }

        const folded = await fold(test, 'canvas.submissions');
        expect([...folded.keys()]).toEqual(keysOf(sim, 'submissions'));
        const scores = [...folded.values()].map((value) => JSON.parse(value).score);
        const truth = sim.truth('canvas', 'submissions');
        expect(scores.sort()).toEqual(truth.map((row) => row.score).sort());
      }),
      { numRuns: propertyRuns(8) },
    );
  });

  it('are chained: each increment starts where the load before it ended', async () => {
    const { world, test } = await prepare(10);
    for (const run of ['r0', 'r1', 'r2', 'r3']) {
      await loadOne(test, run, 'canvas.users');
      world.advance(DAY_MS);
    }

    const { pending, committed } = await stateOf(test, 'canvas.users');
    const manifests = await Promise.all(pending.map((p) => manifestOf(test, p.manifest)));
    expect(manifests.map((m) => m.kind)).toEqual(['snapshot', 'increment', 'increment', 'increment']);
    expect(manifests.slice(1).map((m) => m.since)).toEqual(manifests.slice(0, -1).map((m) => m.watermark));
    expect(committed?.watermark).toBe(manifests.at(-1)?.watermark);
    expect(manifests[0]?.columns).toContainEqual({
      name: 'id',
      section: 'key',
      type: 'bigint',
      nullable: false,
    });
  });

  it('are told in the ledger, once each, however often they are committed', async () => {
    const { test } = await prepare(10);
    await loadOne(test, 'r0', 'canvas.users');
    await lmsCommit.run({ run: 'r0', dataset: 'canvas.users' }, test.lake);

    const rows = await test.ledger.rows('loads');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      id: 'r0:canvas.users',
      run: 'r0',
      dataset: 'canvas.users',
      source: 'canvas',
      kind: 'snapshot',
      since: null,
      schema_version: 1,
      files: 1,
      rows: null,
    });
    expect(rows[0]?.bytes).toBeGreaterThan(100);
  });

  it('put the most wanted datasets first', async () => {
    const { test } = await prepare(10);

    const { datasets: planned } = await lmsPlan.run({ run: 'r0', source: 'canvas' }, test.lake);

    expect(planned.map((item) => item.dataset)).toEqual([
      'canvas.submissions',
      'canvas.users',
      'canvas.web_logs',
      'canvas.wikis',
    ]);
  });

  it('wait for the source to finish a job, looking rarely at one that takes long', async () => {
    const { test } = await prepare(10, { jobDelay: { ms: 10 * 60_000 } });
    const item = { run: 'r0', dataset: 'canvas.users' };
    await lmsStart.run(item, test.lake);
    const waits: number[] = [];
    for (;;) {
      const polled = await lmsPoll.run(item, test.lake);
      if (polled.done !== false || !('retryAfterSeconds' in polled)) break;
      waits.push(Number(polled.retryAfterSeconds));
      await test.clock.sleep(Number(polled.retryAfterSeconds) * 1000);
    }

    expect(waits[0]).toBe(1);
    expect(waits.at(-1)).toBe(15);
    expect(waits.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(595);
  });

  it('of a table without rows are loads all the same', async () => {
    const { test } = await prepare(10);

    await loadOne(test, 'r0', 'canvas.wikis');

    expect((await stateOf(test, 'canvas.wikis')).pending).toHaveLength(1);
    expect((await fold(test, 'canvas.wikis')).size).toBe(0);
  });
});

describe('a new snapshot by itself', () => {
  it('replaces increments when the table was loaded again at the source, with no file of theirs', async () => {
    const { sim, world, test } = await prepare(10);
    await loadOne(test, 'r0', 'canvas.submissions');
    world.advance(DAY_MS);
    sim.reload('canvas', 'submissions');
    world.advance(DAY_MS);

    await loadOne(test, 'r1', 'canvas.submissions');

    const { pending, snapshotNext } = await stateOf(test, 'canvas.submissions');
    expect(pending.map((p) => [p.load, p.kind])).toEqual([['r1', 'snapshot']]);
    expect(snapshotNext).toBeUndefined();
    expect([...(await fold(test, 'canvas.submissions')).keys()]).toEqual(keysOf(sim, 'submissions'));
    expect(test.notes).toEqual([expect.stringContaining('SnapshotRequiredError')]);
  });

  it('follows a schema that rows loaded before do not fit', async () => {
    const { sim, world, test } = await prepare(10);
    await loadOne(test, 'r0', 'canvas.submissions');
    world.advance(2 * DAY_MS);
    const change = { do: 'widen', column: 'score', to: { kind: 'string', maxLength: 255 } } as const;
    sim.changeSchema({ namespace: 'canvas', table: 'submissions', at: world.now(), change });

    await loadOne(test, 'r1', 'canvas.submissions');

    const { pending, committed } = await stateOf(test, 'canvas.submissions');
    expect(pending.map((p) => p.kind)).toEqual(['snapshot']);
    expect(committed?.schemaVersion).toBe(2);
    expect(test.notes[0]).toContain('score was double and is varchar');
  });

  it('is not needed for a new column, which the manifest tells to staging', async () => {
    const { sim, world, test } = await prepare(10);
    await loadOne(test, 'r0', 'canvas.users');
    world.advance(DAY_MS);
    const change = { do: 'add', column: 'pet', type: { kind: 'string', maxLength: 255 } } as const;
    sim.changeSchema({ namespace: 'canvas', table: 'users', at: world.now(), change });

    await loadOne(test, 'r1', 'canvas.users');

    const { pending } = await stateOf(test, 'canvas.users');
    const manifest = await manifestOf(test, pending[1]!.manifest);
    expect(manifest.kind).toBe('increment');
    expect(manifest.columns?.at(-1)).toEqual({
      name: 'pet',
      section: 'value',
      type: 'varchar',
      nullable: true,
    });
  });

  it('adds to the archive of a table that keeps 30 days, and warns of what is lost', async () => {
    const { world, test } = await prepare(15);
    await loadOne(test, 'r0', 'canvas.web_logs');
    const kept = (await fold(test, 'canvas.web_logs')).size;
    world.advance(24 * DAY_MS);
    await loadOne(test, 'r1', 'canvas.web_logs');
    world.advance(34 * DAY_MS);
    await loadOne(test, 'r2', 'canvas.web_logs');

    const { pending } = await stateOf(test, 'canvas.web_logs');
    expect(pending.map((p) => p.kind)).toEqual(['snapshot', 'increment', 'increment']);
    expect((await manifestOf(test, pending[2]!.manifest)).since).toBeUndefined();
    expect((await fold(test, 'canvas.web_logs')).size).toBeGreaterThan(kept * 2);
    expect(test.notes[0]).toContain('what is not loaded within 6 days is lost for good');
    expect(test.notes[1]).toContain('OutOfRangeError');
    expect(test.notes[2]).toContain('about 4 days are lost for good');
  });
});

describe('what a run leaves behind', () => {
  it('when it is given up is cleared away by the next', async () => {
    const { test } = await prepare(10);
    await lmsStart.run({ run: 'r0', dataset: 'canvas.submissions' }, test.lake);
    await lmsFetch.run({ run: 'r0', dataset: 'canvas.submissions' }, test.lake);

    await loadOne(test, 'r1', 'canvas.submissions');

    const keys = await test.objects.list('raw/');
    expect(keys.every((key) => key.startsWith('raw/canvas/canvas/submissions/r1/'))).toBe(true);
    expect(await test.ledger.list('fetched/')).toEqual([]);
  });
});
