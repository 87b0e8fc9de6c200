import { afterEach, describe, expect, it } from 'vitest';
import { QueryPages } from '../../../src/app/query/query-pages.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';

const open: QueryPages[] = [];
afterEach(async () => {
  for (const pages of open.splice(0)) await pages.close();
});
const openPages = (now?: () => number) => {
  const pages = new QueryPages(now);
  open.push(pages);
  return pages;
};

const COLUMNS = [
  { name: 'n', type: 'bigint' },
  { name: 'real', type: 'double' },
] as const;

/** An answer of so many rows in batches of 1,000; `hold` is waited for before the second. */
const rowsOf = (count: number, hold?: Promise<void>) => async (signal: AbortSignal) => ({
  columns: [...COLUMNS],
  remarks: [],
  async *batches(): AsyncIterable<Cell[][]> {
    for (let from = 0; from < count; from += 1000) {
      if (from > 0) await hold;
      signal.throwIfAborted();
      yield Array.from({ length: Math.min(1000, count - from) }, (_, i): Cell[] => [
        BigInt(from + i) + 2n ** 60n,
        from + i === 0 ? Number.NaN : 0.5,
      ]);
    }
  },
});

async function done(pages: QueryPages, id: string) {
  for (;;) {
    const found = pages.look(id);
    if (found.isDone) return found;
    await new Promise((next) => setTimeout(next, 1));
  }
}

describe('Pages of an answer', () => {
  it('give every row once, exactly, wherever a page begins', async () => {
    const pages = openPages();
    const { id } = await pages.start(rowsOf(9_500));
    expect(await done(pages, id)).toMatchObject({ rows: 9_500, isCut: false });
    const all: unknown[] = [];
    for (let from = 0; from < 9_500; from += 731) all.push(...(await pages.page(id, from, 731)).rows);
    expect(all.length).toBe(9_500);
    expect(all[9_499]).toEqual([String(9_499n + 2n ** 60n), 0.5]);
    expect(all.every((row, i) => (row as string[])[0] === String(BigInt(i) + 2n ** 60n))).toBe(true);
    // What JSON has no number for is a text.
    expect(all[0]).toEqual([String(2n ** 60n), 'NaN']);
    expect((await pages.page(id, 9_499, 500)).rows.length).toBe(1);
    expect((await pages.page(id, 20_000, 500)).rows).toEqual([]);
  });

  it('are there before the statement has ended', async () => {
    let goOn = () => {};
    const hold = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const pages = openPages();
    const started = await pages.start(rowsOf(3_000, hold));
    expect(started).toMatchObject({ rows: 1000, isDone: false });
    expect((await pages.page(started.id, 990, 50)).rows.length).toBe(10);
    goOn();
    expect((await done(pages, started.id)).rows).toBe(3_000);
  });

  it('say why there are none', async () => {
    const pages = openPages();
    await expect(pages.start(() => Promise.reject(new Error('no such table')))).rejects.toThrow(
      'no such table',
    );
    expect(() => pages.look('x')).toThrow('This answer is kept no more.');
  });

  it('stop a statement that is forgotten, and one whose asker has gone', async () => {
    const signals: AbortSignal[] = [];
    const never = new Promise<void>(() => {});
    const ask = (signal: AbortSignal) => {
      signals.push(signal);
      const hold = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return rowsOf(3_000, Promise.race([hold, never]))(signal);
    };
    const pages = openPages();
    const { id } = await pages.start(ask);
    await pages.forget(id);
    expect(signals[0]!.aborted).toBe(true);
    const gone = new AbortController();
    const waits = pages.start((signal) => {
      signals.push(signal);
      gone.abort();
      return Promise.reject(signal.reason);
    }, gone.signal);
    await expect(waits).rejects.toThrow('The statement was stopped.');
  });

  it('keep the answers that were used last', async () => {
    const pages = openPages();
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) ids.push((await pages.start(rowsOf(1))).id);
    pages.look(ids[0]!);
    await pages.start(rowsOf(1));
    expect(pages.look(ids[0]!).rows).toBe(1);
    expect(() => pages.look(ids[1]!)).toThrow('kept no more');
  });
});
