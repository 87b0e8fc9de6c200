import { z } from 'zod';
import { CampusFileError } from '../../campus/errors.ts';
import { nameOf, readText } from '../../campus/files.ts';
import { didYouMean } from '../../campus/nearest.ts';
import type { Finding, YamlPath } from '../../campus/problem.ts';
import { readYaml } from '../../campus/read-yaml.ts';
import { InputError } from '../../errors.ts';
import { labelOf } from '../evaluate/series.ts';
import { AlertStream } from '../evaluate/stream.ts';
import type { Tags } from '../language/query.ts';
import type { Alert, Alerts } from '../rules/alert.ts';
import { AlertStates } from '../rules/states.ts';
import { readTags, readValues, ShorthandFault, type WrittenSeries } from './shorthand.ts';

const testsSchema = z.strictObject({
  tests: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        alert: z.string().describe('Which alert is tested'),
        from: z
          .string()
          .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/, 'a day, or a time with a zone')
          .describe('A day or a time in the first step; values follow, one a step'),
        input: z
          .record(z.string(), z.string())
          .describe('By series, its values: name{key="value"}: 0 1 _ 2x3 0+1x5'),
        expect: z
          .array(
            z.strictObject({
              after: z.int().min(1).describe('After so many steps'),
              firing: z.array(z.string()).describe('All series for which it fires then: {key="value"}'),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

type TestFile = z.infer<typeof testsSchema>;
type Test = TestFile['tests'][number];

export interface TestResult {
  readonly name: string;
  /** What is not as expected. Empty: it passed. */
  readonly problems: readonly string[];
}

/**
 * Runs the tests of a file against the campus's alerts.
 * @throws InputError where there is no such file; CampusFileError for what it cannot mean
 */
export async function runAlertTests(file: string, alerts: Alerts): Promise<TestResult[]> {
  const text = await readText(file);
  if (text === undefined) throw new InputError(`There is no file ${file}.`, { about: file });
  return alertTestsIn(nameOf(file), text, alerts);
}

/** The same of a text. @throws as `runAlertTests` does */
export function alertTestsIn(name: string, text: string, { alerts }: Alerts): TestResult[] {
  const read = readYaml<TestFile>(name, text, testsSchema);
  const names = alerts.map((alert) => alert.name);
  const ready = (read.value?.tests ?? []).map((test, i) => {
    const path = ['tests', i];
    if (!names.includes(test.alert))
      read.add([
        {
          path: [...path, 'alert'],
          text: `there is no alert "${test.alert}"${didYouMean(test.alert, names)}`,
        },
      ]);
    const input = Object.entries(test.input).flatMap(([series, values]) =>
      seriesOf(series, values, [...path, 'input', series], (finding) => read.add([finding])),
    );
    const expected = test.expect.map(({ firing }, j) =>
      firing.flatMap((one, k) =>
        tagsOf(one, [...path, 'expect', j, 'firing', k], (finding) => read.add([finding])),
      ),
    );
    return { test, input, expected };
  });
  const problems = read.problems();
  if (problems.length > 0 || !read.value) throw new CampusFileError(problems);
  return ready.map(({ test, input, expected }, i) => ({
    name: test.name ?? `${test.alert}, test ${i + 1}`,
    problems: problemsOf(alerts.find((alert) => alert.name === test.alert)!, test, { input, expected }),
  }));
}

interface Ready {
  readonly input: readonly WrittenSeries[];
  readonly expected: readonly (readonly Tags[])[];
}

function problemsOf(alert: Alert, { from, expect }: Test, { input, expected }: Ready): string[] {
  const { axis } = alert;
  // Noon of a day is in the step of that day, wherever the campus is.
  const first = axis.stepAt(Date.parse(from.length === 10 ? `${from}T12:00:00Z` : from));
  const states = new AlertStates([alert]);
  const stream = new AlertStream([alert], {
    from: axis.startOf(first),
    onVerdict: (verdict) => void states.take(verdict),
  });
  const steps = Math.max(...expect.map(({ after }) => after));
  const problems: string[] = [];
  for (let i = 0, step = first; i < steps; i++, step = axis.after(step)) {
    for (const { tags, values } of input)
      if (values[i] !== undefined) stream.add({ tags, time: axis.startOf(step), value: values[i]! });
    stream.advance(axis.startOf(axis.after(step)));
    for (const [j, { after }] of expect.entries())
      if (after === i + 1) problems.push(...compared(after, states, alert, expected[j]!));
  }
  return problems;
}

function compared(after: number, states: AlertStates, { name }: Alert, expected: readonly Tags[]): string[] {
  const found = states
    .of(name)
    .filter(({ state }) => state.phase === 'firing')
    .map(({ tags }) => shown(tags))
    .sort();
  const wanted = expected.map(shown).sort();
  if (found.join('\n') === wanted.join('\n')) return [];
  return [
    `after ${after} ${after === 1 ? 'step' : 'steps'}: it should fire for ${list(wanted)}, and fires for ${list(found)}`,
  ];
}

/** The name of the metric is no part of what a series is called. */
const shown = (tags: Tags): string => labelOf(new Map([...tags].filter(([key]) => key !== 'name')));
const list = (series: readonly string[]): string =>
  series.length === 0 ? 'nothing' : series.map((one) => `{${one}}`).join(' ');

function seriesOf(
  series: string,
  values: string,
  path: YamlPath,
  add: (finding: Finding) => void,
): WrittenSeries[] {
  try {
    return [{ tags: readTags(series), values: readValues(values) }];
  } catch (error) {
    if (!(error instanceof ShorthandFault)) throw error;
    add({ path, text: error.problem });
    return [];
  }
}

function tagsOf(text: string, path: YamlPath, add: (finding: Finding) => void): Tags[] {
  try {
    return [readTags(text)];
  } catch (error) {
    if (!(error instanceof ShorthandFault)) throw error;
    add({ path, text: error.problem });
    return [];
  }
}
