import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelEndpointError } from '../../src/inference/errors.ts';
import { AsyncOperator, type OperatorOptions } from '../../src/inference/operator.ts';
import type { Admitted, Outcome, Pending } from '../../src/inference/outcome.ts';
import { settled, VirtualClock } from './virtual-clock.ts';

type Result = Outcome<number, number>;
type Options = OperatorOptions<number, number>;

const admitted = (record: number, key = `${record}`): Admitted<number> => ({ id: `r${record}`, key, record });

function operatorOf(clock: VirtualClock, options: Partial<Options> & Pick<Options, 'call'>) {
  const emitted: Result[] = [];
  const marks: number[] = [];
  const operator = new AsyncOperator<number, number>({
    clock,
    capacity: 3,
    timeoutMs: 1000,
    order: 'unordered',
    emit: (outcome) => void emitted.push(outcome),
    passed: (mark) => void marks.push(mark),
    ...options,
  });
  return { operator, emitted, marks, records: () => emitted.map(({ of }) => of.record) };
}

const broken = (retryable = true) => new ModelEndpointError('the endpoint is down', { retryable });

describe('The asynchronous operator', () => {
  it('takes as many as its capacity, and lets others wait', async () => {
    const clock = new VirtualClock();
    const { operator, records } = operatorOf(clock, { call: (r) => clock.sleep(100).then(() => r) });
    const taken: number[] = [];
    for (let i = 0; i < 5; i++) void operator.admit(admitted(i)).then(() => taken.push(i));
    await settled();
    expect(taken).toEqual([0, 1, 2]);
    expect(operator.size).toBe(3);
    await clock.until(operator.end());
    expect(records()).toEqual([0, 1, 2, 3, 4]);
    await expect(operator.admit(admitted(5))).rejects.toThrow('nothing is admitted any more');
  });

  it('keeps the order where asked to, and else only between watermarks', async () => {
    for (const order of ['ordered', 'unordered'] as const) {
      const clock = new VirtualClock();
      const { operator, records, marks } = operatorOf(clock, {
        order,
        capacity: 10,
        call: (r) => clock.sleep(100 - 10 * r).then(() => r),
      });
      for (const r of [0, 1, 2]) await operator.admit(admitted(r));
      operator.watermark(7);
      for (const r of [3, 4]) await operator.admit(admitted(r));
      await clock.until(operator.end());
      expect(records()).toEqual(order === 'ordered' ? [0, 1, 2, 3, 4] : [2, 1, 0, 4, 3]);
      expect(marks).toEqual([7]);
    }
  });

  it('scores records of one key one after the other, and does not lose those behind one that never answers', async () => {
    const clock = new VirtualClock();
    const begun: number[] = [];
    const { operator, emitted } = operatorOf(clock, {
      capacity: 10,
      call: (r) => {
        begun.push(clock.now());
        return r === 1 ? new Promise(() => undefined) : clock.sleep(100).then(() => r);
      },
    });
    for (const r of [0, 1, 2]) await operator.admit(admitted(r, 'one student'));
    await operator.admit(admitted(3, 'another'));
    await clock.until(operator.end());
    expect(begun).toEqual([0, 0, 100]);
    expect(emitted.map(({ of, kind }) => [of.record, kind])).toEqual([
      [0, 'score'],
      [3, 'score'],
      [1, 'dead letter'],
      [2, 'dead letter'],
    ]);
    expect(emitted.at(-1)).toMatchObject({ reason: 'model-timeout' });
  });

  it('ends a record whose timeout comes while it waits for its next attempt', async () => {
    const clock = new VirtualClock();
    const { operator, emitted } = operatorOf(clock, {
      attempts: 9,
      pauseMs: 600,
      call: () => Promise.reject(broken()),
      fallback: (r) => -r,
    });
    await operator.admit(admitted(4));
    await clock.until(operator.end());
    expect(clock.now()).toBe(1000);
    expect(emitted).toEqual([
      { kind: 'fallback', of: admitted(4), score: -4, attempts: 2, reason: 'model-timeout' },
    ]);
  });

  it('does not ask again what is refused for good, and lets no fallback that fails keep a record', async () => {
    const clock = new VirtualClock();
    const { operator, emitted } = operatorOf(clock, {
      attempts: 5,
      call: () => Promise.reject(broken(false)),
      fallback: () => {
        throw new Error('no');
      },
    });
    await operator.admit(admitted(1));
    await clock.until(operator.end());
    expect(emitted).toEqual([
      { kind: 'dead letter', of: admitted(1), attempts: 1, reason: 'model-endpoint' },
    ]);
  });

  it('ends with the error of what takes the outcomes, and keeps what it did not take', async () => {
    const clock = new VirtualClock();
    const { operator } = operatorOf(clock, {
      call: (r) => clock.sleep(10).then(() => r),
      emit: ({ of }) => {
        if (of.record === 1) throw new Error('disk full');
      },
    });
    for (const r of [0, 1, 2]) await operator.admit(admitted(r));
    await expect(clock.until(operator.end())).rejects.toThrow('disk full');
    await expect(operator.admit(admitted(3))).rejects.toThrow('disk full');
    expect((await operator.checkpoint()).map((one) => one.type === 'record' && one.record)).toEqual([1, 2]);
  });

  it('wakes who waits for room when it is stopped', async () => {
    const clock = new VirtualClock();
    const { operator } = operatorOf(clock, { capacity: 1, call: () => new Promise(() => undefined) });
    await operator.admit(admitted(0));
    const waiting = operator.admit(admitted(1));
    operator.stop();
    await expect(waiting).rejects.toThrow('Scoring was stopped');
  });
});

/** What one attempt at a record's call does. */
const attempt = fc.record({
  ms: fc.integer({ min: 0, max: 400 }),
  does: fc.constantFrom('answers', 'answers', 'answers', 'fails', 'refuses', 'never answers'),
});
const story = fc.record({
  records: fc.array(
    fc.record({
      key: fc.integer({ min: 0, max: 4 }),
      attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  watermarkEvery: fc.integer({ min: 2, max: 8 }),
  checkpointEvery: fc.integer({ min: 1, max: 6 }),
  /** After so many timers the process is killed; several lives. */
  kills: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
  capacity: fc.integer({ min: 1, max: 6 }),
  order: fc.constantFrom('ordered' as const, 'unordered' as const),
  sinkMs: fc.integer({ min: 0, max: 30 }),
});

describe('Under latency, failures and kills', () => {
  it('each admitted record ends exactly once, as score, fallback or dead letter with its reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        story,
        async ({ records, watermarkEvery, checkpointEvery, kills, capacity, order, sinkMs }) => {
          /** What survives a kill: outcomes, pending inputs and the position in the source, written at once. */
          let stored: { outcomes: Result[]; pending: Pending<number>[]; position: number } = {
            outcomes: [],
            pending: [],
            position: 0,
          };
          for (let life = 0; ; life++) {
            const clock = new VirtualClock();
            const tries = new Map<number, number>();
            let since: Result[] = [];
            let most = 0;
            let isDead = false;
            const operator: AsyncOperator<number, number> = new AsyncOperator<number, number>({
              clock,
              capacity,
              order,
              timeoutMs: 700,
              attempts: 3,
              pauseMs: 50,
              call: async (r, signal) => {
                most = Math.max(most, operator.size);
                const own = records[r]!.attempts;
                const count = tries.get(r) ?? 0;
                tries.set(r, count + 1);
                const { ms, does } = own[count % own.length]!;
                await clock.sleep(ms, signal);
                if (does === 'never answers') return new Promise<number>(() => undefined);
                if (does === 'fails') throw broken();
                if (does === 'refuses') throw broken(false);
                return r * 10;
              },
              fallback: (r) => (r % 2 === 0 ? -1 : undefined),
              emit: async (outcome) => {
                await clock.sleep(sinkMs);
                since.push(outcome);
              },
            });
            const checkpoint = async (position: number) => {
              const pending = await operator.checkpoint();
              if (isDead) return;
              stored = { outcomes: [...stored.outcomes, ...since], pending, position };
              since = [];
            };
            const work = async () => {
              // More may be pending than there is room for: what waited in the source is not among it.
              const { pending, position } = stored;
              for (const one of pending) {
                if (one.type === 'watermark') operator.watermark(one.at);
                else await operator.admit(one);
              }
              for (let r = position; r < records.length; r++) {
                await operator.admit({ id: `r${r}`, key: `k${records[r]!.key}`, record: r });
                if (r % watermarkEvery === 0) operator.watermark(r);
                if (r % checkpointEvery === 0) await checkpoint(r + 1);
              }
              await operator.end();
              await checkpoint(records.length);
            };
            const kill = kills[life];
            const working = work();
            if (kill === undefined) {
              await clock.until(working);
              expect(most).toBeLessThanOrEqual(capacity);
              break;
            }
            working.catch(() => undefined);
            for (let i = 0; i < kill; i++) {
              await settled();
              if (!clock.next()) break;
            }
            isDead = true;
          }
          const { outcomes, pending } = stored;
          expect(pending).toEqual([]);
          expect(outcomes.map(({ of }) => of.record).sort((a, b) => a - b)).toEqual(records.map((_, i) => i));
          for (const outcome of outcomes) {
            if (outcome.kind === 'score') expect(outcome.score).toBe(outcome.of.record * 10);
            else expect(['model-timeout', 'model-endpoint']).toContain(outcome.reason);
            if (outcome.kind === 'fallback') expect(outcome.of.record % 2).toBe(0);
          }
          if (order === 'ordered')
            expect(outcomes.map(({ of }) => of.record)).toEqual(records.map((_, i) => i));
          // Never across a watermark, which comes after every so many records.
          const segments = outcomes.map(({ of }) => Math.ceil(of.record / watermarkEvery));
          expect(segments).toEqual(segments.toSorted((a, b) => a - b));
          for (const key of [0, 1, 2, 3, 4]) {
            const own = outcomes.filter(({ of, kind }) => of.key === `k${key}` && kind === 'score');
            const inOrder = own.map(({ of }) => of.record);
            expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: process.env.PROPERTY_RUNS === 'full' ? 300 : 40 },
    );
  });
});
