import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadManifest } from '../../src/loads/load.ts';
import { chainOf } from '../../src/staging/replay.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
const file = { key: 'part-0', bytes: 1 };

const load = (name: string, until: number, more: Partial<LoadManifest> = {}): LoadManifest => ({
  load: name,
  dataset: 'canvas.users',
  kind: 'snapshot',
  layout: 'dap',
  format: 'jsonl',
  watermark: at(until),
  files: [file],
  startedAt: at(until),
  ...more,
});
const increment = (name: string, since: number, until: number, more: Partial<LoadManifest> = {}) =>
  load(name, until, { kind: 'increment', since: at(since), ...more });

const names = (manifests: readonly LoadManifest[], newest: string) =>
  chainOf(manifests, newest)?.map((one) => one.load);

describe('chainOf', () => {
  it('is the last snapshot and every increment since, whatever order and names they have', () => {
    const days = fc.array(fc.constantFrom('snapshot', 'increment', 'nothing'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(days, fc.infiniteStream(fc.nat()), (kinds, numbers) => {
        // Names that say nothing of the order: a clock that was set back names loads so.
        const loads = ['snapshot', ...kinds].map((kind, i) => {
          const name = `${numbers.next().value}-${i}`;
          if (kind === 'snapshot') return load(name, i);
          return increment(name, i - 1, i, kind === 'nothing' ? { files: [], watermark: at(i) } : {});
        });
        const last = loads.map((one) => one.kind).lastIndexOf('snapshot');
        const newest = loads.at(-1)!;
        const whole = !loads.slice(last, -1).some((one) => one.files.length === 0);
        const wanted = loads.slice(last).map((one) => one.load);
        const shuffled = [...loads].sort((a, b) => (a.load < b.load ? -1 : 1));
        expect(names(shuffled, newest.load)).toEqual(whole ? wanted : undefined);
      }),
    );
  });

  it('keeps every load of a quiet table, of which all end at one instant, in the order in which they were made', () => {
    const made = (hour: number) => ({ startedAt: at(hour) });
    const quiet = [increment('b', 0, 0, made(1)), increment('c', 0, 0, made(2))];
    const loads = [load('a', 0), ...quiet, increment('d', 0, 1)];

    expect(names(loads, 'd')).toEqual(['a', 'b', 'c', 'd']);
    expect(names([...loads].reverse(), 'd')).toEqual(['a', 'b', 'c', 'd']);
    expect(names([...loads, load('again', 0, made(3))], 'd')).toEqual(['again', 'd']);
  });

  it('is whole without increments that moved nothing', () => {
    const loads = [load('a', 0), increment('b', 0, 0, { files: [] }), increment('c', 0, 1)];

    expect(names(loads, 'c')).toEqual(['a', 'c']);
  });

  it('is none where a load between is missing, or the snapshot', () => {
    expect(names([load('a', 0), increment('c', 1, 2)], 'c')).toBeUndefined();
    expect(names([increment('b', 0, 1), increment('c', 1, 2)], 'c')).toBeUndefined();
    expect(names([load('a', 0)], 'c')).toBeUndefined();
  });

  it('begins with the later of two snapshots of one instant with an increment', () => {
    const loads = [load('a', 0), increment('b', 0, 1), load('s', 1), increment('c', 1, 2)];

    expect(names(loads, 'c')).toEqual(['s', 'c']);
  });

  it('goes over a snapshot of the last days as over an increment', () => {
    const window = load('w', 2, { kind: 'increment' });

    expect(names([load('a', 0), increment('b', 0, 1), window, increment('c', 2, 3)], 'c')).toEqual([
      'a',
      'b',
      'w',
      'c',
    ]);
  });
});
