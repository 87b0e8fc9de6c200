import { expect, it } from 'vitest';
import { examinationOf, examine, problemFindings } from '../../../src/app/doctor/examine.ts';
import { type DoctorContext, type Finding, fail, ok, warn } from '../../../src/app/doctor/finding.ts';

const PROBLEM = { file: 'campus.yaml', line: 3, column: 5, text: 'an old name' };
const context = {
  campus: { name: 'A college' },
  catalog: { datasets: [{}, {}] },
  warnings: [PROBLEM],
} as unknown as DoctorContext;

it('begins with the campus and gives what the checks find, in their order, as it is found', async () => {
  const seen: string[] = [];
  const slow = async function* () {
    yield ok('canvas', 'answers');
    seen.push('after the first');
    yield fail('canvas', 'refuses', 'ask for a right');
  };
  const findings: Finding[] = [];
  for await (const finding of examine(context, [async () => [ok('secrets', 'are there')], slow])) {
    findings.push(finding);
    if (finding.text === 'answers') expect(seen).toEqual([]);
  }

  expect(findings.map(({ status, about, text }) => `${status} ${about} ${text}`)).toEqual([
    'ok campus A college: campus.yaml and the catalog are valid, 2 datasets',
    'warn campus campus.yaml:3:5  an old name',
    'ok secrets are there',
    'ok canvas answers',
    'fail canvas refuses',
  ]);
});

it('is well where nothing fails', () => {
  const well = [ok('a', 'b'), warn('a', 'c', 'd')];
  expect(examinationOf(well)).toEqual({ ok: true, warnings: 1, failures: 0, findings: well });
  expect(examinationOf([...well, ...problemFindings([PROBLEM])])).toMatchObject({ ok: false, failures: 1 });
});
