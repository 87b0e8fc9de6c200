import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitOf, lowering } from '../../../src/early-warning/brought/brought-model.ts';
import { readPmml } from '../../../src/early-warning/brought/pmml.ts';
import { readJson } from '../../../src/early-warning/brought/read-json.ts';
import { keepBrought, listBrought, readBrought } from '../../../src/early-warning/brought/store.ts';
import { COLUMNS } from '../../../src/early-warning/measures.ts';
import { risk, type WeekModel } from '../../../src/early-warning/week-model.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { problems } from '../problems.ts';
import { jsonModel, pmmlModel } from './files.ts';

const [, { cases }] = problems() as [unknown, ReturnType<typeof problems>[number]];
const modelOf = (given: Parameters<typeof fitOf>[0], week = 8): WeekModel => fitOf(given)(week, cases)!;
const pmml = (...replace: (readonly [string, string])[]) =>
  readPmml('model.pmml', pmmlModel(replace), { week: 8 });
/** A value of each measure by name, 0 where none is given. */
const measures = (values: Readonly<Record<string, number>>) => COLUMNS.map((column) => values[column] ?? 0);

describe('A model from a JSON file', () => {
  const given = readJson('model.json', jsonModel());

  it('gives the probability that its coefficients say, within the range of the past here', () => {
    const model = modelOf(given);
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (a, b) => {
          const [i, j] = [COLUMNS.indexOf('missing_share'), COLUMNS.indexOf('points_below_class')];
          const cut = (value: number, at: number) =>
            Math.max(model.least[at]!, Math.min(model.greatest[at]!, value));
          const z = -0.5 + (0.8 * (cut(a, i) - 0.2)) / 0.3 + 1.5 * cut(b, j);
          const own = { course: 'MAT101', measures: measures({ missing_share: a, points_below_class: b }) };
          expect(risk(model, own)).toBeCloseTo(1 / (1 + Math.exp(-z)), 12);
        },
      ),
    );
    expect(model.least).toEqual(COLUMNS.map((_, j) => Math.min(...cases.map((one) => one.measures[j]!))));
    expect(model.courses).toEqual({});
  });

  it('holds from its week on until the next, and before says nothing', () => {
    expect(modelOf(given, 7).intercept).toBe(-0.6);
    expect(modelOf(given, 8).intercept).toBe(-0.5);
    expect(modelOf(given, 14)).toMatchObject({ week: 14, intercept: -0.5 });
    expect(fitOf(given)(3, cases)).toBeUndefined();
    expect(fitOf(given)(8, cases.slice(0, 9))).toBeUndefined();
  });

  it('of the documentation is one that is read', async () => {
    const [, example] = /```json\n([\s\S]*?)```/.exec(await readFile('docs/early-warning.md', 'utf8'))!;
    expect(readJson('model.json', example!).weeks.map((own) => own.week)).toEqual([4, 8]);
  });

  const week = (own: object) =>
    jsonModel({
      weeks: [{ week: 8, intercept: 0, measures: { missing_share: { coefficient: 1 } }, ...own }],
    });
  it.each([
    [
      'an unknown measure, with the nearest',
      week({ measures: { mising_share: { coefficient: 1 } } }),
      /no measure "mising_share"; did you mean "missing_share"\?/,
    ],
    [
      'an unknown measure that is like none',
      week({ measures: { gpa: { coefficient: 1 } } }),
      /no measure "gpa"$/,
    ],
    ['no measure', week({ measures: {} }), /week 8 has no measures/],
    [
      'a week that is there twice',
      jsonModel({ weeks: [JSON.parse(week({})).weeks[0], JSON.parse(week({})).weeks[0]] }),
      /week 8 is there twice/,
    ],
    ['a key that is not known', week({ interceptt: 1 }), /unknown key "interceptt"/],
    [
      'a coefficient that is no number',
      week({ measures: { missing_share: { coefficient: '1' } } }),
      /coefficient/,
    ],
    [
      'a coefficient without an end',
      week({}).replace('"coefficient":1', '"coefficient":1e999'),
      /coefficient/,
    ],
    ['a scale of 0', week({ measures: { missing_share: { coefficient: 1, scale: 0 } } }), /scale.*above 0/],
    ['no licence', jsonModel({ licence: undefined }), /licence: missing/],
    ['an empty contact', jsonModel({ contact: '  ' }), /contact/],
    ['another version', jsonModel({ version: 2 }), /version/],
    ['a name that is a path', jsonModel({ name: '../model' }), /name/],
    ['what is no JSON', '{', /is not JSON/],
  ])('is refused for %s', (_, text, message) => {
    expect(() => readJson('model.json', text)).toThrow(message);
  });
});

describe('A model from a PMML file', () => {
  it('is the same as that of the JSON file', () => {
    const [a, b] = [modelOf(pmml()), modelOf(readJson('model.json', jsonModel()))];
    for (const one of cases.slice(0, 50)) expect(risk(a, one)).toBeCloseTo(risk(b, one), 12);
    expect(pmml().weeks[0]!.measures.missing_share!.whenMissing).toBe(0.2);
  });

  it('speaks of the first category, whichever means that the course was lost', () => {
    const turned = readPmml(
      'model.pmml',
      pmmlModel([
        ['targetCategory="1"', 'targetCategory="passed"'],
        ['targetCategory="0"', 'targetCategory="dropped"'],
      ]),
      {
        week: 8,
        unsuccessful: 'dropped',
      },
    );
    for (const one of cases.slice(0, 50))
      expect(risk(modelOf(turned), one)).toBeCloseTo(1 - risk(modelOf(pmml()), one), 12);
    expect(lowering(turned)).toEqual(['missing_share', 'points_below_class']);
    expect(lowering(pmml())).toEqual([]);
  });

  it('is read alike as softmax with two categories, and as a regression with the logit', () => {
    const softmax = pmml(['normalizationMethod="logit"', 'normalizationMethod="softmax"']);
    const regression = pmml(
      ['functionName="classification"', 'functionName="regression"'],
      ['    <RegressionTable intercept="0" targetCategory="0"/>\n', ''],
    );
    expect(softmax.weeks).toEqual(pmml().weeks);
    expect(regression.weeks).toEqual(pmml().weeks);
  });

  const predictor = '<NumericPredictor name="points_below_class" exponent="1" coefficient="1.5E0"/>';
  it.each([
    [
      'a categorical predictor',
      [predictor, '<CategoricalPredictor name="points_below_class" value="a" coefficient="1"/>'],
      /^model\.pmml:20: <CategoricalPredictor> is not read/,
    ],
    ['an interaction', [predictor, '<PredictorTerm coefficient="1"/>'], /<PredictorTerm> is not read/],
    ['an exponent', ['exponent="1"', 'exponent="2"'], /exponent other than 1/],
    [
      'an unknown field',
      ['<NumericPredictor name="missing_share"', '<NumericPredictor name="gpa"'],
      /no field of the MiningSchema/,
    ],
    [
      'a predictor that is there twice',
      ['<NumericPredictor name="missing_share"', '<NumericPredictor name="points_below_class"'],
      /there twice/,
    ],
    [
      'a coefficient that is no number',
      ['coefficient="1.5E0"', 'coefficient="much"'],
      /coefficient of <NumericPredictor> is no number/,
    ],
    ['an intercept without an end', ['intercept="-1.0333333333333334"', 'intercept="Infinity"'], /intercept/],
    [
      'a probability that is none',
      ['normalizationMethod="logit"', 'normalizationMethod="none"'],
      /neither a classification/,
    ],
    [
      'another function',
      ['functionName="classification"', 'functionName="clustering"'],
      /neither a classification/,
    ],
    [
      'coefficients of both categories',
      [
        '<RegressionTable intercept="0" targetCategory="0"/>',
        '<RegressionTable intercept="1" targetCategory="0"/>',
      ],
      /both categories/,
    ],
    [
      'three categories',
      [
        '<RegressionTable intercept="0" targetCategory="0"/>',
        '<RegressionTable intercept="0" targetCategory="0"/><RegressionTable intercept="0" targetCategory="2"/>',
      ],
      /3 tables/,
    ],
    ['categories that say nothing', ['targetCategory="1"', 'targetCategory="A"'], /which category means/],
    [
      'a field that is not continuous',
      [
        '<DataField name="missing_share" optype="continuous"',
        '<DataField name="missing_share" optype="categorical"',
      ],
      /not continuous/,
    ],
    [
      'a rule for outliers',
      ['missingValueReplacement="0.2"', 'outliers="asExtremeValues" lowValue="0" highValue="1"'],
      /outliers/,
    ],
    [
      'derived fields',
      [
        '</MiningSchema>',
        '</MiningSchema><LocalTransformations><DerivedField name="z" optype="continuous" dataType="double"/></LocalTransformations>',
      ],
      /derived fields/,
    ],
    [
      'targets that rescale',
      ['</MiningSchema>', '</MiningSchema><Targets/>'],
      /<Targets> in <RegressionModel> is not read/,
    ],
    ['another kind of model', ['<Header', '<TreeModel/><Header'], /<TreeModel> in <PMML> is not read/],
    ['another version', ['PMML-4_4', 'PMML-3_0'], /not PMML 4.2 to 4.4/],
    [
      'a document type',
      ['<PMML version', '<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<PMML version'],
      /document type \(DTD\) is not read/,
    ],
    ['an entity that is not declared', ['copyright="example.edu"', 'copyright="&x;"'], /not well-formed/],
    ['an end that is missing', ['</PMML>', ''], /not well-formed/],
    ['depth', ['</MiningSchema>', `</MiningSchema>${'<Extension>'.repeat(60)}`], /too large/],
    ['size', ['</MiningSchema>', `</MiningSchema>${'<Extension/>'.repeat(20_001)}`], /too large/],
  ] as const)('is refused for %s', (_, [from, to], message) => {
    expect(() => pmml([from, to])).toThrow(message);
  });

  it('says a measure that the lake does not have with the nearest', () => {
    const text = pmmlModel().replaceAll('missing_share', 'missing_shares');
    expect(() => readPmml('model.pmml', text, { week: 8 })).toThrow(
      /no measure "missing_shares"; did you mean "missing_share"\?/,
    );
  });
});

describe('Brought models', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  it('are kept under their names with where they come from, in one line each', async () => {
    const objects = openLocalObjects(lake.root);
    await expect(readBrought(objects, 'statewide-2025')).rejects.toThrow(
      'No model was brought under this name',
    );
    const text = jsonModel({ intendedUse: 'Advising\n# at | two-year\u0007 colleges.' });
    const file = { format: 'JSON' as const, text, at: Date.UTC(2026, 0, 2) };
    const kept = await keepBrought(objects, readJson('m.json', text), file);
    expect(kept).toMatchObject({
      name: 'statewide-2025',
      format: 'JSON',
      broughtAt: '2026-01-02T00:00:00.000Z',
      intendedUse: 'Advising # at two-year colleges.',
      licence: 'CC BY 4.0',
    });
    expect(kept.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await readBrought(objects, 'statewide-2025')).toEqual(kept);
    expect(await listBrought(objects)).toEqual([kept]);
    await expect(readBrought(objects, 'statewide-2024')).rejects.toThrow(/did you mean "statewide-2025"/);
  });
});
