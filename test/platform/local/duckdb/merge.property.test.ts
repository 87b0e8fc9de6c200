import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableVersion } from '../../../../src/ports/tables.ts';
import { propertyRuns } from '../../../property-runs.ts';
import { openTestLake, type RawRecord, specOf, type TestLake } from './lake-folder.ts';

const TABLE = 'canvas.things';
const SPEC = specOf(
  TABLE,
  [
    { name: 'id', type: 'bigint' },
    { name: 'part', type: 'varchar' },
    { name: 'text', type: 'varchar' },
  ],
  { key: ['id', 'part'] },
);
/** So small a rule that histories of a few rows go through deltas and compactions alike. */
const COMPACT_EARLY = { share: 0.9, files: 2, smallBase: 0 };

/** One commit at the source: the row of a key at an instant (minutes since the epoch), or its removal. */
interface Commit {
  readonly at: number;
  readonly id: number;
  readonly text: string | undefined;
  /** It shares its instant with commits before it; a load that ends at that instant was taken before it. */
  readonly late: boolean;
}

/** Neither column of the key tells two rows apart by itself. */
const keyOf = (id: number) => ({ id: BigInt(id >> 1), part: id % 2 === 0 ? 'a' : 'b' });

/** How a history is asked for. */
interface Asking {
  /** Instants up to which each load reaches, rising; the first is the snapshot's. */
  readonly cuts: readonly number[];
  /** The two readings of the documents: what is of the boundary itself comes with the load before, after, or both. */
  readonly boundary: 'inclusive' | 'exclusive' | 'both';
  readonly files: number;
  readonly repeat: boolean;
  readonly seed: number;
}

const history = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: 1, max: 40 }),
    id: fc.integer({ min: 0, max: 6 }),
    text: fc.option(fc.constantFrom('a', 'b', 'ü"\n', '', '__dap_unspecified__'), { nil: undefined }),
    late: fc.boolean(),
  }),
  // A source commits a key once at an instant, and once more where its clock is coarser than its commits.
  { selector: ({ at, id, late }) => `${at}/${id}/${late}`, maxLength: 40 },
);

const asking = fc.record({
  cuts: fc
    .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 5 })
    .map((cuts) => cuts.sort((a, b) => a - b)),
  boundary: fc.constantFrom('inclusive' as const, 'exclusive' as const, 'both' as const),
  files: fc.integer({ min: 1, max: 3 }),
  repeat: fc.boolean(),
  seed: fc.nat(),
});

describe('merging increments', () => {
  let lake: TestLake;
  let run = 0;
  beforeAll(async () => {
    lake = await openTestLake({ compaction: COMPACT_EARLY });
  });
  afterAll(() => lake.close());

  it('gives what a plain fold of the history gives, however it is cut, repeated, split and shuffled', async () => {
    await fc.assert(
      fc.asyncProperty(history, asking, async (commits, how) => {
        run += 1;
        const version = await load(lake, `r${run}`, commits, how);

        const expected = fold(commits, how.cuts.at(-1)!);
        const rows = await lake.rows(`SELECT id, part, text FROM ${TABLE} ORDER BY id, part`, {
          [TABLE]: version,
        });
        expect(rows).toEqual(expected);
        expect(version.rows).toBe(expected.length);
      }),
      { numRuns: propertyRuns(12) },
    );
  });
});

/** The state of the source at an instant. */
function fold(commits: readonly Commit[], upTo: number): [bigint, string, string][] {
  const rows = new Map<number, string>();
  for (const { id, text } of inOrder(commits.filter((commit) => isThere(commit, upTo)))) {
    if (text === undefined) rows.delete(id);
    else rows.set(id, text);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([number, text]) => {
      const { id, part } = keyOf(number);
      return [id, part, text];
    });
}

async function load(
  lake: TestLake,
  run: string,
  commits: readonly Commit[],
  how: Asking,
): Promise<TableVersion> {
  const [first, ...later] = how.cuts;
  const snapshot = newest(commits.filter((commit) => isThere(commit, first!))).filter(
    ({ text }) => text !== undefined,
  );
  const base = await lake.engine.replace(
    SPEC,
    await deliver(
      lake,
      `${run}/0`,
      snapshot.map((commit) => record(commit, false)),
      how,
    ),
    `${run}-0`,
  );
  let version = base.version;
  const delivered: string[][] = [];
  let since = first!;
  for (const [i, until] of later.entries()) {
    const changed = newest(commits.filter((commit) => isBetween(commit, since, until, how.boundary)));
    const files = await deliver(
      lake,
      `${run}/${i + 1}`,
      changed.map((commit) => record(commit, true)),
      how,
    );
    version = (await lake.engine.merge(version, SPEC, files, `${run}-${i + 1}`)).version;
    if (how.repeat) {
      const again = await lake.engine.merge(version, SPEC, [...files].reverse(), `${run}-${i + 1}-again`);
      // What differs from a row of its instant is no repetition; there is none among what has just been merged.
      expect({ upserted: again.upserted, deleted: again.deleted }).toEqual({ upserted: 0, deleted: 0 });
      version = again.version;
    }
    delivered.push(files);
    since = until;
  }
  // All loads once more, one after the other, bring nothing back, not even what was removed since.
  for (const [i, files] of delivered.entries()) {
    version = (await lake.engine.merge(version, SPEC, files, `${run}-stale-${i}`)).version;
  }
  return version;
}

/** Under either reading nothing is left out; under some, what is of the boundary comes twice. */
function isBetween(commit: Commit, since: number, until: number, boundary: Asking['boundary']): boolean {
  if (!isThere(commit, until)) return false;
  const { at, late } = commit;
  return boundary === 'exclusive' ? at > since || (at === since && late) : at >= since;
}

/** Whether a load that ends at an instant has seen a commit. */
const isThere = ({ at, late }: Commit, upTo: number): boolean => at < upTo || (at === upTo && !late);

const inOrder = (commits: readonly Commit[]): Commit[] =>
  [...commits].sort((a, b) => a.at - b.at || Number(a.late) - Number(b.late));

/** DAP gives only the newest version of a row that changed in the interval. */
function newest(commits: readonly Commit[]): Commit[] {
  const byId = new Map<number, Commit>();
  for (const commit of inOrder(commits)) byId.set(commit.id, commit);
  return [...byId.values()];
}

function record({ at, id, text }: Commit, incremental: boolean): RawRecord {
  const ts = new Date(at * 60_000).toISOString();
  const key = keyOf(id);
  if (text === undefined) return { ts, action: 'D', key };
  return incremental ? { ts, action: 'U', key, value: { text } } : { ts, key, value: { text } };
}

async function deliver(
  lake: TestLake,
  name: string,
  records: readonly RawRecord[],
  { files, seed }: Asking,
): Promise<string[]> {
  const mixed = [...records].sort((a, b) => order(a, seed) - order(b, seed));
  const parts = Array.from({ length: files }, (_, part) => mixed.filter((_, i) => i % files === part));
  return Promise.all(parts.map((part, i) => lake.writeRaw(`${name}-${i}`, part)));
}

const order = (record: RawRecord, seed: number): number =>
  (Number(record.key.id as bigint) * 7919 + Date.parse(record.ts) / 60_000 + seed) % 101;
