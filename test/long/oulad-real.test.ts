import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { College, Row } from '../../src/simulators/college/college.ts';
import { readOulad } from '../../src/simulators/college/oulad.ts';
import { danglingReferences, rowsAt } from '../simulators/college/sound.ts';

/** Where the published data lie; without it, these tests do not run. */
const folder = process.env.OULAD_DIR;
const ZERO: Record<string, string> = { '2013B': '2013-02-01', '2013J': '2013-10-01' };
const DAY = 86_400_000;

type Cells = Record<string, string>;

/** The date of a day of a presentation. */
function dateOf(presentation: string, day: string): string {
  return day === ''
    ? ''
    : new Date(Date.parse(ZERO[presentation]!) + Number(day) * DAY).toISOString().slice(0, 10);
}

function dateAt(instant: Row[string] | undefined): string {
  return typeof instant === 'number' ? new Date(instant).toISOString().slice(0, 10) : '';
}

function local(id: Row[string] | undefined): string {
  return String((id as bigint) - 21_070_000_000_000_000n);
}

describe.skipIf(folder === undefined)('all the real students', () => {
  let college: College;
  let files: Record<string, Cells[]>;
  beforeAll(async () => {
    college = await readOulad(folder!);
    const names = ['courses', 'assessments', 'studentInfo', 'studentRegistration', 'studentAssessment'];
    const texts = await Promise.all(names.map((name) => readFile(join(folder!, `${name}.csv`))));
    files = Object.fromEntries(names.map((name, i) => [name, parse(texts[i]!, { columns: true })]));
  }, 60_000);

  /** Results as the files have them: those that had happened by the end of a date. */
  function results(until: string): string[] {
    const registered = new Map(
      files.studentRegistration!.map((r) => [
        `${r.code_module}${r.code_presentation}${r.id_student}`,
        r.date_registration!,
      ]),
    );
    const assessments = new Map(files.assessments!.map((a) => [a.id_assessment, a]));
    return files
      .studentAssessment!.flatMap((r) => {
        const { code_module: module, code_presentation: presentation } = assessments.get(r.id_assessment)!;
        const date = dateOf(presentation!, r.date_submitted!);
        const banked = r.is_banked === '1';
        const since = dateOf(presentation!, registered.get(`${module}${presentation}${r.id_student}`)!);
        // A banked score is there with its student: 49 of these register after the day that it is dated.
        if (date > until || (banked && since > until)) return [];
        return [`${r.id_assessment} ${r.id_student} ${date} ${banked ? 'banked' : 'in'} ${r.score}`];
      })
      .sort();
  }

  function served(until: string): string[] {
    return rowsAt(college.canvas, 'canvas.submissions', Date.parse(`${until}T22:30:00Z`))
      .filter((row) => row.workflow_state !== 'unsubmitted')
      .map((row) => {
        const banked = row.submitted_at === null;
        const date = dateAt(banked ? row.graded_at : row.submitted_at);
        return `${local(row.assignment_id)} ${local(row.user_id)} ${date} ${banked ? 'banked' : 'in'} ${row.score ?? ''}`;
      })
      .sort();
  }

  it.each(['2013-01-15', '2013-03-20', '2013-10-01', '2013-11-30', '2014-03-01', '2016-01-01'])(
    'hand in exactly what they had handed in by %s, with its score',
    (until) => {
      expect(served(until)).toEqual(results(until));
    },
    60_000,
  );

  it('have one submission for each enrolment and piece of work', () => {
    const pieces = new Map<string, number>();
    for (const a of files.assessments!) {
      const key = `${a.code_module}${a.code_presentation}`;
      pieces.set(key, (pieces.get(key) ?? 0) + 1);
    }
    const wanted = files.studentInfo!.reduce(
      (sum, s) => sum + (pieces.get(`${s.code_module}${s.code_presentation}`) ?? 0),
      0,
    );
    expect(rowsAt(college.canvas, 'canvas.submissions', college.closes)).toHaveLength(wanted);
  }, 60_000);

  it.each(['2013-09-30', '2013-12-01', '2016-01-01'])(
    'are enrolled by %s as their registration says',
    (until) => {
      const expected = files
        .studentRegistration!.flatMap((r) => {
          const presentation = r.code_presentation!;
          const left = dateOf(presentation, r.date_unregistration!);
          const blank = left !== '' && left < ZERO[presentation]! ? left : ZERO[presentation]!;
          const since = dateOf(presentation, r.date_registration!) || blank;
          if (since > until) return [];
          return [
            `${r.code_module}-${presentation} ${r.id_student} ${left !== '' && left <= until ? 'inactive' : 'there'}`,
          ];
        })
        .sort();
      const sections = new Map(
        rowsAt(college.canvas, 'canvas.course_sections', college.closes).map((row) => [
          row.id,
          row.sis_source_id,
        ]),
      );
      const got = rowsAt(college.canvas, 'canvas.enrollments', Date.parse(`${until}T22:30:00Z`)).map(
        (row) =>
          `${sections.get(row.course_section_id!)} ${local(row.user_id)} ${row.workflow_state === 'inactive' ? 'inactive' : 'there'}`,
      );
      expect(got.sort()).toEqual(expected);
    },
    60_000,
  );

  it('end with the result, the registration dates and the words of the file', () => {
    const codes = new Map(
      rowsAt(college.sis, 'registrar.sections', college.closes).map((row) => [row.crn, row.section_code]),
    );
    const id = (row: Row) => `${codes.get(row.crn!)} ${Number(String(row.student_id).slice(1))}`;
    const grades = rowsAt(college.sis, 'registrar.grades', college.closes).map(
      (row) => `${id(row)} ${row.final_grade}`,
    );
    const info = files.studentInfo!.map(
      (s) => ({ key: `${s.code_module}-${s.code_presentation} ${s.id_student}`, ...s }) as Cells,
    );
    expect(grades.sort()).toEqual(info.map((s) => `${s.key} ${s.final_result}`).sort());
    const said = rowsAt(college.sis, 'registrar.declarations', college.closes).map((row) =>
      [
        id(row),
        row.gender,
        row.region,
        row.highest_education,
        row.imd_band,
        row.age_band,
        row.previous_attempts,
        row.studied_credits,
        row.disability,
      ].join('|'),
    );
    const written = info.map((s) =>
      [
        s.key,
        s.gender,
        s.region,
        s.highest_education,
        s.imd_band === '20-Oct' ? '10-20%' : s.imd_band,
        s.age_band,
        s.num_of_prev_attempts,
        s.studied_credits,
        s.disability,
      ].join('|'),
    );
    expect(said.sort()).toEqual(written.sort());
    const dates = rowsAt(college.sis, 'registrar.declarations', college.closes).map(
      (row) => `${id(row)} ${row.registered_on ?? ''} ${row.unregistered_on ?? ''}`,
    );
    const wanted = files.studentRegistration!.map(
      (r) =>
        `${r.code_module}-${r.code_presentation} ${r.id_student} ${dateOf(r.code_presentation!, r.date_registration!)} ${dateOf(r.code_presentation!, r.date_unregistration!)}`,
    );
    expect(dates.sort()).toEqual(wanted.sort());
  }, 60_000);

  it('have no foreign key without its row', () => {
    for (const day of ['2013-02-01', '2013-11-01', '2015-01-01']) {
      expect(danglingReferences(college.sis, Date.parse(day))).toEqual([]);
    }
  }, 60_000);
});
