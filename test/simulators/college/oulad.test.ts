import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { College, Row } from '../../../src/simulators/college/college.ts';
import { OuladError } from '../../../src/simulators/college/errors.ts';
import { generateCollege } from '../../../src/simulators/college/generate.ts';
import { readOulad } from '../../../src/simulators/college/oulad.ts';
import { FILES, type FileName, writeOulad } from './oulad-files.ts';
import { checkChanges, danglingReferences, rowsAt } from './sound.ts';

const folders: string[] = [];
async function folderWith(changed: Partial<Record<FileName, string>> = {}): Promise<string> {
  const folder = await writeOulad(changed);
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** The end of a London day: of day `day` of the presentation that begins on `zero`. */
function endOf(zero: string, day: number): number {
  return Date.parse(`${zero}T22:00:00Z`) + day * 86_400_000;
}

describe('real students', () => {
  let college: College;
  beforeAll(async () => {
    college = await readOulad(await folderWith());
  });
  const submissions = (at: number) =>
    new Map(
      rowsAt(college.canvas, 'canvas.submissions', at).map((row) => [
        `${local(row.assignment_id)}/${local(row.user_id)}`,
        row,
      ]),
    );

  it('come through the same tables as made-up ones, and one more', () => {
    const made = generateCollege({ students: 1, seed: 1, days: 1 });
    const { tables } = college.sis;
    expect(JSON.stringify(college.canvas.tables.map(shape))).toBe(
      JSON.stringify(made.canvas.tables.map(shape)),
    );
    expect(JSON.stringify(tables.slice(0, -1).map(shape))).toBe(JSON.stringify(made.sis.tables.map(shape)));
    expect(tables.at(-1)!.name).toBe('declarations');
  });

  it('keep the contract in every table', () => {
    for (const system of [college.canvas, college.sis]) {
      for (const table of system.tables)
        checkChanges(system, table, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    }
    for (const day of [-200, -20, 0, 30, 100])
      expect(danglingReferences(college.sis, endOf('2013-10-01', day))).toEqual([]);
  });

  it('carry their original ids', () => {
    expect(
      rowsAt(college.canvas, 'canvas.pseudonyms', college.closes)
        .map((row) => [local(row.user_id), row.sis_user_id])
        .sort(),
    ).toEqual([
      [11391, 'S0011391'],
      [2716795, 'S2716795'],
      [28400, 'S0028400'],
      [30268, 'S0030268'],
    ]);
    expect(
      rowsAt(college.canvas, 'canvas.assignments', college.closes)
        .map((row) => [local(row.id), row.sis_source_id])
        .sort(),
    ).toEqual([
      [14984, '14984'],
      [14990, '14990'],
      [1752, '1752'],
      [1753, '1753'],
      [1757, '1757'],
    ]);
  });

  it('have one row for each enrolment and piece of work from registration on', () => {
    expect(submissions(college.closes).size).toBe(3 * 3 + 2 * 2);
    expect(submissions(endOf('2013-10-01', -160)).size).toBe(2 * 2);
    expect(submissions(endOf('2013-10-01', -159)).size).toBe(2 * 2 + 3);
  });

  it('hand in on their day, with their score, and not before', () => {
    const before = submissions(endOf('2013-10-01', 17)).get('1752/11391');
    expect(before).toMatchObject({ workflow_state: 'unsubmitted', submitted_at: null, score: null });
    const on = submissions(endOf('2013-10-01', 18)).get('1752/11391')!;
    expect(on).toMatchObject({ workflow_state: 'graded', score: 78, grade: '78' });
    expect(dateOf(on.submitted_at)).toBe('2013-10-19');
    expect(dateOf(on.graded_at)).toBe('2013-10-19');
  });

  it('keep a piece without a score as handed in, not graded', () => {
    const row = submissions(college.closes).get('1753/11391')!;
    expect(row).toMatchObject({ workflow_state: 'submitted', score: null, graded_at: null });
    expect(dateOf(row.submitted_at)).toBe('2013-11-27');
  });

  it('show a banked score as a grade that was never handed in', () => {
    const before = submissions(endOf('2013-10-01', -2)).get('1752/2716795');
    expect(before).toMatchObject({ workflow_state: 'unsubmitted', score: null });
    const row = submissions(endOf('2013-10-01', -1)).get('1752/2716795')!;
    expect(row).toMatchObject({ workflow_state: 'graded', submitted_at: null, attempt: null, score: 55 });
    expect(dateOf(row.graded_at)).toBe('2013-09-30');
    const without = submissions(endOf('2013-10-01', -1)).get('1753/2716795');
    expect(without).toMatchObject({ workflow_state: 'graded', submitted_at: null, score: null });
  });

  it('hand in even after leaving, as some did', () => {
    expect(submissions(endOf('2013-10-01', 14)).get('1752/28400')).toMatchObject({
      workflow_state: 'graded',
      score: 61,
    });
    const enrolment = rowsAt(college.canvas, 'canvas.enrollments', endOf('2013-10-01', 14)).find(
      (row) => local(row.user_id) === 28400,
    );
    expect(enrolment).toMatchObject({ workflow_state: 'inactive' });
  });

  it('leave on their day, in both systems', () => {
    const stand = (day: number) => ({
      sis: rowsAt(college.sis, 'registrar.registrations', endOf('2013-10-01', day)).find(
        (row) => row.student_id === 'S0028400',
      )!.status,
      canvas: rowsAt(college.canvas, 'canvas.enrollments', endOf('2013-10-01', day)).find(
        (row) => local(row.user_id) === 28400,
      )!.workflow_state,
    });
    expect(stand(11)).toEqual({ sis: 'RE', canvas: 'active' });
    expect(stand(12)).toEqual({ sis: 'RW', canvas: 'inactive' });
    const declared = rowsAt(college.sis, 'registrar.declarations', endOf('2013-10-01', 12)).find(
      (row) => row.student_id === 'S0028400',
    );
    expect(declared).toMatchObject({
      registered_on: '2013-08-09',
      unregistered_on: '2013-10-13',
      imd_band: '10-20%',
    });
  });

  it('learn their result at the end, or when they withdraw', () => {
    const known = (day: number) =>
      rowsAt(college.sis, 'registrar.grades', endOf('2013-10-01', day))
        .filter((row) => row.term_code === '2013J')
        .map((row) => `${row.student_id} ${row.final_grade}`)
        .sort();
    expect(known(11)).toEqual([]);
    expect(known(12)).toEqual(['S0028400 Withdrawn']);
    expect(known(99)).toEqual(['S0028400 Withdrawn']);
    expect(known(100)).toEqual(['S0011391 Pass', 'S0028400 Withdrawn', 'S2716795 Fail']);
  });

  it('are due at the end of the real day; an exam without a day is due at no time', () => {
    const due = new Map(
      rowsAt(college.canvas, 'canvas.assignments', college.closes).map((row) => [row.sis_source_id, row]),
    );
    expect(new Date(due.get('1752')!.due_at as number).toISOString()).toBe('2013-10-20T22:59:00.000Z');
    expect(new Date(due.get('1753')!.due_at as number).toISOString()).toBe('2013-11-24T23:59:00.000Z');
    expect(due.get('1757')).toMatchObject({ due_at: null, submission_types: 'on_paper' });
  });

  it('weigh their running score as the module does, without the exam', () => {
    const scores = rowsAt(college.canvas, 'canvas.scores', college.closes);
    const enrolment = rowsAt(college.canvas, 'canvas.enrollments', college.closes).find(
      (row) => local(row.user_id) === 11391,
    )!;
    expect(scores.find((row) => row.enrollment_id === enrolment.id)).toMatchObject({
      current_score: 78,
      final_score: 31.2,
    });
  });

  it('close after the last thing that happens', () => {
    expect(college.opens).toBeLessThan(endOf('2013-02-01', -30));
    expect(new Date(college.closes).toISOString().slice(0, 10)).toBe('2014-01-10');
  });
});

describe('a folder that is not the data', () => {
  const replaced = (file: FileName, from: string, to: string) => ({ [file]: FILES[file].replace(from, to) });

  it.each([
    [
      'a word for a number',
      replaced('studentAssessment.csv', '18,0,78', '18,0,much'),
      /studentAssessment\.csv, line 2: column score .*“much”/,
    ],
    [
      'a blank that must not be',
      replaced('courses.csv', 'AAA,2013J,100', 'AAA,2013J,'),
      /courses\.csv, line 2: column module_presentation_length/,
    ],
    [
      'a missing column',
      replaced('assessments.csv', 'weight', 'weigth'),
      /assessments\.csv, line 2: column weight/,
    ],
    ['a presentation of no known month', replaced('courses.csv', '2013J', '2013Z'), /2013Z/],
    [
      'an enrolment without registration',
      replaced('studentRegistration.csv', 'AAA,2013J,11391,-159,\n', ''),
      /studentRegistration\.csv does not know/,
    ],
    [
      'an unknown result',
      replaced('studentInfo.csv', 'Distinction', 'Distinguished'),
      /studentInfo\.csv, line 6: column final_result .*“Distinguished”/,
    ],
    [
      'an unknown kind of work',
      replaced('assessments.csv', 'TMA,19', 'TMB,19'),
      /assessments\.csv, line 2: column assessment_type .*“TMB”/,
    ],
    [
      'a row cut short',
      replaced('courses.csv', 'AAA,2013J,100', 'AAA'),
      /courses\.csv cannot be read as CSV/,
    ],
  ])('is refused for %s, with its place', async (_, changed, message) => {
    const folder = await folderWith(changed);
    await expect(readOulad(folder)).rejects.toThrow(message);
    await expect(readOulad(folder)).rejects.toThrow(OuladError);
  });

  it('is refused when a file is not there', async () => {
    await expect(readOulad(join(await folderWith(), 'nowhere'))).rejects.toThrow(
      /courses\.csv cannot be read|\.csv cannot be read/,
    );
  });
});

function local(id: Row[string] | undefined): number {
  return Number((id as bigint) - 21_070_000_000_000_000n);
}

function dateOf(instant: Row[string] | undefined): string {
  return new Date(instant as number).toISOString().slice(0, 10);
}

function shape({ namespace, name, columns, key, references }: College['canvas']['tables'][number]) {
  return { namespace, name, columns, key, references };
}
