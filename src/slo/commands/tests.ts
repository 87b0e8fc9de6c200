import { z } from 'zod';
import { CampusFileError } from '../../campus/errors.ts';
import { nameOf, readText } from '../../campus/files.ts';
import { didYouMean } from '../../campus/nearest.ts';
import { readYaml } from '../../campus/read-yaml.ts';
import { colours } from '../../colours.ts';
import { InputError } from '../../errors.ts';
import { assess, type Standing } from '../assess.ts';
import { parsePart, percent } from '../burn-alerts.ts';
import { type History, NO_HISTORY } from '../history.ts';
import type { Objectives } from '../load-objectives.ts';
import { minuteOf } from '../spans.ts';
import { firingIn } from '../standing.ts';

const instant = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/,
    'a time with a zone such as 2026-11-20T08:00Z',
  );
const part = z.string().regex(/^\d{1,6}(\.\d{1,6})?\s?%$/, 'a percentage such as 37.2%');

const testsSchema = z.strictObject({
  tests: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        objective: z.string().describe('Which objective is tested'),
        shown: z
          .record(z.string(), z.array(z.strictObject({ at: instant, upTo: instant.nullable() })))
          .default({})
          .describe('By table: when readers saw a version, and how far its rows were known'),
        runs: z.array(z.strictObject({ at: instant, succeeded: z.boolean() })).default([]),
        expect: z
          .array(
            z.strictObject({
              at: instant,
              firing: z.array(z.string()).optional().describe('The names of all alerts that fire then'),
              spent: part.optional().describe('Which part of the budget is used up then, rounded as written'),
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
 * Runs the tests of a file against the campus's own objectives.
 * @throws InputError where there is no such file; CampusFileError for what it cannot mean
 */
export async function runTests(file: string, { objectives, calendar }: Objectives): Promise<TestResult[]> {
  const text = await readText(file);
  if (text === undefined) throw new InputError(`There is no file ${file}.`, { about: file });
  const read = readYaml<TestFile>(nameOf(file), text, testsSchema);
  const names = objectives.map(({ name }) => name);
  for (const [i, { objective }] of (read.value?.tests ?? []).entries())
    if (!names.includes(objective))
      read.add([
        {
          path: ['tests', i, 'objective'],
          text: `there is no objective "${objective}"${didYouMean(objective, names)}`,
        },
      ]);
  const problems = read.problems();
  if (problems.length > 0 || !read.value) throw new CampusFileError(problems);
  return read.value.tests.map((test, i) => {
    const objective = objectives.find(({ name }) => name === test.objective)!;
    const history = historyOf(test);
    return {
      name: test.name ?? `${test.objective}, test ${i + 1}`,
      problems: test.expect.flatMap((expected) =>
        compare(assess(objective, history, calendar, Date.parse(expected.at)), expected),
      ),
    };
  });
}

function historyOf({ shown, runs }: Test): History {
  return {
    ...NO_HISTORY,
    seen: (table) =>
      (shown[table] ?? []).map(({ at, upTo }) => ({
        from: Date.parse(at),
        dataUpTo: upTo === null ? undefined : Date.parse(upTo),
      })),
    runs: runs.map(({ at, succeeded }) => ({ at: minuteOf(Date.parse(at)), good: succeeded })),
  };
}

function compare(standing: Standing, { at, firing, spent }: Test['expect'][number]): string[] {
  const problems: string[] = [];
  const found = firingIn(standing).map(({ alert }) => alert.name);
  if (firing && [...firing].sort().join() !== [...found].sort().join())
    problems.push(`at ${at}: ${listed(firing)} should fire, ${listed(found)} does`);
  if (spent !== undefined) {
    const places = spent.replace(/[ %]/g, '').split('.')[1]?.length ?? 0;
    const used = standing.budget.spent;
    const isEqual = used?.mul(100).round(places).equals(parsePart(spent.trim())!.mul(100)) ?? false;
    if (!isEqual)
      problems.push(`at ${at}: ${spent} should be spent, ${used ? percent(used) : 'nothing was measured'}`);
  }
  return problems;
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

export function testsInWords(results: readonly TestResult[]): string {
  const { green, red } = colours();
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  return [
    ...results.flatMap(({ name, problems }) => [
      `${problems.length === 0 ? green('✓') : red('✗')} ${name}`,
      ...problems.map((problem) => `    ${problem}`),
    ]),
    `${results.length - failed} passed, ${failed} failed`,
  ].join('\n');
}
