import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { LedgerConflictError, RunLockedError } from '../../src/ports/errors.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';

export interface LedgerStoreHome {
  /** A new, empty ledger. */
  open(): Promise<LedgerStore>;
  /** Another view of the same ledger, as a second process has. */
  again(): Promise<LedgerStore>;
  close(): Promise<void>;
}

/** What every ledger promises, in both targets. */
export function ledgerStoreContract(home: LedgerStoreHome): void {
  let ledger: LedgerStore;
  beforeEach(async () => {
    ledger = await home.open();
  });
  afterEach(() => home.close());

  describe('state records of every ledger', () => {
    it('are read back with the version that the next write must name', async () => {
      const value = { watermark: '2026-11-22T00:00:00Z', pending: [1, { deep: null }], name: 'é \u{1f393}' };

      const first = await ledger.write('note/canvas.users', value, undefined);
      const second = await ledger.write('note/canvas.users', { ...value, pending: [] }, first);

      expect(await ledger.read('note/canvas.users')).toEqual({
        value: { ...value, pending: [] },
        version: second,
      });
      expect(second).not.toBe(first);
    });

    it('are undefined where there is none', async () => {
      expect(await ledger.read('note/none')).toBeUndefined();
      expect(await ledger.list('note/')).toEqual([]);
    });

    it('refuse a write that names an old version, none, or one too many', async () => {
      const first = await ledger.write('k', 'a', undefined);
      const second = await ledger.write('k', 'b', first);

      for (const stale of [first, undefined, second + 1]) {
        await expect(ledger.write('k', 'c', stale)).rejects.toThrow(LedgerConflictError);
      }
      await expect(ledger.write('other', 'c', second)).rejects.toThrow(LedgerConflictError);

      expect(await ledger.read('k')).toEqual({ value: 'b', version: second });
      expect(await ledger.read('other')).toBeUndefined();
    });

    it('do not take a record that was removed and made again for the old one', async () => {
      const old = await ledger.write('k', 'old', undefined);
      await ledger.delete('k');
      await new Promise((resolve) => setTimeout(resolve, 5));
      await ledger.write('k', 'new', undefined);

      await expect(ledger.write('k', 'stale', old)).rejects.toThrow(LedgerConflictError);
    });

    it('are listed by prefix in key order, with odd keys as they are', async () => {
      const keys = ['note/b', 'note/a.x', 'note/ü %2F', 'notes', 'other/current'];
      for (const key of keys) await ledger.write(key, key, undefined);

      const listed = await ledger.list<string>('note/');

      expect(listed.map((r) => [r.key, r.value])).toEqual([
        ['note/a.x', 'note/a.x'],
        ['note/b', 'note/b'],
        ['note/ü %2F', 'note/ü %2F'],
      ]);
      expect(await ledger.list('')).toHaveLength(keys.length);
    });

    it('can be long, and short again', async () => {
      const long = { files: Array.from({ length: 30_000 }, (_, i) => `raw/canvas/users/part-${i}.gz`) };

      const first = await ledger.write('k', long, undefined);
      const second = await ledger.write('k', { ...long, more: true }, first);
      await expect(ledger.write('k', { ...long, stale: true }, first)).rejects.toThrow(LedgerConflictError);

      expect(await ledger.read('k')).toEqual({ value: { ...long, more: true }, version: second });
      expect(await ledger.list('')).toEqual([{ key: 'k', value: { ...long, more: true }, version: second }]);
      const third = await ledger.write('k', 'short', second);
      expect(await ledger.read('k')).toEqual({ value: 'short', version: third });
      await ledger.delete('k');
      expect(await ledger.read('k')).toBeUndefined();
    });

    it('let exactly one of many racing writers win each version', async () => {
      const other = await home.again();
      let version = await ledger.write('raced', -1, undefined);

      for (let round = 0; round < 5; round++) {
        const attempts = await Promise.allSettled(
          Array.from({ length: 12 }, (_, i) => (i % 2 ? other : ledger).write('raced', i, version)),
        );

        const winners = attempts.flatMap((a, i) =>
          a.status === 'fulfilled' ? [{ i, version: a.value }] : [],
        );
        expect(winners).toHaveLength(1);
        expect(await ledger.read('raced')).toEqual({ value: winners[0]!.i, version: winners[0]!.version });
        version = winners[0]!.version;
      }
    });

    it('lose no increment when writers read again after a conflict', async () => {
      const views = [ledger, await home.again()];
      await ledger.write('counter', 0, undefined);
      const increment = async (view: LedgerStore): Promise<void> => {
        for (;;) {
          const { value, version } = (await view.read<number>('counter'))!;
          try {
            await view.write('counter', value + 1, version);
            return;
          } catch (error) {
            if (!(error instanceof LedgerConflictError)) throw error;
          }
        }
      };

      await Promise.all(Array.from({ length: 10 }, (_, i) => increment(views[i % 2]!)));

      expect((await ledger.read('counter'))?.value).toBe(10);
    });

    it('behave as a map with versions', async () => {
      const key = fc.constantFrom('a', 'a/b', 'c');
      const command = fc.oneof(
        fc.record({ act: fc.constant('write' as const), key, value: fc.jsonValue() as fc.Arbitrary<Json> }),
        fc.record({ act: fc.constant('stale' as const), key, value: fc.jsonValue() as fc.Arbitrary<Json> }),
        fc.record({ act: fc.constant('delete' as const), key }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
          for (const { key } of await ledger.list('')) await ledger.delete(key);
          const model = new Map<string, { value: Json; version: number }>();
          for (const c of commands) {
            if (c.act === 'delete') {
              await ledger.delete(c.key);
              model.delete(c.key);
            } else if (c.act === 'stale') {
              const wrong = model.has(c.key) ? undefined : 1;
              await expect(ledger.write(c.key, c.value, wrong)).rejects.toThrow(LedgerConflictError);
            } else {
              const version = await ledger.write(c.key, c.value, model.get(c.key)?.version);
              model.set(c.key, { value: JSON.parse(JSON.stringify(c.value)), version });
            }
          }
          const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
          expect(await ledger.list('')).toEqual(sorted.map(([k, v]) => ({ key: k, ...v })));
        }),
        { numRuns: 15 },
      );
    });
  });

  describe('rows of every ledger', () => {
    it('come back in the order of their first append, the last of each id', async () => {
      await ledger.append('runs', [
        { id: 'r1', status: 'running' },
        { id: 'r2', status: 'running', text: 'line\nbreak \u2028 "quoted"' },
      ]);
      await ledger.append('runs', [{ id: 'r1', status: 'succeeded', nested: { rows: [1, 2] } }]);
      await ledger.append('steps', [{ id: 's1' }]);

      expect(await ledger.rows('runs')).toEqual([
        { id: 'r1', status: 'succeeded', nested: { rows: [1, 2] } },
        { id: 'r2', status: 'running', text: 'line\nbreak \u2028 "quoted"' },
      ]);
      expect(await ledger.rows('steps')).toEqual([{ id: 's1' }]);
      expect(await ledger.rows('checks')).toEqual([]);
    });

    it('lose nothing when many append at once', async () => {
      const views = [ledger, await home.again()];

      await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          views[i % 2]!.append('loads', [{ id: `a${i}` }, { id: `b${i}` }]),
        ),
      );

      const ids = (await ledger.rows('loads')).map((row) => row.id);
      expect(new Set(ids).size).toBe(120);
    });

    it('come alone where only ids that start so are asked for', async () => {
      const ids = ['run-2/b', 'run-1/b', 'run-1/a', 'run-1', 'run-10/a'];
      for (const id of ids) await ledger.append('steps', [{ id }]);
      await ledger.append('steps', [{ id: 'run-1/b', again: true }]);

      expect(await ledger.rows('steps', 'run-1/')).toEqual([
        { id: 'run-1/b', again: true },
        { id: 'run-1/a' },
      ]);
      expect(await ledger.rows('steps', 'run-3/')).toEqual([]);
    });

    it('are the same before and after the ledger was tidied, and go on', async () => {
      const rowsOf = (run: string) => ['a', 'b'].map((item) => ({ id: `${run}/${item}`, run, ok: true }));
      const early = '20260101T000000Z-0001';
      const late = '20260301T000000Z-0002';
      for (const table of ['steps', 'loads'] as const) {
        await ledger.append(table, rowsOf(early));
        await ledger.append(table, rowsOf(late));
      }

      for (let again = 0; again < 2; again++) {
        expect(await ledger.tidy({ run: late })).toEqual({ damaged: 0 });
        expect(await ledger.rows('steps')).toEqual([...rowsOf(early), ...rowsOf(late)]);
        expect(await ledger.rows('loads', `${late}/`)).toEqual(rowsOf(late));
      }
      await ledger.append('loads', [{ id: `${late}/c` }]);
      expect(await ledger.rows('loads')).toEqual([...rowsOf(early), ...rowsOf(late), { id: `${late}/c` }]);
    });

    it('keep the last of an id that comes twice in one append', async () => {
      await ledger.append('steps', [{ id: 'a', n: 1 }, { id: 'b' }, { id: 'a', n: 2 }]);

      expect(await ledger.rows('steps')).toEqual([{ id: 'a', n: 2 }, { id: 'b' }]);
    });

    it('can be long', async () => {
      const long = { id: 'long', text: 'é'.repeat(400_000) };
      await ledger.append('steps', [{ id: 'short' }, long]);
      await ledger.append('steps', [{ ...long, again: true }]);

      expect(await ledger.rows('steps')).toEqual([{ id: 'short' }, { ...long, again: true }]);
    });

    it('take no rows for nothing', async () => {
      await ledger.append('loads', []);

      expect(await ledger.rows('loads')).toEqual([]);
    });
  });

  describe('the right to run of every ledger', () => {
    it('is held by one, who is named to the others, until it is released', async () => {
      const other = await home.again();
      const held = await ledger.lock('run 2026-11-22');

      await expect(other.lock('second')).rejects.toThrow(RunLockedError);
      await expect(other.lock('second')).rejects.toThrow('run 2026-11-22');
      await held.release();
      const next = await other.lock('second');

      await expect(ledger.lock('third')).rejects.toThrow('second');
      await next.release();
    });

    it('goes to exactly one of many who ask at once', async () => {
      const views = [ledger, await home.again()];

      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) => views[i % 2]!.lock(`asker ${i}`)),
      );

      expect(attempts.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
    });
  });
}
