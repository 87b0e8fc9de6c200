import { describe, expect, it } from 'vitest';
import { answerMetadata } from '../../src/assistant/metadata.ts';
import { namesPerson } from '../../src/assistant/question/people.ts';
import { timeIn } from '../../src/assistant/question/times.ts';
import { understand } from '../../src/assistant/question/understand.ts';
import type { Vocabulary } from '../../src/assistant/question/vocabulary.ts';

const RUN = '20261130T083000Z-4f1c';
const INCIDENT = `${RUN}/lms-unreachable.canvas`;
const NOW = Date.parse('2026-12-01T15:00:00Z');
const vocabulary: Vocabulary = {
  tables: [
    'campus.grades',
    'campus.students',
    'canvas.course_sections',
    'canvas.submissions',
    'sis.students',
  ],
  sources: ['canvas', 'sis'],
  columns: new Map([
    ['final_score', ['campus.grades']],
    ['student_id', ['campus.grades', 'campus.students']],
  ]),
  incidents: [INCIDENT],
  runs: [RUN],
  zone: 'America/Chicago',
};
const read = (text: string) => understand(text, vocabulary, NOW);

describe('A question', () => {
  it.each([
    ['why is canvas.submissions late?', 'cause', ['canvas.submissions']],
    ['Why are the course sections late?', 'cause', ['canvas.course_sections']],
    ['canvas.submissions is empty this morning', 'cause', ['canvas.submissions']],
    ['is campus.grades ok', 'status', ['campus.grades']],
    ['when was campus.grades last loaded?', 'status', ['campus.grades']],
    ['who owns campus.students?', 'owner', ['campus.students']],
    ['which table has grades by week', 'find', ['campus.grades']],
    ['what does final_score mean', 'define', []],
    ['what went wrong last night?', 'cause', []],
    [`explain ${INCIDENT}`, 'cause', []],
    ['are there any incidents?', 'status', []],
    ['did last night’s load go well?', 'status', []],
    ['tell me a joke', 'unknown', []],
  ])('%s', (text, intent, tables) => {
    expect(read(text)).toMatchObject({ intent, tables });
  });

  it('names incidents by their ids and by the ends of them, and runs', () => {
    expect(read(`what about ${INCIDENT}?`)).toMatchObject({ incident: INCIDENT, unknown: [] });
    expect(read('explain lms-unreachable.canvas').incident).toBe(INCIDENT);
    expect(read(`why did run ${RUN} fail`)).toMatchObject({ run: RUN });
    expect(read('why 20261130T083000Z-4f1c/lms-unreachable.sis').unknown).toEqual([
      { name: '20261130T083000Z-4f1c/lms-unreachable.sis', nearest: INCIDENT },
    ]);
  });

  it('says of a name that it does not know that the answer is without it', () => {
    expect(read('why are canvas.submisions and campus.grades late').remarks).toEqual([
      'I do not know the name canvas.submisions; did you mean canvas.submissions? The answer is without it.',
    ]);
  });

  it('suggests what is near to a name that there is not, and reads one that is called so elsewhere', () => {
    expect(read('why is canvas.submisions late').unknown).toEqual([
      { name: 'canvas.submisions', nearest: 'canvas.submissions' },
    ]);
    expect(read('why is campus.submissions late')).toMatchObject({
      tables: ['canvas.submissions'],
      remarks: ['There is no campus.submissions; this is about canvas.submissions.'],
    });
    expect(read('why is payroll.wages late').unknown).toEqual([{ name: 'payroll.wages' }]);
    expect(read('what is in campus.yaml').unknown).toEqual([]);
  });

  it.each([
    ['why did student 10003 fail', true],
    ['what is wrong with F1000001', true],
    ['explain the grade of ana@example.edu', true],
    ['why is student Ana Díaz late', true],
    ['123-45-6789', true],
    ['ＷＨＹ 10003', true],
    [`why ${INCIDENT}`, false],
    ['what happened on 2026-11-30 at 02:30', false],
    ['how many grades in 2026', false],
    ['why is the student table late', false],
    ['campus.students 3 rows', false],
    ['why is 0b9f3c1e-8c1a-4d2e-9b1a-7c2d1e3f4a5b missing', true],
    ['why is P00012X late', true],
    ['what about student-12', true],
    ['what about ١٢٣٤٥٦', true],
  ])('%s names a person: %s', (text, person) => {
    expect(namesPerson(text)).toBe(person);
  });

  it.each([
    ['last night', '2026-12-01T00:00:00.000Z', '2026-12-01T18:00:00.000Z'],
    ['yesterday', '2026-11-30T06:00:00.000Z', '2026-12-01T06:00:00.000Z'],
    ['on 2026-11-01', '2026-11-01T05:00:00.000Z', '2026-11-02T06:00:00.000Z'],
    ['on Nov 30', '2026-11-30T06:00:00.000Z', '2026-12-01T06:00:00.000Z'],
    ['on 31 December', '2025-12-31T06:00:00.000Z', '2026-01-01T06:00:00.000Z'],
    ['on monday', '2026-11-30T06:00:00.000Z', '2026-12-01T06:00:00.000Z'],
    ['on 2026-11-30 at 02:30', '2026-11-30T02:30:00.000Z', '2026-11-30T14:30:00.000Z'],
    ['in the last 3 hours', '2026-12-01T12:00:00.000Z', '2026-12-01T15:00:00.000Z'],
    ['last week', '2026-11-23T06:00:00.000Z', '2026-11-30T06:00:00.000Z'],
    ['3 days ago', '2026-11-28T06:00:00.000Z', '2026-11-29T06:00:00.000Z'],
    ['two weeks ago', '2026-11-17T06:00:00.000Z', '2026-11-18T06:00:00.000Z'],
    ['an hour ago', '2026-12-01T13:00:00.000Z', '2026-12-01T15:00:00.000Z'],
    ['in the last hour', '2026-12-01T14:00:00.000Z', '2026-12-01T15:00:00.000Z'],
    ['the day before yesterday', '2026-11-29T06:00:00.000Z', '2026-11-30T06:00:00.000Z'],
    ['yesterday at 2:30 pm', '2026-11-30T14:30:00.000Z', '2026-12-01T02:30:00.000Z'],
    ['yesterday at 12:30 am', '2026-11-30T00:30:00.000Z', '2026-11-30T12:30:00.000Z'],
  ])('of %s is of the campus’s clock, also where clocks change', (text, from, to) => {
    expect(timeIn(`what happened ${text}?`, 'America/Chicago', NOW)).toMatchObject({ from, to });
  });

  it('of a day that there is not, or of what is to come, is no window of the past', () => {
    expect(timeIn('what happened on 2026-02-30', 'America/Chicago', NOW)).toBeUndefined();
    expect(read('is campus.grades ok on feb 30').remarks).toEqual([
      'There is no such day as the question names; this is about now.',
    ]);
    for (const text of ['are the 3 marts late', 'has it 12 decimals', 'market 4 failed'])
      expect([text, timeIn(text, 'America/Chicago', NOW)]).toEqual([text, undefined]);
    expect(read('will canvas.submissions be late tomorrow').isFuture).toBe(true);
    expect(read('what happens on 2027-01-01').isFuture).toBe(true);
  });
});

describe('What there is', () => {
  const names = [
    { table: 'campus.grades', description: 'Final grades', owner: 'Registrar' },
    { table: 'campus.grades', column: 'final_score', type: 'double', description: 'percent at the end' },
    { table: 'campus.weeks', description: 'Work week by week' },
    { table: 'campus.weeks', column: 'score', type: 'double' },
    { table: 'campus.students', description: 'Students' },
  ];
  const answer = (text: string) => answerMetadata(text, read(text), names);

  it('is answered from the dictionary, with links', () => {
    expect(answer('what does final_score mean')).toMatchObject({
      kind: 'metadata',
      headline: 'campus.grades.final_score: percent at the end',
      found: [{ column: 'final_score', link: 'docs/dictionary.md#campusgrades' }],
    });
    expect(answer('which table has grades by week').found[0]).toMatchObject({
      table: 'campus.weeks',
      why: 'grade as score in column score, week in its name',
    });
    expect(answer('which table has final_score').found[0]).toMatchObject({ table: 'campus.grades' });
    expect(answer('who owns campus.grades').headline).toBe('campus.grades is looked after by Registrar.');
    expect(answer('who owns campus.students').kind).toBe('unknown');
    expect(answer('which table has parking permits').kind).toBe('unknown');
  });
});
