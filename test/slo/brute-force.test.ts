import fc from 'fast-check';
import Fraction from 'fraction.js';
import { expect, it } from 'vitest';
import { knownMinutes, lateMinutes, type Seen } from '../../src/slo/age.ts';
import { stateAt } from '../../src/slo/alert-state.ts';
import { budgetIn } from '../../src/slo/budget.ts';
import { measureMinutes } from '../../src/slo/measured.ts';
import type { Budgeting, BurnAlert } from '../../src/slo/objective.ts';
import { difference, intersection, MINUTE_MS, minuteCount, type Span, union } from '../../src/slo/spans.ts';
import { replayAll } from './replay.ts';

const END = 400;
const span = fc
  .tuple(fc.nat(END - 1), fc.integer({ min: 1, max: 60 }))
  .map(([from, length]): Span => ({ from, to: Math.min(from + length, END) }));
const spans = fc.array(span, { maxLength: 6 });
const isIn = (list: readonly Span[], minute: number) =>
  list.some(({ from, to }) => from <= minute && minute < to);
const minutes = Array.from({ length: END }, (_, i) => i);

it('lists of minutes are as sets of minutes', () => {
  fc.assert(
    fc.property(spans, spans, fc.nat(END), fc.nat(END), (a, b, x, y) => {
      const [left, right] = [union(a), union(b)];
      const both = intersection(left, right);
      const without = difference(left, right);
      const wrong = minutes.filter(
        (m) =>
          isIn(left, m) !== isIn(a, m) ||
          isIn(both, m) !== (isIn(a, m) && isIn(b, m)) ||
          isIn(without, m) !== (isIn(a, m) && !isIn(b, m)),
      );
      expect(wrong).toEqual([]);
      expect(minuteCount(left)(x, y)).toBe(minutes.filter((m) => m >= x && m < y && isIn(a, m)).length);
    }),
    { numRuns: 60 },
  );
});

/** Versions of a table at any millisecond, of data of any age, also from the future. */
const versions = fc
  .array(
    fc.record({
      from: fc.nat(END * MINUTE_MS),
      age: fc.option(fc.integer({ min: -5 * MINUTE_MS, max: 90 * MINUTE_MS }), { nil: undefined }),
    }),
    { maxLength: 8 },
  )
  .map((list): Seen[] =>
    list
      .sort((a, b) => a.from - b.from)
      .map(({ from, age }) => ({ from, dataUpTo: age === undefined ? undefined : from - age })),
  );

it('a minute is late if a reader in it, at any quarter of a second, found the table too old', () => {
  fc.assert(
    fc.property(versions, fc.integer({ min: 1, max: 100 }), fc.nat(END * MINUTE_MS), (seen, bound, now) => {
      const atMost = bound * MINUTE_MS;
      const late = lateMinutes(seen, atMost, now);
      const known = knownMinutes(seen, now);
      for (const minute of minutes) {
        const isOver = (minute + 1) * MINUTE_MS <= now;
        expect(isIn(known, minute)).toBe(isOver && seen.length > 0 && minute * MINUTE_MS >= seen[0]!.from);
        if (!isIn(known, minute)) continue;
        let found = false;
        for (let at = minute * MINUTE_MS; at < (minute + 1) * MINUTE_MS && !found; at += 250) {
          const shown = seen.findLast(({ from }) => from <= at);
          // Late from just after the bound on: an instant of length 0 is no time.
          if (shown) found = shown.dataUpTo === undefined || at + 249 - shown.dataUpTo > atMost + 249;
        }
        if (found) expect(isIn(late, minute)).toBe(true);
        if (!isIn(late, minute)) expect(found).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

const methods: fc.Arbitrary<Budgeting> = fc.oneof(
  fc.constant<Budgeting>({ method: 'occurrences' }),
  fc
    .constantFrom(1, 5, 7)
    .map((length): Budgeting => ({ method: 'ratio-timeslices', sliceMs: length * MINUTE_MS })),
  fc.tuple(fc.constantFrom(1, 5, 7), fc.constantFrom('0.5', '0.8', '1')).map(
    ([length, target]): Budgeting => ({
      method: 'timeslices',
      sliceMs: length * MINUTE_MS,
      target: new Fraction(target),
    }),
  ),
);

it('every budgeting method counts as one that looks at each minute does', () => {
  fc.assert(
    fc.property(spans, spans, spans, methods, fc.nat(END), fc.nat(END), (k, b, e, budgeting, from, to) => {
      const [known, bad, excluded] = [union(k), union(b), union(e)];
      const { bad: found, total } = measureMinutes({ known, bad, excluded }, budgeting).tally(from, to);
      const counts = (m: number) => isIn(known, m) && !isIn(excluded, m);
      const wrong = (m: number) => counts(m) && isIn(bad, m);
      let expectedBad = new Fraction(0);
      let expectedTotal = 0;
      const length = budgeting.method === 'occurrences' ? 1 : budgeting.sliceMs / MINUTE_MS;
      for (let start = 0; start + length <= END; start += length) {
        if (start < from || start + length > to) continue;
        const slice = minutes.slice(start, start + length);
        const seen = slice.filter(counts).length;
        if (seen === 0) continue;
        expectedTotal++;
        const part = new Fraction(slice.filter(wrong).length, seen);
        if (budgeting.method !== 'timeslices') expectedBad = expectedBad.add(part);
        else if (new Fraction(1).sub(part).lt(budgeting.target)) expectedBad = expectedBad.add(1);
      }
      expect(total.toFraction()).toBe(String(expectedTotal));
      expect(found.toFraction()).toBe(expectedBad.toFraction());
      const budget = budgetIn(measureMinutes({ known, bad, excluded }, budgeting), new Fraction('0.9'), {
        from,
        to,
      });
      expect(budget.allowed.sub(budget.left).equals(found)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('the state of an alert is the same when it is asked once as when it is asked every minute', () => {
  const alert: fc.Arbitrary<BurnAlert> = fc.record({
    name: fc.constant('a'),
    severity: fc.constant('page' as const),
    threshold: fc.constantFrom('1', '2', '5').map((text) => new Fraction(text)),
    windowsMs: fc.constantFrom([30, 5], [60, 10], [10]).map((list) => list.map((m) => m * MINUTE_MS)),
    forMs: fc.constantFrom(0, 3 * MINUTE_MS, 20 * MINUTE_MS),
  });
  fc.assert(
    fc.property(spans, alert, fc.integer({ min: 1, max: END }), (b, rule, minute) => {
      const measured = measureMinutes(
        { known: [{ from: 0, to: END }], bad: union(b), excluded: [] },
        { method: 'occurrences' },
      );
      const target = new Fraction('0.9');
      const all = replayAll(measured, target, rule, minute);
      const state = stateAt(measured, { target }, rule, minute);
      expect(state.phase).toBe(all.phase);
      if (state.phase === 'firing' || state.phase === 'pending') expect(state.since).toBe(all.since);
    }),
    { numRuns: 100 },
  );
});
