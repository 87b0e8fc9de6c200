import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, type CampusCalendar } from '../../src/alerts/evaluate/axis.ts';
import type { Datapoint } from '../../src/alerts/evaluate/datapoint.ts';
import { labelOf } from '../../src/alerts/evaluate/series.ts';
import {
  AlertStream,
  type Rule,
  type StreamOptions,
  type Verdict,
} from '../../src/alerts/evaluate/stream.ts';
import { parseExpression } from '../../src/alerts/language/interpreter.ts';
import { propertyRuns } from '../property-runs.ts';
import { seriesOver, shown } from './steps.ts';

const MINUTE = 60_000;
const CALENDAR: CampusCalendar = {
  zone: 'America/Chicago',
  days: [1, 2, 3, 4, 5],
  breaks: [{ from: '2026-11-25', to: '2026-11-29' }],
};
const minute = axisOf('1m', CALENDAR)!;

const PROGRAMS = [
  'name,a,:eq',
  'name,a,:eq,(,s,),:by,0,:gt',
  'name,a,:eq,(,s,),:by,3,:rolling-sum,2,:ge',
  'name,a,:eq,(,s,c,),:by,:max,2,:rolling-max,1,:gt',
  'name,b,:eq,:min,(,s,),:by,:dup,1,:delay,:lt',
  'name,a,:eq,(,s,),:by,:sum,name,b,:eq,:count,:add,4,:gt',
  'name,a,:eq,:not,(,c,),:by,2,:rolling-count',
  'name,a,:eq,(,s,),:by,2,0.5,0.5,:des',
  '1,3,:rolling-count,2,:ge',
  's,s1,:re,:count,2,:rolling-mean',
].map((program) => program.replace('2,:rolling-mean', '2,1,:rolling-mean'));
const RULES: Rule[] = PROGRAMS.map((program, i) => ({
  name: `r${i}`,
  expr: parseExpression(program).expr,
  axis: minute,
}));
const STEPS = 12;

const point = fc.record({
  name: fc.constantFrom('a', 'b'),
  s: fc.constantFrom('s1', 's2', 's3'),
  c: fc.constantFrom('c1', 'c2'),
  time: fc.nat(STEPS * MINUTE - 1),
  value: fc.integer({ min: -4, max: 8 }).map((n) => n / 4),
  /** How late it comes, ms. */
  late: fc.oneof(fc.constant(0), fc.nat(4 * MINUTE)),
});

const textOf = ({ rule, step, samples }: Verdict): string =>
  `${rule} ${step} ${samples
    .map(({ tags, value }) => `${labelOf(tags)}=${Number(value.toPrecision(9))}`)
    .sort()
    .join('; ')}`;
const finals = (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ kind }) => kind !== 'provisional').map(textOf);

type Arriving = Datapoint & { readonly at: number };

function arriving(
  points: readonly { name: string; s: string; c: string; time: number; value: number; late: number }[],
): Arriving[] {
  return points
    .map(({ name, s, c, time, value, late }) => ({
      tags: new Map([
        ['name', name],
        ['s', s],
        ['c', c],
      ]),
      time,
      value,
      at: time + late,
    }))
    .sort((a, b) => a.at - b.at);
}

/** Everything in the order of its arrival. @param restarts arrivals after which another stream goes on */
function streamed(
  points: readonly Arriving[],
  options: Omit<StreamOptions, 'onVerdict'>,
  restarts: readonly number[] = [],
): Verdict[] {
  const verdicts: Verdict[] = [];
  const make = () =>
    new AlertStream(RULES, { from: 0, ...options, onVerdict: (verdict) => verdicts.push(verdict) });
  let stream = make();
  for (const [i, one] of points.entries()) {
    if (restarts.includes(i)) {
      const saved = JSON.parse(JSON.stringify(stream.save()));
      stream = make();
      stream.restore(saved);
    }
    stream.advance(one.at);
    stream.add(one);
  }
  stream.advance((STEPS + 10) * MINUTE);
  return verdicts;
}

describe('The stream of alerts', () => {
  it('gives, however late datapoints come, what all of them give in the order of time', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const late = streamed(arriving(points), { latenessMs: 5 * MINUTE });
        const onTime = streamed(arriving(points.map((one) => ({ ...one, late: 0 }))), {});
        const own = finals(late);
        const there = new Set(finals(onTime));
        // A verdict that says nothing may be left out; what differs is an error.
        const spoken = (text: string) => !/ $| (?:[^;]*=(?:0|NaN)(?:; )?)*$/.test(text);
        const steps = (texts: readonly string[]) =>
          texts.filter((text) => Number(text.split(' ')[1]) < STEPS && spoken(text));
        expect(steps(own).sort()).toEqual(steps([...there]).sort());
      }),
      { numRuns: propertyRuns(90) },
    );
  });

  it('goes on after a restart at any moment as if there had been none, provisional verdicts included', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 4 }),
        fc.constantFrom(0, 1, 3, 5),
        (points, restarts, lateness) => {
          const options = { latenessMs: lateness * MINUTE, provisionalMs: MINUTE };
          const whole = streamed(arriving(points), options);
          const parts = streamed(arriving(points), options, restarts);
          const text = (all: readonly Verdict[]) =>
            all
              .map((one) => `${one.kind} ${textOf(one)}`)
              .filter((one) => /[1-9]/.test(one.split(' ').slice(3).join(' ')));
          expect(text(parts)).toEqual(text(whole));
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  it('never changes a verdict that it has given', () => {
    const verdicts: Verdict[] = [];
    const stream = new AlertStream(RULES.slice(0, 1), {
      from: 0,
      latenessMs: 5 * MINUTE,
      provisionalMs: MINUTE,
      onVerdict: (verdict) => verdicts.push(verdict),
    });
    const tags = new Map([['name', 'a']]);
    stream.add({ tags, time: 0, value: 1 });
    stream.advance(2 * MINUTE);
    stream.add({ tags, time: 0, value: 5 });
    stream.advance(6 * MINUTE);
    expect(verdicts.filter(({ step }) => step === 0).map(({ samples }) => samples[0]!.value)).toEqual([1, 6]);
  });

  it('agrees with expressions that are evaluated step by step', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const verdicts = streamed(arriving(points), { latenessMs: 5 * MINUTE });
        for (const [i, { expr }] of RULES.entries()) {
          const input = arriving(points).map(({ tags, time, value }) => {
            const values = new Array<number | undefined>(STEPS).fill(undefined);
            values[Math.floor(time / MINUTE)] = value;
            return { tags, values };
          });
          const expected = seriesOver(expr, input, STEPS);
          for (const { samples, step } of verdicts.filter(
            ({ rule, kind }) => rule === `r${i}` && kind !== 'provisional',
          )) {
            if (step >= STEPS) continue;
            for (const { tags, value } of samples) {
              const name = `{${[...tags]
                .sort()
                .map(([k, v]) => `${k}="${v}"`)
                .join(',')}}`;
              expect(shown([value])).toBe(shown([expected.get(name)![step]]));
            }
          }
        }
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('corrects a provisional verdict that later data prove wrong', () => {
    const verdicts: Verdict[] = [];
    const rule = { name: 'r', expr: parseExpression('name,a,:eq,(,s,),:by,2,:ge').expr, axis: minute };
    const stream = new AlertStream([rule], {
      from: 0,
      latenessMs: 5 * MINUTE,
      onVerdict: (one) => verdicts.push(one),
    });
    const tags = new Map([
      ['name', 'a'],
      ['s', 'x'],
    ]);
    stream.add({ tags, time: 10, value: 1 });
    stream.advance(2 * MINUTE);
    stream.add({ tags, time: 20, value: 1 });
    stream.advance(10 * MINUTE);
    const own = verdicts
      .filter(({ step }) => step === 0)
      .map(({ kind, samples }) => [kind, samples.map(({ value }) => value)]);
    expect(own).toEqual([
      ['provisional', [0]],
      ['correction', [1]],
    ]);
    stream.add({ tags, time: 30, value: 1 });
    expect(stream.late).toBe(1);
    stream.add({ tags, time: 100 * 86_400_000, value: 1 });
    expect(stream.future).toBe(1);
  });

  it('tells that an expression has too many groups, and goes on without them', () => {
    const verdicts: Verdict[] = [];
    const rule = { name: 'r', expr: parseExpression('name,a,:eq,(,s,),:by,0,:gt').expr, axis: minute };
    const stream = new AlertStream([rule], {
      from: 0,
      mostGroups: 2,
      onVerdict: (one) => verdicts.push(one),
    });
    for (const s of ['1', '2', '3'])
      stream.add({
        tags: new Map([
          ['name', 'a'],
          ['s', s],
        ]),
        time: 0,
        value: 1,
      });
    stream.add({
      tags: new Map([
        ['name', 'a'],
        ['s', '1'],
      ]),
      time: MINUTE,
      value: 1,
    });
    stream.advance(2 * MINUTE);
    expect(verdicts.map(({ samples, over }) => [samples.length, over])).toEqual([
      [0, ['name,a,:eq,:sum,(,s,),:by']],
      [1, []],
    ]);
  });
});

describe('Axes', () => {
  it('put what happens on days without teaching to the teaching day before', () => {
    const axis = axisOf('teaching-day', CALENDAR)!;
    const dayOf = (text: string) =>
      new Date(axis.stepAt(Date.parse(text)) * 86_400_000).toISOString().slice(0, 10);
    // Wednesday the 25th begins a break until Sunday the 29th.
    expect(dayOf('2026-11-24T23:00:00-06:00')).toBe('2026-11-24');
    expect(dayOf('2026-11-28T12:00:00-06:00')).toBe('2026-11-24');
    expect(dayOf('2026-11-30T00:00:00-06:00')).toBe('2026-11-30');
    expect(
      new Date(axis.startOf(axis.after(axis.stepAt(Date.parse('2026-11-24T12:00:00Z'))))).toISOString(),
    ).toBe('2026-11-30T06:00:00.000Z');
  });

  it('follow the clock of the campus where it is put back and forward', () => {
    const axis = axisOf('day', CALENDAR)!;
    const hours = (text: string) => {
      const step = axis.stepAt(Date.parse(text));
      return (axis.startOf(axis.after(step)) - axis.startOf(step)) / 3_600_000;
    };
    expect(['2026-03-08T12:00:00Z', '2026-11-01T12:00:00Z', '2026-11-02T12:00:00Z'].map(hours)).toEqual([
      23, 25, 24,
    ]);
    for (const zone of ['Asia/Kolkata', 'Pacific/Apia', 'America/Sao_Paulo', 'Australia/Lord_Howe']) {
      const own = axisOf('day', { ...CALENDAR, zone })!;
      for (
        let time = Date.parse('2011-12-28T00:00:00Z');
        time < Date.parse('2012-01-03T00:00:00Z');
        time += 1_800_000
      ) {
        const step = own.stepAt(time);
        expect(own.startOf(step)).toBeLessThanOrEqual(time);
        expect(own.startOf(own.after(step))).toBeGreaterThan(time);
      }
    }
  });

  it('divide a day, or are none', () => {
    expect(
      ['1m', '5m', '1h', '6h', 'day', 'teaching-day'].map((step) => axisOf(step, CALENDAR)?.name),
    ).toEqual(['1m', '5m', '1h', '6h', 'day', 'teaching-day']);
    expect(['7m', '24h', '5h', '0m', 'week', ''].map((step) => axisOf(step, CALENDAR))).toEqual(
      new Array(6).fill(undefined),
    );
  });

  it('have an end even without a day of teaching', () => {
    const axis = axisOf('teaching-day', { ...CALENDAR, breaks: [{ from: '1900-01-01', to: '2999-01-01' }] })!;
    const step = axis.stepAt(Date.parse('2026-11-24T12:00:00Z'));
    expect(axis.after(step)).toBeGreaterThan(step);
  });
});
