import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableVersion } from '../../../../src/ports/tables.ts';
import { propertyRuns } from '../../../property-runs.ts';
import { type ChangeRow, type DmsFiles, openDmsFiles } from './dms-files.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

const TABLE = 'sis.students';
const SPEC = specOf(
  TABLE,
  [
    { name: 'id', type: 'bigint' },
    { name: 'name', source: 'NAME', type: 'varchar' },
  ],
  { layout: 'dms-changes', format: 'parquet' },
);
/** So small a rule that histories of a few rows go through deltas and compactions alike. */
const COMPACT_EARLY = { share: 0.9, files: 2, smallBase: 0 };

/** What happened to a table, and how DMS delivered it. */
interface Delivery {
  readonly changes: readonly { readonly id: number; readonly name: string | undefined }[];
  /** The full load shows the table after so many changes; … */
  readonly loaded: number;
  /** … change files begin so many before that: what is cached while a table is loaded comes once more. */
  readonly overlap: number;
  /** Changes of one file at most, and files of one load at most. */
  readonly perFile: number;
  readonly perLoad: number;
  /** After a resume the last changes come again, with places of their own. */
  readonly again: number;
  /** Each load is merged twice from the same version: the first process was killed before it told the ledger. */
  readonly killed: boolean;
  /** Old files come once more after newer ones. */
  readonly stale: boolean;
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  changes: fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 4 }),
      name: fc.option(fc.constantFrom('a', 'b', "ü'", ''), { nil: undefined }),
    }),
    { maxLength: 24 },
  ),
  loaded: fc.nat({ max: 24 }),
  overlap: fc.nat({ max: 6 }),
  perFile: fc.integer({ min: 1, max: 5 }),
  perLoad: fc.integer({ min: 1, max: 3 }),
  again: fc.nat({ max: 4 }),
  killed: fc.boolean(),
  stale: fc.boolean(),
});

describe('change files of DMS', () => {
  let lake: TestLake;
  let files: DmsFiles;
  let run = 0;
  beforeAll(async () => {
    lake = await openTestLake({ compaction: COMPACT_EARLY });
    files = await openDmsFiles();
  });
  afterAll(async () => {
    files.close();
    await lake.close();
  });

  it('give the table of the source, however they are cut, overlap the full load, come again or late', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, async (how) => {
        const version = await deliver(how, `r${++run}`);

        const expected = [...tableAfter(how, how.changes.length)].sort(([a], [b]) => a - b);
        const rows = await lake.rows(`SELECT id, name FROM ${TABLE} ORDER BY id`, { [TABLE]: version });
        expect(rows).toEqual(expected.map(([id, name]) => [BigInt(id), name]));
        expect(version.rows).toBe(expected.length);
      }),
      { numRuns: propertyRuns(12) },
    );
  });

  async function deliver(how: Delivery, name: string): Promise<TableVersion> {
    const path = (file: string) => join(lake.root, 'raw', name, file);
    const loaded = [...tableAfter(how, how.loaded)].map(([id, text]) => ({ id, name: text }));
    // DMS makes no file for a table without rows.
    const load = loaded.length > 0 ? [await files.load(path('LOAD00000001.parquet'), loaded)] : [];
    const written: string[] = [];
    for (const [i, rows] of chunks(changeRows(how), how.perFile).entries()) {
      written.push(await files.changes(path(`20261122-0300${String(i).padStart(5, '0')}.parquet`), rows));
    }
    const [first = [], ...later] = chunks(written, how.perLoad);
    let { version } = await lake.engine.replace(SPEC, [...first, ...load], `${name}-0`);
    for (const [i, delivered] of later.entries()) {
      const before = version;
      ({ version } = await lake.engine.merge(before, SPEC, [...delivered].reverse(), `${name}-${i + 1}`));
      if (!how.killed) continue;
      const again = await lake.engine.merge(before, SPEC, delivered, `${name}-${i + 1}`);
      expect(again.version.rows).toBe(version.rows);
      version = again.version;
    }
    if (!how.stale) return version;
    const stale = await lake.engine.merge(version, SPEC, [...load, ...written], `${name}-stale`);
    expect([stale.upserted, stale.deleted]).toEqual([0, 0]);
    return stale.version;
  }
});

/** The table at the source after the first so many changes. */
function tableAfter({ changes }: Delivery, count: number): Map<number, string> {
  const table = new Map<number, string>();
  for (const { id, name } of changes.slice(0, count)) {
    if (name === undefined) table.delete(id);
    else table.set(id, name);
  }
  return table;
}

/** The rows of all change files, in the order of the log. */
function changeRows(how: Delivery): ChangeRow[] {
  const known = new Set<number>();
  const all = how.changes.map(({ id, name }, place): ChangeRow => {
    const op = name === undefined ? 'D' : known.has(id) ? 'U' : 'I';
    if (op === 'D') known.delete(id);
    else known.add(id);
    return { op, sequence: place + 1, id, name };
  });
  const sent = all.slice(Math.max(0, Math.min(how.loaded, all.length) - how.overlap));
  const tail = how.again === 0 ? [] : sent.slice(-how.again);
  return [...sent, ...tail.map((row, i) => ({ ...row, sequence: all.length + i + 1 }))];
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
