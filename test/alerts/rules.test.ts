import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertTestsIn } from '../../src/alerts/check/run-tests.ts';
import { readTags, readValues } from '../../src/alerts/check/shorthand.ts';
import { dataExprs } from '../../src/alerts/language/expr.ts';
import { matches } from '../../src/alerts/language/query.ts';
import { alertsIn } from '../../src/alerts/rules/load-alerts.ts';
import { meaningOf } from '../../src/alerts/rules/sentence.ts';

const ZONE = 'America/Chicago';
const load = (text: string) => alertsIn('alerts.yaml', text, ZONE);
const one = (lines: string) =>
  `alerts:\n  x:\n    description: d\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
const problemsOf = (text: string): string => {
  try {
    load(text);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('alerts.yaml', () => {
  it.each([
    [
      'no submission for 7 teaching days in any course',
      'teaching-day',
      'name,submissions,:eq,(,student,course,term,),:by,:dup,7,:rolling-sum,0,:le,:swap,0,:mul,1,:add,7,:rolling-sum,7,:ge,:and',
    ],
    [
      'No activity for two days in all courses',
      'day',
      'name,activity,:eq,(,student,term,),:by,:dup,2,:rolling-sum,0,:le,:swap,0,:mul,1,:add,2,:rolling-sum,2,:ge,:and',
    ],
    ['missed two in a row', 'day', 'name,missed_in_a_row,:eq,:max,(,student,course,term,),:by,2,:ge'],
    ['class median fell 20 %', 'day', 'name,class_median_change,:eq,:min,(,course,term,),:by,-20,:le'],
    ['class median fell by 12.5%', 'day', 'name,class_median_change,:eq,:min,(,course,term,),:by,-12.5,:le'],
    ['class median below 50', 'day', 'name,class_median,:eq,:min,(,course,term,),:by,50,:lt'],
    [
      'submissions at most 1 in 14 days in all courses',
      'day',
      'name,submissions,:eq,(,student,term,),:by,14,:rolling-sum,1,:le',
    ],
  ])('reads %j', (sentence, step, program) => {
    expect(meaningOf(sentence)).toMatchObject({ step, program });
    expect(load(one(`when: ${sentence}`)).alerts).toMatchObject([
      { name: 'x', program, axis: { name: step } },
    ]);
  });

  it('finds the step that has failed by the words for it', () => {
    const [alert] = load(one('when: load of grades failed')).alerts;
    expect(alert!.program).toContain('step,.*load,:reic');
    expect(alert!.program).toContain('item,.*grades,:reic');
  });

  it('takes for a failed export what keeps a table from people', () => {
    const [alert] = load(one('when: grade export failed')).alerts;
    const { query } = dataExprs(alert!.expr)[0]!;
    const fails = (step: string, item: string) =>
      matches(
        query,
        new Map([
          ['name', 'step_failed'],
          ['step', step],
          ['item', item],
        ]),
      );
    expect(fails('build-model', 'grades')).toBe(true);
    expect(fails('load-warehouse', '')).toBe(true);
    expect(fails('grade-export', 'x')).toBe(true);
    expect(fails('build-model', 'courses')).toBe(false);
    expect(fails('check-dataset', 'canvas.grades')).toBe(false);
  });

  it.each([
    [
      'when: no submision for 7 days',
      'column 4 of the condition: found "submision"',
      'did you mean "submission"?',
    ],
    ['when: no submission for 7 teaching dais', 'column 30', 'did you mean "days"?'],
    ['when: missed twoo in a row', 'column 8', 'did you mean "two"?'],
    ['when: missed two in a raw', 'column 17', 'did you mean "row"?'],
    ['when: class median fell lots', 'column 19', 'a number'],
    ['when: no submission for 0 days', 'column 19', 'from 1 to 366'],
    ['when: no submission', 'column 14', 'found the end'],
    ['expr: name,submissions,:eqq', 'line 1, column 18 of the expression', 'did you mean ":eq"?'],
    ['expr: name,submisions,:eq,0,:gt', 'there is no metric "submisions"', 'did you mean "submissions"?'],
    ['when: missed two in a row\nstep: 7m', '"7m" divides no day', ''],
    ['when: missed two in a row\nstepp: day', 'unknown key "stepp"', 'did you mean "step"?'],
    ['when: missed two in a row\nexpr: "1"', 'it needs one of when and expr', ''],
    ['role: adviser', 'it needs one of when and expr', ''],
    [
      'when: class median fell 20 %\nrole: student',
      'tells grades',
      'a message to a student may tell no grade',
    ],
    ['expr: course,BIO101,:eq,1,:gt\nrole: student', 'tells grades', 'class_median'],
  ])('says what is wrong with %j', (lines, where, hint) => {
    const text = problemsOf(one(lines));
    expect(text).toContain(where);
    expect(text).toContain(hint);
    expect(text).toMatch(/alerts\.yaml:\d+:\d+/);
  });

  it('lets a student hear of what tells no grade', () => {
    expect(load(one('when: no submission for 7 teaching days\nrole: student')).alerts).toHaveLength(1);
    expect(
      load(one('expr: name,submissions,:eq,course,BIO101,:eq,:and,1,:gt\nrole: student')).alerts,
    ).toHaveLength(1);
  });

  it('refuses a break that ends before it begins', () => {
    expect(problemsOf('calendar:\n  breaks:\n    - { from: 2026-12-24, to: 2026-12-01 }\n')).toContain(
      'ends before it begins',
    );
  });

  it('of this campus means what it says', () => {
    const own = alertsIn(
      'alerts.yaml',
      readFileSync(join(import.meta.dirname, '../../alerts.yaml'), 'utf8'),
      ZONE,
    );
    expect(own.alerts.map(({ name }) => name)).toEqual([
      'no-submission',
      'missed-three',
      'median-fell',
      'grades-failed',
    ]);
  });
});

const TESTED = `
alerts:
  quiet:
    description: Nothing handed in
    when: no submission for 3 teaching days in any course
  missed:
    description: Two missed
    when: missed two in a row
  late:
    description: A late one
    expr: name,missed,:eq,(,student,),:by,0,:gt
    for: 1
`;
const testsIn = (tests: string) => alertTestsIn('alerts.test.yaml', tests, load(TESTED));
const who = '{student="S1",course="BIO",term="T"}';

describe('Tests of alerts', () => {
  it('pass where an alert fires for what is expected, and else say for what', () => {
    const results = testsIn(`
tests:
  - alert: quiet
    from: 2026-10-05
    input:
      'submissions${who}': 1 0x6
      'submissions{student="S2",course="BIO",term="T"}': '0x7'
    expect:
      - { after: 2, firing: [] }
      - { after: 3, firing: ['{student="S2",course="BIO",term="T"}'] }
      - { after: 4, firing: ['${who}', '{student="S2",course="BIO",term="T"}'] }
  - name: wrong
    alert: quiet
    from: 2026-10-05
    input: { 'submissions${who}': '0x7' }
    expect: [{ after: 3, firing: [] }]
  - alert: missed
    from: 2026-10-05
    input: { 'missed_in_a_row${who}': 1 _ 2 _ _ 0 _ }
    expect:
      - { after: 2, firing: [] }
      - { after: 3, firing: ['${who}'] }
      - { after: 5, firing: ['${who}'] }
      - { after: 6, firing: [] }
  - alert: late
    from: 2026-10-05T08:00Z
    input: { 'missed{student="Ö \\"x\\""}': 0 1 1 0 1 }
    expect:
      - { after: 2, firing: [] }
      - { after: 3, firing: ['{student="Ö \\"x\\""}'] }
      - { after: 4, firing: [] }
      - { after: 5, firing: [] }
`);
    expect(results.map(({ name, problems }) => [name, problems])).toEqual([
      ['quiet, test 1', []],
      [
        'wrong',
        ['after 3 steps: it should fire for nothing, and fires for {course=BIO, student=S1, term=T}'],
      ],
      ['missed, test 3', []],
      ['late, test 4', []],
    ]);
  });

  it('say where they cannot be read', () => {
    const text = (() => {
      try {
        testsIn(
          "tests:\n  - alert: quiett\n    from: 2026-10-05\n    input: { 'a{b=1}': 1 2y }\n    expect: [{ after: 1, firing: ['{x'] }]\n",
        );
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    expect(text).toContain('there is no alert "quiett"; did you mean "quiet"?');
    expect(text).toContain('key="value"');
  });

  it('write values as promtool does', () => {
    expect(readValues('1 _ 0+1x3 2x2 _x2 5-2x2 stale NaN')).toEqual([
      1,
      undefined,
      0,
      1,
      2,
      3,
      2,
      2,
      2,
      undefined,
      undefined,
      5,
      3,
      1,
      undefined,
      Number.NaN,
    ]);
    expect([...readTags('a{b="1, 2",c=""}')]).toEqual([
      ['name', 'a'],
      ['b', '1, 2'],
      ['c', ''],
    ]);
    expect(() => readValues('1y')).toThrow('is no value');
    expect(() => readTags('a b')).toThrow('is no series');
  });
});
