import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPERIMENTS, STOP_ALARM } from '../../lib/faults/experiments.ts';
import { type Conducted, conclusionOf, reportOf } from './report.ts';
import { runTwin } from './run-twin.ts';
import { limitOf, TWINS, type Twin } from './twins.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('The fault experiments', () => {
  it('have a twin each that runs without an account', () => {
    expect(Object.keys(TWINS).sort()).toEqual(EXPERIMENTS.map(({ name }) => name).sort());
  });

  it('name suites and tests that are there', () => {
    for (const { file, tests = '' } of Object.values(TWINS).flat())
      expect(readFileSync(join(ROOT, file), 'utf8'), file).toContain(tests);
  });

  it('end by an alarm that the lake has', () => {
    expect(readFileSync(join(ROOT, 'lib/observe/alarms.ts'), 'utf8')).toContain(`id: '${STOP_ALARM}'`);
  });
});

const TWIN: Twin = { where: 'home', file: 'test/lambda/core.test.ts', tests: 'whose key' };
const [experiment] = EXPERIMENTS;
const ran = (over: object = {}) => ({ ...TWIN, passed: 2, failed: 0, seconds: 3, stopped: false, ...over });
const conducted = (runs: Conducted['runs'], twins: readonly Twin[] = [TWIN]): Conducted => ({
  experiment: experiment!,
  twins,
  runs,
});

describe('The report of an experiment', () => {
  it.each([
    ['held', [ran()], [TWIN]],
    ['refuted', [ran({ failed: 1 })], [TWIN]],
    ['refuted', [ran({ stopped: true }), ran({ failed: 1 })], [TWIN, TWIN]],
    ['stopped', [ran({ stopped: true })], [TWIN]],
    ['not shown', [ran({ passed: 0 })], [TWIN]],
    ['not run', [], [TWIN]],
    ['not run', [ran()], [TWIN, TWIN]],
    ['not run', [], []],
  ] as const)('concludes %s', (conclusion, runs, twins) => {
    expect(conclusionOf(conducted([...runs], twins))).toBe(conclusion);
  });

  it('has the hypothesis, the stop conditions and the result of each twin', () => {
    const text = reportOf([conducted([ran({ stopped: true })])]);

    expect(text).toContain(`Hypothesis: ${experiment!.hypothesis}`);
    expect(text).toContain(`Stopped by: the alarm ${STOP_ALARM}`);
    expect(text).toContain(`stopped after ${limitOf(TWIN)} minutes: stopped; 2 passed`);
  });
});

it('A twin whose time is over is ended, and has shown nothing', async () => {
  const found = await runTwin({ ...TWIN, minutes: 0 }, tmpdir(), new AbortController().signal);

  expect(found).toMatchObject({ stopped: true, passed: 0, failed: 0 });
});
