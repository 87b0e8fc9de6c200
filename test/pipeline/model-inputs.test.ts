import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownDataset } from '../../src/loads/known-datasets.ts';
import { inputsOf, whyKept } from '../../src/pipeline/model-inputs.ts';
import type { ModelRecord } from '../../src/pipeline/model-record.ts';

const day = (n: number) => new Date(Date.UTC(2026, 9, n)).toISOString();
const dataset = (id: string, asOf?: string, isStale = false): [string, KnownDataset] => [
  id,
  { dataset: id, ...(asOf ? { asOf, modelAsOf: asOf } : {}), isStale },
];
const record = (model: string, rest: Partial<ModelRecord>): ModelRecord => ({
  model,
  run: 'r',
  version: { table: `campus.${model}`, columns: [], rows: 0, storage: {} },
  ...rest,
});

describe('The as-of of a model', () => {
  it('is the oldest of what it reads, through other models, and of nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 7 }), { maxLength: 20 }),
        (days, picks) => {
          const known = new Map(days.map((n, i) => dataset(`canvas.d${i}`, day(n))));
          // A chain of models: each reads one dataset, and the model before it.
          const records: ModelRecord[] = [];
          for (const [i, pick] of picks.entries()) {
            const reads = [`canvas.d${pick % days.length}`, ...(i > 0 ? [`campus.m${i - 1}`] : [])];
            const { asOf, sources } = inputsOf(reads, known, records, 'r');
            const seen = picks.slice(0, i + 1).map((p) => p % days.length);
            expect(asOf).toBe(day(Math.min(...seen.map((p) => days[p]!))));
            expect(sources).toEqual([...new Set(seen.map((p) => `canvas.d${p}`))].sort());
            records.push(record(`m${i}`, { asOf, sources }));
          }
        },
      ),
    );
  });

  it('is not that of a dataset that was never loaded, and absent where none was', () => {
    const known = new Map([dataset('canvas.a'), dataset('canvas.b', day(3))]);

    expect(inputsOf(['canvas.a', 'canvas.b', 'ops.run'], known, [], 'r').asOf).toBe(day(3));
    expect(inputsOf(['canvas.a'], known, [], 'r').asOf).toBeUndefined();
  });

  it('names what is stale beneath other models, and models that were kept', () => {
    const known = new Map([dataset('canvas.a', day(1), true), dataset('canvas.b', day(9))]);
    const built = record('m', { asOf: day(1), sources: ['canvas.a'] });
    const kept = record('old', { run: 'q', asOf: day(2), sources: [], kept: { run: 'r', why: 'x' } });

    expect(whyKept(inputsOf(['campus.m'], known, [built, kept], 'r'), true)).toBe(
      'canvas.a is known up to 2026-10-01 00:00 UTC',
    );
    expect(whyKept(inputsOf(['campus.old', 'canvas.b'], known, [built, kept], 'r'), true)).toBe(
      'campus.old kept its last version',
    );
    expect(whyKept(inputsOf(['canvas.b'], known, [built, kept], 'r'), true)).toBeUndefined();
  });

  it('is not made twice of tables that are a night apart: what lists people keeps its version of that moment', () => {
    const hour = 3_600_000;
    const late = (behind: number, whyOld?: string) => {
      const asOf = new Date(Date.parse(day(9)) - behind * hour).toISOString();
      const about = {
        dataset: 'canvas.a',
        asOf,
        modelAsOf: asOf,
        isStale: false,
        ...(whyOld ? { whyOld } : {}),
      };
      const known = new Map<string, KnownDataset>([['canvas.a', about], dataset('canvas.b', day(9))]);
      return inputsOf(['canvas.a', 'canvas.b'], known, [], 'r');
    };

    expect(whyKept(late(24, 'its load failed'), true)).toBe(
      'canvas.a is known up to 2026-10-08 00:00 UTC (its load failed)',
    );
    // Without a version to keep, what the catalog promises is good enough.
    expect(whyKept(late(24, 'its load failed'), false)).toBeUndefined();
    // Tables of one run differ by as long as it takes; an hourly run that fails is no night.
    expect(whyKept(late(10), true)).toBeUndefined();
    expect(whyKept(late(2, 'its load failed'), true)).toBeUndefined();
  });
});
