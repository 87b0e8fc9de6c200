import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import type { OpsRow } from '../../src/ports/ledger.ts';
import { historyOf } from '../../src/slo/history.ts';
import { measure } from '../../src/slo/measure.ts';
import { MINUTE_MS } from '../../src/slo/spans.ts';

/** Zones whose clocks change by an hour, by half an hour, at midnight, and never; each with a day of a change. */
const ZONES: readonly (readonly [zone: string, day: string])[] = [
  ['America/Chicago', '2026-03-08'],
  ['America/Chicago', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Africa/Cairo', '2026-04-24'],
  ['Asia/Kathmandu', '2026-06-01'],
];
const DAYS = 2;
const HOUR = 60 * MINUTE_MS;

interface World {
  readonly zone: string;
  /** Midnight of the first day, epoch ms. */
  readonly start: number;
  readonly versions: readonly { readonly at: number; readonly upTo: number | null }[];
  readonly now: number;
  readonly by: string;
  readonly days: readonly number[];
  readonly atMostMs: number;
  readonly breaks: readonly { readonly from: string; readonly to: string }[];
  readonly maintenance: readonly { readonly from: number; readonly to: number }[];
}

const worlds: fc.Arbitrary<World> = fc
  .record({
    place: fc.constantFrom(...ZONES),
    versions: fc.array(
      fc.record({
        after: fc.nat(DAYS * 24 * HOUR),
        age: fc.option(fc.nat(30 * HOUR), { nil: undefined }),
      }),
      { maxLength: 6 },
    ),
    until: fc.nat((DAYS + 1) * 24 * HOUR),
    by: fc.constantFrom('00:00', '00:30', '01:30', '01:45', '02:15', '02:30', '07:00', '23:59'),
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    bound: fc.integer({ min: 1, max: 40 }),
    pause: fc.option(fc.nat(DAYS)),
    work: fc.option(fc.tuple(fc.nat(DAYS * 24 * 60), fc.integer({ min: 1, max: 900 }))),
  })
  .map(({ place: [zone, day], versions, until, by, days, bound, pause, work }) => {
    // The change of the clocks is on the second day.
    const first = Temporal.PlainDate.from(day).subtract({ days: 1 });
    const start = first.toZonedDateTime(zone).epochMilliseconds;
    const paused = first.add({ days: pause ?? 0 }).toString();
    const minute = Math.floor(start / MINUTE_MS);
    return {
      zone,
      start,
      versions: versions
        .sort((a, b) => a.after - b.after)
        .map(({ after, age }) => ({
          at: start + after,
          upTo: age === undefined ? null : start + after - age,
        })),
      now: start + until,
      by,
      days,
      atMostMs: bound * HOUR,
      breaks: pause === null ? [] : [{ from: paused, to: paused }],
      maintenance: work === null ? [] : [{ from: minute + work[0], to: minute + work[0] + work[1] }],
    };
  });

const historyIn = ({ versions }: World) =>
  historyOf(
    versions.map(
      ({ at, upTo }, i): OpsRow => ({
        id: String(i),
        table_name: 'canvas.users',
        published_at: new Date(at).toISOString(),
        data_as_of: upTo === null ? null : new Date(upTo).toISOString(),
      }),
    ),
    [],
    [],
  );

const calendarIn = ({ zone, breaks, maintenance }: World) => ({ zone, breaks, maintenance });
const isWorkedOn = ({ maintenance }: World, minute: number) =>
  maintenance.some(({ from, to }) => from <= minute && minute < to);

/** The data time of what a reader saw at an instant; null: of no known time; undefined: nothing was shown. */
const seenAt = ({ versions }: World, at: number) => versions.findLast((version) => version.at <= at);

/** Deadlines are met or missed as somebody saw who looked at the clock on the wall every minute. */
export function deadlinesHold(runs: number): void {
  fc.assert(
    fc.property(worlds, (world) => {
      const { zone, start, now, by, days, atMostMs, breaks } = world;
      const indicator = { kind: 'deadline', tables: ['canvas.users'], at: by, days, atMostMs } as const;
      const budgeting = { method: 'occurrences' } as const;
      const measured = measure({ indicator, budgeting }, historyIn(world), calendarIn(world), now);
      let bad = 0;
      let total = 0;
      const done = new Set<string>();
      // The first minute of a day whose clock shows the time or, where clocks skip it, what it would have been.
      for (let at = start; at < now; at += MINUTE_MS) {
        const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
        const day = wall.toPlainDate().toString();
        if (done.has(day)) continue;
        const skipped = wall.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: by });
        const isThere = skipped.toPlainTime().toString().startsWith(by);
        const shown = wall.toPlainTime().toString().slice(0, 5);
        if (isThere ? shown !== by : at !== skipped.epochMilliseconds) continue;
        done.add(day);
        if (!days.includes(wall.dayOfWeek)) continue;
        if (breaks.some(({ from, to }) => from <= day && day <= to)) continue;
        if (isWorkedOn(world, Math.floor(at / MINUTE_MS))) continue;
        const seen = seenAt(world, at);
        if (!seen) continue;
        total++;
        if (seen.upTo === null || at - seen.upTo > atMostMs) bad++;
      }
      const minute = Math.floor(start / MINUTE_MS);
      const tally = measured.tally(minute, Math.ceil(now / MINUTE_MS));
      expect([tally.bad.toString(), tally.total.toString()]).toEqual([String(bad), String(total)]);
    }),
    { numRuns: runs },
  );
}

/** Ages are those that a reader found at some instant of each minute. */
export function agesHold(runs: number): void {
  fc.assert(
    fc.property(worlds, (world) => {
      const { start, now, atMostMs } = world;
      const indicator = { kind: 'age', tables: ['canvas.users'], atMostMs } as const;
      const budgeting = { method: 'occurrences' } as const;
      const measured = measure({ indicator, budgeting }, historyIn(world), calendarIn(world), now);
      const first = world.versions[0]?.at;
      let bad = 0;
      let total = 0;
      for (let minute = Math.floor(start / MINUTE_MS); (minute + 1) * MINUTE_MS <= now; minute++) {
        if (first === undefined || minute * MINUTE_MS < first || isWorkedOn(world, minute)) continue;
        total++;
        // A version is at its oldest just before the next is shown, or at the end of the minute.
        const ends = [
          ...world.versions
            .map(({ at }) => at)
            .filter((at) => at > minute * MINUTE_MS && at < (minute + 1) * MINUTE_MS),
          (minute + 1) * MINUTE_MS,
        ];
        const isLate = ends.some((end) => {
          const seen = world.versions.findLast(({ at }) => at < end);
          return seen !== undefined && (seen.upTo === null || end - seen.upTo > atMostMs);
        });
        if (isLate) bad++;
      }
      const tally = measured.tally(Math.floor(start / MINUTE_MS), Math.ceil(now / MINUTE_MS));
      expect([tally.bad.toString(), tally.total.toString()]).toEqual([String(bad), String(total)]);
    }),
    { numRuns: runs },
  );
}
