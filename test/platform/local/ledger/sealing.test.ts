import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalEngine } from '../../../../src/platform/local/duckdb/engine.ts';
import { readLayout } from '../../../../src/platform/local/ledger/ops-layout.ts';
import { openLocalLedger } from '../../../../src/platform/local/ledger.ts';
import { type OpsRow, runStamp } from '../../../../src/ports/ledger.ts';
import { granted } from '../../../granted.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const runOf = (day: number) => `${runStamp(START + day * DAY)}-0000`;

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lake-sealing-'));
  folder = path.join(root, 'ledger');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A ledger that seals whatever there is. */
const open = () => openLocalLedger(folder, { sealBytes: 0 });

const stepsOf = (day: number, more: object = {}): OpsRow[] =>
  ['load', 'stage'].map((step) => ({
    id: `${runOf(day)}/main/${step}`,
    run: runOf(day),
    step,
    attempt: 1,
    started_at: new Date(START + day * DAY).toISOString(),
    output: '{"rows":[1,2]}',
    error: null,
    ...more,
  }));

async function ask(sql: string, name = 'ops.steps'): Promise<unknown[][]> {
  const engine = await openLocalEngine({ root });
  try {
    const rows: unknown[][] = [];
    const result = await engine.query(sql, granted(await engine.opsTables(open(), [name])));
    for await (const batch of result.batches()) rows.push(...batch);
    return rows;
  } finally {
    await engine.close();
  }
}

describe('rows of older runs', () => {
  it('lie in few Parquet files however many runs there were, and read as before', async () => {
    const ledger = open();
    for (let day = 0; day < 6; day++) {
      await ledger.append('steps', stepsOf(day));
      await ledger.tidy({ run: runOf(day) });
    }

    const { segments, recent, outdated } = await readLayout(path.join(folder, 'ops'), 'steps');
    expect(segments.length).toBeLessThanOrEqual(3);
    expect(outdated.filter((file) => path.dirname(file) !== path.join(folder, 'ops'))).toEqual([]);
    expect(path.basename(recent)).toBe('recent-5.jsonl');
    const all = Array.from({ length: 6 }, (_, day) => stepsOf(day)).flat();
    expect(await open().rows('steps')).toEqual(all);
    expect(await open().rows('steps', `${runOf(3)}/`)).toEqual(stepsOf(3));
    expect(await open().rows('steps', `${runOf(5)}/`)).toEqual(stepsOf(5));
    expect(
      await ask(`SELECT count(*), min(started_at), max(attempt) FROM ops.steps WHERE step = 'stage'`),
    ).toEqual([[6n, '2026-01-01 00:00:00.000', 1n]]);
  });

  it('are replaced by a later row of their id, wherever that lies', async () => {
    const ledger = open();
    await ledger.append('steps', stepsOf(0));
    await ledger.tidy({ run: runOf(1) });
    const [first] = stepsOf(0);
    await ledger.append('steps', [{ ...first!, status: 'again' }]);

    const check = async () => {
      expect((await open().rows('steps')).map(({ status = null }) => status)).toEqual(['again', null]);
      expect(await ask('SELECT step, status FROM ops.steps ORDER BY step')).toEqual([
        ['load', 'again'],
        ['stage', null],
      ]);
    };
    await check();
    await ledger.tidy({ run: runOf(1) });
    await check();
  });

  it('show columns that only some of them bring, of one type or as text', async () => {
    const ledger = open();
    await ledger.append('steps', stepsOf(0, { speed: 3 }));
    await ledger.tidy({ run: runOf(1) });
    await ledger.append('steps', stepsOf(1, { speed: 'fast', hot: true }));

    expect(await ask('SELECT speed, hot FROM ops.steps ORDER BY id')).toEqual([
      ['3', null],
      ['3', null],
      ['fast', true],
      ['fast', true],
    ]);
  });

  it('leave out a line that is no row, and say so once', async () => {
    await mkdir(path.join(folder, 'ops'), { recursive: true });
    const [row] = stepsOf(0);
    await writeFile(path.join(folder, 'ops/steps.jsonl'), `${JSON.stringify(row)}\n${'\0'.repeat(100)}\n`);

    expect(await open().tidy({ run: runOf(1) })).toEqual({ damaged: 1 });
    expect(await open().tidy({ run: runOf(1) })).toEqual({ damaged: 0 });
    expect(await open().rows('steps')).toEqual([row]);
  });

  it('go when they are old and only details; the others stay', async () => {
    const ledger = openLocalLedger(folder, { sealBytes: 0, segmentRows: 2 });
    for (const day of [0, 400, 800]) {
      await ledger.append('steps', stepsOf(day));
      await ledger.append('loads', stepsOf(day));
      await ledger.tidy({ run: runOf(day), forgetDetailBefore: START + (day - 100) * DAY });
    }

    expect(await ledger.rows('steps', runOf(0))).toEqual([]);
    expect(await ledger.rows('steps', runOf(800))).toHaveLength(2);
    expect(await ledger.rows('loads')).toHaveLength(6);
  });

  it('are not lost by a process that is killed while it seals', async () => {
    const ledger = open();
    await ledger.append('steps', stepsOf(0));
    await ledger.append('steps', stepsOf(1));
    // The new file of rows is there, the segment is not: only its name makes it count.
    await mkdir(path.join(folder, 'ops/steps'), { recursive: true });
    await writeFile(path.join(folder, 'ops/steps/recent-1.jsonl'), `${JSON.stringify(stepsOf(1)[0])}\n`);
    await writeFile(path.join(folder, 'ops/steps/0-0.parquet.unfinished'), 'half');
    expect(await open().rows('steps')).toEqual([...stepsOf(0), ...stepsOf(1)]);

    await open().tidy({ run: runOf(1) });
    expect(await open().rows('steps')).toEqual([...stepsOf(0), ...stepsOf(1)]);
    // Merged, and killed before what was merged was removed.
    await writeFile(path.join(folder, 'ops/steps.jsonl'), `${JSON.stringify({ id: 'stale' })}\n`);
    expect(await open().rows('steps')).toEqual([...stepsOf(0), ...stepsOf(1)]);
  });

  it('answer as rows in memory would, whatever is appended, sealed and read in whatever order', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const act = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ append: fc.array(fc.record({ id, n: fc.nat(9) }), { maxLength: 3 }) }),
      },
      { weight: 1, arbitrary: fc.record({ tidy: id }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 6 }), async (acts) => {
        await rm(folder, { recursive: true, force: true });
        const known = new Map<string, OpsRow>();
        for (const one of acts) {
          if ('tidy' in one) await open().tidy({ run: one.tidy });
          else {
            await open().append('runs', one.append);
            for (const row of one.append) known.set(row.id, row);
          }
        }
        const byId = (rows: Iterable<OpsRow>) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(byId(await open().rows('runs'))).toEqual(byId(known.values()));
        expect(
          (await readdir(path.join(folder, 'ops')).catch(() => [])).filter((n) => n.includes('lock')),
        ).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});
