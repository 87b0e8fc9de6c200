import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLocalEngine } from '../../../../src/platform/local/duckdb/engine.ts';
import { factsFile, readLayout } from '../../../../src/platform/local/ledger/ops-layout.ts';
import { openLocalLedger } from '../../../../src/platform/local/ledger.ts';
import { type AddedOpsTable, type OpsRow, runStamp } from '../../../../src/ports/ledger.ts';
import { granted } from '../../../granted.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const runOf = (day: number) => `${runStamp(START + day * DAY)}-0000`;
const WORK: AddedOpsTable = {
  name: 'work',
  description: 'Work',
  hotDays: 3,
  columns: [{ name: 'ms', type: 'bigint' }],
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lake-cooling-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const open = () =>
  openLocalLedger(path.join(root, 'ledger'), { added: [WORK], sealBytes: 0, segmentRows: 40 });
const rowsOf = (day: number): OpsRow[] =>
  Array.from({ length: 20 }, (_, i) => ({ id: `${runOf(day)}/${i}`, run: runOf(day), ms: day * 100 + i }));

async function ask(sql: string): Promise<unknown[][]> {
  const engine = await openLocalEngine({ root });
  try {
    const rows: unknown[][] = [];
    const result = await engine.query(sql, granted(await engine.opsTables(open(), ['ops.work'])));
    for await (const batch of result.batches()) rows.push(...batch);
    return rows;
  } finally {
    await engine.close();
  }
}

it('rows older than the days that a table names are read by SQL only, in less space', async () => {
  for (let day = 0; day < 12; day++) {
    const ledger = open();
    await ledger.append('work', rowsOf(day));
    await ledger.tidy({ run: runOf(day), now: START + day * DAY });
  }
  const days = new Set((await open().rows('work')).map(({ run }) => run));
  expect(days.has(runOf(11))).toBe(true);
  expect(days.has(runOf(9))).toBe(true);
  expect(days.has(runOf(0))).toBe(false);
  // Nothing is lost: what is not read at once is there for SQL.
  expect(await ask('SELECT count(*), sum(ms), min(run) FROM ops.work')).toEqual([
    [240n, BigInt(20 * 100 * 66 + 12 * 190), runOf(0)],
  ]);

  const { segments } = await readLayout(path.join(root, 'ledger/ops'), 'work');
  const facts = await Promise.all(
    segments.map(
      async ({ file }) => JSON.parse(await readFile(factsFile(file), 'utf8')) as { isCold?: true },
    ),
  );
  expect(facts[0]!.isCold).toBe(true);
  expect(facts.at(-1)!.isCold).toBeUndefined();
  // What is known of a segment can be lost: it is then found in the segment.
  await rm(factsFile(segments[0]!.file));
  expect((await open().rows('work')).some(({ run }) => run === runOf(0))).toBe(false);
  expect(await ask('SELECT count(*) FROM ops.work')).toEqual([[240n]]);
  expect((await stat(segments[0]!.file)).size).toBeGreaterThan(0);
});
