import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/simulators/college/college.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { changesOf, rowsAt } from './sound.ts';

const DAY = 86_400_000;
const week = currentTermWeek(9);
const college = generateCollege({ students: 150, seed: 3 });
const logs = (after: number, upTo: number): Change[] =>
  changesOf(college.canvas, 'canvas_logs.web_logs', after, upTo);

describe('page views', () => {
  it('are the same in one piece and hour by hour, in any order of asking', () => {
    const whole = logs(week, week + 3 * DAY);
    const hours = Array.from({ length: 72 }, (_, i) => week + i * 3_600_000).reverse();
    const pieces = hours.map((from) => logs(from, from + 3_600_000)).reverse();
    expect(pieces.flat()).toEqual(whole);
    expect(whole.length).toBeGreaterThan(300);
  });

  it('have a key of their own each', () => {
    const all = logs(week, week + 14 * DAY);
    expect(new Set(all.map(({ row }) => row.id)).size).toBe(all.length);
  });

  it('sleep at night, rest on Saturday, and crowd on Sunday and Monday', () => {
    const zone = new Intl.DateTimeFormat('en-US', {
      timeZone: college.timeZone,
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const byDay = new Map<string, number>();
    let night = 0;
    const all = logs(week, week + 14 * DAY);
    for (const { at } of all) {
      const parts = zone.formatToParts(at);
      const weekday = parts.find(({ type }) => type === 'weekday')!.value;
      const hour = Number(parts.find(({ type }) => type === 'hour')!.value);
      byDay.set(weekday, (byDay.get(weekday) ?? 0) + 1);
      if (hour >= 2 && hour < 6) night += 1;
    }
    expect(night / all.length).toBeLessThan(0.05);
    expect(byDay.get('Sun')!).toBeGreaterThan(1.3 * byDay.get('Sat')!);
    expect(byDay.get('Mon')!).toBeGreaterThan(1.3 * byDay.get('Fri')!);
  });

  it('show every hand-in, and nearly nothing of students who have fallen silent', () => {
    const all = logs(week, week + 7 * DAY);
    const handIns = all
      .filter(({ row }) => row.participated === true)
      .map(({ at, row }) => `${row.user_id} ${row.assignment_id} ${at}`);
    const submitted = rowsAt(college.canvas, 'canvas.submissions', week + 7 * DAY)
      .filter((row) => Number(row.submitted_at) > week && Number(row.submitted_at) <= week + 7 * DAY)
      .map((row) => `${row.user_id} ${row.assignment_id} ${row.submitted_at}`);
    expect(submitted.length).toBeGreaterThan(50);
    expect(handIns.sort()).toEqual(submitted.sort());

    const lastWork = new Map<string, number>();
    for (const row of rowsAt(college.canvas, 'canvas.submissions', college.closes)) {
      const key = `${row.user_id} ${row.course_id}`;
      lastWork.set(key, Math.max(lastWork.get(key) ?? 0, Number(row.submitted_at ?? 0)));
    }
    const enrolled = rowsAt(college.canvas, 'canvas.enrollments', week).filter(
      (row) =>
        row.type === 'StudentEnrollment' &&
        row.workflow_state === 'active' &&
        Number(row.created_at) < week - 60 * DAY,
    );
    const views = new Map<string, number>();
    for (const { row } of all) {
      const key = `${row.user_id} ${row.web_application_context_id}`;
      views.set(key, (views.get(key) ?? 0) + 1);
    }
    const mean = (keys: string[]) => keys.reduce((sum, key) => sum + (views.get(key) ?? 0), 0) / keys.length;
    const keys = enrolled.map((row) => `${row.user_id} ${row.course_id}`);
    const silent = keys.filter((key) => (lastWork.get(key) ?? 0) < week - 14 * DAY);
    const busy = keys.filter((key) => (lastWork.get(key) ?? 0) > week + 21 * DAY);
    expect(silent.length).toBeGreaterThan(10);
    expect(mean(silent)).toBeLessThan(mean(busy) / 5);
  });
});
