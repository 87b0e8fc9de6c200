import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Datapoint } from '../../../src/alerts/evaluate/datapoint.ts';
import { AlertStream, type Verdict } from '../../../src/alerts/evaluate/stream.ts';
import { evaluateHistory } from '../../../src/alerts/history/evaluate-history.ts';
import { firstDifference } from '../../../src/alerts/history/first-difference.ts';
import { readRoster } from '../../../src/alerts/history/read-history.ts';
import { rosterPoints } from '../../../src/alerts/history/roster-points.ts';
import { alertsIn } from '../../../src/alerts/rules/load-alerts.ts';
import type { LakeType } from '../../../src/campus/lake-type.ts';
import type { Json } from '../../../src/json.ts';
import type { TableSet } from '../../../src/ports/tables.ts';
import { lakeOf } from '../../lake-of.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

const DAY = 86_400_000;
// Clocks are put back on the second day.
const FROM = Date.parse('2026-10-31T05:00:00Z');
const DAYS = 14;
const TO = FROM + DAYS * DAY;
const { alerts } = alertsIn(
  'alerts.yaml',
  `
calendar:
  breaks: [{ from: 2026-11-05, to: 2026-11-06 }]
alerts:
  quiet: { description: d, when: no submission for 3 teaching days in any course }
  quiet-everywhere: { description: d, when: no submission for 2 days in all courses }
  few: { description: d, when: submissions at most 1 in 5 days }
  missed: { description: d, expr: "name,missed,:eq,(,student,course,term,),:by,2,:rolling-count,2,:ge" }
  counted: { description: d, step: 6h, expr: "name,submissions,:eq,student,S2,:eq,:not,:and,:count,(,course,),:by,3,:rolling-max,4,:gt" }
  hourly: { description: d, step: 1h, expr: "name,submissions,:eq,:max,(,student,),:by,:dup,1,:delay,:sub,0,:gt" }
`,
  'America/Chicago',
);

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

const STUDENTS = ['S1', 'S2', "O'Ä"];
const COURSES = ['BIO', 'CHE'];
const work = fc.record({
  student: fc.nat(STUDENTS.length - 1),
  course: fc.nat(COURSES.length - 1),
  /** In seconds after the beginning. */
  at: fc.nat((DAYS * DAY) / 1000 - 1),
  isMissing: fc.boolean(),
  /** How late its event comes, ms. */
  late: fc.oneof(fc.constant(0), fc.nat(2 * DAY)),
});
const seat = fc.record({ from: fc.nat(DAYS), days: fc.integer({ min: 1, max: 2 * DAYS }) });

type Work = typeof work extends fc.Arbitrary<infer T> ? T : never;
type Seat = typeof seat extends fc.Arbitrary<infer T> ? T : never;

/** A source tells of the work of those who are enrolled. */
const isEnrolled = (seats: readonly Seat[], { student, course, at }: Work): boolean =>
  seats.some(
    ({ from, days }, i) =>
      i % STUDENTS.length === student &&
      i % COURSES.length === course &&
      at * 1000 >= from * DAY &&
      at * 1000 < (from + days) * DAY,
  );

const iso = (time: number) => new Date(time).toISOString();

function table(
  name: string,
  columns: Record<string, LakeType>,
  rows: readonly (readonly Json[])[],
  version: string,
) {
  const own = Object.entries(columns).map(([column, type]) => ({ name: column, type }));
  return lake.engine.literalTable(name, own, rows, version);
}

let versions = 0;

async function tablesOf(works: readonly Work[], seats: readonly Seat[]): Promise<TableSet> {
  const version = `v${versions++}`;
  return {
    'campus.submissions': await table(
      'campus.submissions',
      {
        student_id: 'varchar',
        course_id: 'bigint',
        assignment_id: 'bigint',
        submitted_at: 'timestamp',
        due_at: 'timestamp',
        graded_at: 'timestamp',
        score_percent: 'double',
        status: 'varchar',
        counts: 'boolean',
        is_deleted: 'boolean',
      },
      works.map(({ student, course, at, isMissing }, i) => [
        STUDENTS[student]!,
        course,
        i,
        isMissing ? null : iso(FROM + at * 1000),
        iso(FROM + at * 1000),
        null,
        null,
        isMissing ? 'missing' : 'on time',
        true,
        false,
      ]),
      version,
    ),
    'campus.courses': await table(
      'campus.courses',
      { course_id: 'bigint', course_code: 'varchar', term_code: 'varchar' },
      COURSES.map((code, i) => [i, code, 'T']),
      version,
    ),
    'campus.enrolments': await table(
      'campus.enrolments',
      {
        student_id: 'varchar',
        course_id: 'bigint',
        start_at: 'timestamp',
        created_at: 'timestamp',
        end_at: 'timestamp',
        updated_at: 'timestamp',
        withdrawn_on: 'date',
        state: 'varchar',
      },
      seats.map(({ from, days }, i) => [
        STUDENTS[i % STUDENTS.length]!,
        i % COURSES.length,
        iso(FROM + from * DAY),
        iso(FROM),
        iso(FROM + (from + days) * DAY),
        iso(FROM),
        null,
        'active',
      ]),
      version,
    ),
  };
}

describe('History and stream', () => {
  it('give the same datapoints, however late events come and whenever the stream is restarted', {
    timeout: 600_000,
  }, async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(work, { maxLength: 60 }),
        fc.array(seat, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(80), { maxLength: 3 }),
        async (works, seats, restarts) => {
          const tables = await tablesOf(works, seats);
          const own = lakeOf({ platform: { engine: lake.engine } });
          const history: Verdict[] = [];
          const { changes } = await evaluateHistory(own, tables, alerts, {
            from: FROM,
            to: TO,
            onVerdict: (one) => history.push(one),
          });
          fired += changes.length;

          const arrivals: { at: number; point: Datapoint; axis?: string }[] = works
            .filter((one) => isEnrolled(seats, one))
            .flatMap(({ student, course, at, isMissing, late }) => {
              const tags = [
                ['student', STUDENTS[student]!],
                ['course', COURSES[course]!],
                ['term', 'T'],
              ] as const;
              const time = FROM + at * 1000;
              const event = (name: string, value: number) => ({
                at: time + late,
                point: { tags: new Map([['name', name], ...tags]), time, value },
              });
              return [event('missed', isMissing ? 1 : 0), ...(isMissing ? [] : [event('submissions', 1)])];
            });
          const members = await readRoster(own, tables, FROM, TO);
          for (const axis of new Map(alerts.map((alert) => [alert.axis.name, alert.axis])).values())
            for (let step = axis.stepAt(FROM); axis.startOf(axis.after(step)) <= TO; step = axis.after(step))
              for (const point of rosterPoints('submissions', members, axis, step))
                arrivals.push({ at: Math.max(point.time, FROM), point, axis: axis.name });
          arrivals.sort((a, b) => a.at - b.at);

          const streamed: Verdict[] = [];
          const make = () =>
            new AlertStream(alerts, {
              from: FROM,
              latenessMs: 2 * DAY + 1,
              onVerdict: (one) => streamed.push(one),
            });
          let stream = make();
          for (const [i, { at, point, axis }] of arrivals.entries()) {
            if (restarts.includes(i)) {
              const saved = JSON.parse(JSON.stringify(stream.save()));
              stream = make();
              stream.restore(saved);
            }
            stream.advance(at);
            stream.add(point, axis);
          }
          stream.advance(TO + 2 * DAY + 1);
          expect(stream.late).toBe(0);
          const whole = (verdicts: readonly Verdict[]) => verdicts.filter(({ at }) => at <= TO);
          expect(firstDifference(whole(streamed), whole(history))).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
    expect(fired).toBeGreaterThan(100);
  });

  it('names the first datapoint that differs', async () => {
    const own = lakeOf({ platform: { engine: lake.engine } });
    const of = async (works: readonly Work[]) => {
      const verdicts: Verdict[] = [];
      await evaluateHistory(own, await tablesOf(works, [{ from: 0, days: DAYS }]), alerts, {
        from: FROM,
        to: TO,
        onVerdict: (one) => verdicts.push(one),
      });
      return verdicts;
    };
    const one: Work = { student: 0, course: 0, at: 3 * 86_400, isMissing: false, late: 0 };
    expect(firstDifference(await of([one]), await of([]))).toMatchObject({
      rule: 'hourly',
      series: expect.stringContaining('student=S1'),
    });
  });
});
