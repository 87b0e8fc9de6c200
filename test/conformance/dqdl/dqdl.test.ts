import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLake } from '../../../bin/with-lake.ts';
import { glueRulesetsOf } from '../../../src/app/export/glue-rulesets.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { rulesetsOf } from '../../../src/export/glue-data-quality/rulesets.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';

const run = promisify(execFile);
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The parser of AWS Glue Data Quality itself, from Maven Central, reads the rulesets that the lake exports. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lake-dqdl-'));
  const pom = path.join(import.meta.dirname, 'pom.xml');
  await run('mvn', ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}/jars`]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How many rules each text has to the parser, or that it is refused. */
async function parsed(texts: readonly string[]): Promise<(number | 'refused')[]> {
  const files = await Promise.all(
    texts.map(async (text, i) => {
      const file = path.join(folder, `${i}.dqdl`);
      await writeFile(file, text);
      return file;
    }),
  );
  const source = path.join(import.meta.dirname, 'ParseRulesets.java');
  const { stdout } = await run('java', ['-cp', `${folder}/jars/*`, source, ...files]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[1]!)
    .map((rules) => (rules === 'refused' ? 'refused' : Number(rules)));
}

/** Rules stand a line each. */
const rulesIn = (text: string) => text.split('\n').filter((line) => line.startsWith('  ')).length;

describe("AWS's own DQDL parser", () => {
  it('reads every ruleset of the campus, rule by rule', async () => {
    const { rulesets } = await glueRulesetsOf(await loadCampus(path.join(ROOT, 'campus.yaml')), withLake);
    const texts = rulesets.map(({ Ruleset }) => Ruleset);

    expect(texts.length).toBeGreaterThan(20);
    expect(await parsed(texts)).toEqual(texts.map(rulesIn));
  });

  it('reads checks of every kind, with values that need quoting', async () => {
    const check = (name: string, of: object) => ({
      name,
      check: of as never,
      severity: 'fail' as const,
      isDefault: false,
    });
    const { rulesets } = rulesetsOf(
      [
        {
          table: 'campus.odd',
          checks: [
            check('a', { kind: 'not_null', columns: ['a', 'b'] }),
            check('b', { kind: 'unique', columns: ['a', 'b'] }),
            check('c', {
              kind: 'accepted_values',
              column: 'c',
              values: ["O'Neil", 'say "so"', 'a,b', 'Zoë', ''],
            }),
            check('d', { kind: 'accepted_values', column: 'd', values: [1, -2.5, true] }),
            check('e', { kind: 'range', column: 'e', min: -0.5, max: 1_000_000_000_000 }),
            check('f', { kind: 'range', column: 'f', min: '2026-01-31', max: '2027-12-31' }),
            check('g', { kind: 'relationships', column: 'g', to: 'campus.courses', field: 'course_id' }),
            check('h', { kind: 'row_count', min: 1 }),
          ],
        },
      ],
      { name: 'lake', databasePrefix: 'lake_' },
    );
    const texts = rulesets.map(({ Ruleset }) => Ruleset);

    expect(texts.length).toBe(1);
    expect(await parsed(texts)).toEqual(texts.map(rulesIn));
  });

  it('would refuse what is no ruleset', async () => {
    expect(
      await parsed(['Rules = [ IsComplet "a" ]', 'Rules = [ ColumnValues "a" > 1e5 ]', 'IsComplete "a"']),
    ).toEqual(['refused', 'refused', 'refused']);
  });
});
