import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { auditGroups } from '../../src/early-warning/audit/audit.ts';
import { type BroughtModel, fitOf } from '../../src/early-warning/brought/brought-model.ts';
import { readJson } from '../../src/early-warning/brought/read-json.ts';
import { markdownCard } from '../../src/early-warning/card/markdown.ts';
import { sagemakerCard } from '../../src/early-warning/card/sagemaker.ts';
import { besideBrought } from '../../src/early-warning/commands/beside-brought.ts';
import { evaluateWeek } from '../../src/early-warning/evaluate.ts';
import type { Example } from '../../src/early-warning/examples.ts';
import { makeUpOf } from '../../src/early-warning/make-up.ts';
import { COLUMNS } from '../../src/early-warning/measures.ts';
import type { StoredModel } from '../../src/early-warning/model-store.ts';
import { rollingSplits, rollingWeek } from '../../src/early-warning/rolling.ts';
import { chooseSplit } from '../../src/early-warning/split.ts';
import type { Study } from '../../src/early-warning/study.ts';
import type { PastTerm } from '../../src/early-warning/terms.ts';
import { withdrawalRules } from '../../src/early-warning/withdrawal.ts';
import { jsonModel } from './brought/files.ts';
import { problems } from './problems.ts';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const object = (properties: object, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const named = { type: 'string', minLength: 1, maxLength: 63 };

/**
 * What SageMaker asks of a model card, as far as ours goes, with its limits
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-json-schema.html).
 */
const SCHEMA = object({
  model_overview: object({
    model_name: text(1024),
    model_description: text(1024),
    problem_type: { type: 'string' },
    algorithm_type: text(1024),
    model_owner: text(1024),
  }),
  intended_uses: object({
    purpose_of_model: text(2048),
    intended_uses: text(2048),
    factors_affecting_model_efficiency: text(2048),
    risk_rating: { enum: ['High', 'Medium', 'Low', 'Unknown'] },
    explanations_for_risk_rating: text(2048),
  }),
  business_details: object({
    business_problem: text(2048),
    business_stakeholders: text(2048),
    line_of_business: text(2048),
  }),
  training_details: object({
    objective_function: object({
      function: object({
        function: { enum: ['Maximize', 'Minimize'] },
        facet: { enum: ['Loss', 'Accuracy', 'RMSE', 'MAE', 'AUC'] },
        condition: text(63),
      }),
      notes: text(1024),
    }),
    training_observations: text(1024),
    training_job_details: object({
      training_datasets: { type: 'array', maxItems: 15, items: text(1024) },
      user_provided_training_metrics: {
        type: 'array',
        maxItems: 50,
        items: object({ name: text(255), value: { type: 'number' } }, ['name', 'value']),
      },
      user_provided_hyper_parameters: {
        type: 'array',
        items: object({ name: text(255), value: text(255) }, ['name', 'value']),
      },
    }),
  }),
  evaluation_details: {
    type: 'array',
    items: object(
      {
        name: named,
        evaluation_observation: text(2096),
        datasets: { type: 'array', maxItems: 10, items: text(1024) },
        metric_groups: {
          type: 'array',
          items: object(
            {
              name: named,
              metric_data: {
                type: 'array',
                items: {
                  anyOf: [
                    object({ name: text(255), type: { const: 'number' }, value: { type: 'number' } }, [
                      'name',
                      'type',
                      'value',
                    ]),
                    object(
                      {
                        name: text(255),
                        type: { const: 'linear_graph' },
                        value: {
                          type: 'array',
                          minItems: 1,
                          items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number' } },
                        },
                        x_axis_name: text(63),
                        y_axis_name: text(63),
                      },
                      ['name', 'type', 'value'],
                    ),
                  ],
                },
              },
            },
            ['name', 'metric_data'],
          ),
        },
      },
      ['name'],
    ),
  },
  additional_information: object({
    ethical_considerations: text(2048),
    caveats_and_recommendations: text(2048),
    custom_details: { type: 'object', additionalProperties: text(1024) },
  }),
});

describe('The model card', () => {
  const past: PastTerm = {
    code: '26SP',
    firstDay: '2026-01-12',
    lastDay: '2026-05-08',
    graded: 900,
    cutoffs: [],
  };
  const later: PastTerm = { ...past, code: '26FA', firstDay: '2026-08-24', lastDay: '2026-12-11' };
  const examples = problems()
    .slice(0, 2)
    .flatMap(({ cases }, n) =>
      cases.map(
        ({ measures, unsuccessful }, i): Example => ({
          user: `${n}-${i}`,
          student: `S${n}-${i}`,
          course: 'MAT101',
          term: n === 0 ? '26SP' : '26FA',
          evidence: i % 12 === 0 ? 'nothing handed in' : 'scored',
          callPlace: i,
          measures,
          watched: [...measures, 0],
          lastScore: 70,
          unsuccessful,
          knownOn: '2026-05-12',
        }),
      ),
    );
  const split = chooseSplit([past, later]);
  const evaluated = evaluateWeek({ week: 8, examples }, split, { count: 90 }, new Map())!;
  const kind = new Map(
    examples.map(({ student }, i) => [student!, i % 90 === 1 ? 'rare' : i % 2 ? 'one' : 'other']),
  );
  const half = new Map(examples.map(({ student }, i) => [student!, i % 3 === 0 ? 'first' : 'second']));
  const groups = new Map([
    ['kind', kind],
    ['half', half],
  ]);
  const study: Study = {
    terms: [past, later],
    split,
    capacity: { count: 90 },
    weeks: [evaluated.evaluation],
    audit: { week: 8, ...auditGroups(evaluated.evaluated, groups, { count: 90 }) },
    rolling: rollingSplits([past, later]).flatMap(
      (one) => rollingWeek({ week: 8, examples }, one, { count: 90 }) ?? [],
    ),
    withdrawal: withdrawalRules({ term: '26FA', weeks: [evaluated.evaluation] }, [], {
      term: '26SP',
      weeks: [{ week: 8, auc: evaluated.evaluation.scored.auc + 0.06 }],
    }),
    makeUp: makeUpOf(examples),
    models: [evaluated.evaluation.model],
  };
  const model: StoredModel = {
    version: 2,
    id: 'early-warning-20261212-020000',
    trainedAt: '2026-12-12T02:00:00Z',
    campus: 'Aurora Valley College',
    terms: ['26SP', '26FA'],
    measures: COLUMNS,
    contact: 'Student success, ext. 4711',
    expires: '2027-12-12',
    evaluation: { term: '26FA', weeks: [] },
    weeks: study.models,
  };

  it('is one that SageMaker takes', () => {
    const validate = new Ajv({ strict: false }).compile(SCHEMA);
    validate(JSON.parse(JSON.stringify(sagemakerCard(model, study))));
    expect(validate.errors).toBeNull();
  });

  it('says to people what it is for, what it is not, how well it does and who is missed', () => {
    const card = markdownCard(model, study);
    expect(card).toContain('It supports an adviser; it decides nothing');
    expect(card).toContain('Trained on 26SP; evaluated on 26FA, of which the training saw nothing');
    expect(card).toContain(`${evaluated.evaluation.scored.auc.toFixed(3)} (`);
    expect(card).toContain('**The figures are not of early-warning-20261212-020000**');
    expect(card).toContain('Who answers for it: Student success, ext. 4711');
    expect(card).toContain('Valid until 2027-12-12');
    expect(card).toContain('Since the last card: there was none in use');
    expect(card).toMatch(/\| 26SP \| MAT101 \| \d+ \| 0\.\d+ \|/);
    expect(card).toContain('| the AUC of a new term falls by more than 0.05 | from 26SP to 26FA');
    expect(card).toContain('**yes: withdraw it**');
    expect(card).toContain('Risk: High');
    for (const column of COLUMNS) expect(card).toContain(`| ${column} |`);
    expect(card).toContain('| kind: rare | hidden | hidden |');
    expect(card).toMatch(/\| kind: other, half: second \| \d+ \|/);
    expect(card).toMatch(/Not shown \(too small, next to such, or empty\): \d of kind × half/);
    expect(card).not.toContain('NaN');
    expect(card).not.toContain('undefined');
  });

  it('says what has changed since the last one', () => {
    const before = {
      ...model,
      id: 'early-warning-20260612-020000',
      terms: ['22FA', '26SP'],
      weeks: model.weeks.map((week) => ({
        ...week,
        weights: week.weights.map((w, j) => (j === 3 ? w + 1 : w)),
      })),
    };
    expect(markdownCard(model, study, before)).toMatch(
      /Since the last card \(early-warning-20260612-020000, evaluated on 26FA\): learned from 26FA too; 22FA left out as too old; the weight that moved most in week 8 is that of hand_ins_below_class/,
    );
  });

  describe('of a model that was brought', () => {
    const brought: BroughtModel = {
      ...readJson('m.json', jsonModel()),
      format: 'JSON',
      sha256: 'abc',
      broughtAt: '2026-12-01T00:00:00Z',
    };
    const found = evaluateWeek({ week: 8, examples }, split, { count: 90 }, new Map(), fitOf(brought))!;
    const own = auditGroups(found.evaluated, groups, { count: 90 });
    const ofBrought: Study = {
      ...study,
      weeks: [found.evaluation],
      models: [found.evaluation.model],
      audit: { week: 8, ...own },
      brought,
    };
    const used: StoredModel = { ...model, terms: [], weeks: ofBrought.models, brought };

    it('says where it comes from, and that the figures are of it', () => {
      const card = markdownCard(used, ofBrought, model);
      for (const said of [
        'which is statewide-2025, brought 2026-12-01 as JSON (SHA-256 abc)',
        'Source: https://example.edu/model',
        'Licence of the model: CC BY 4.0',
        'Its makers say: Advising at two-year colleges.',
        'Elsewhere: 41,000 enrolments of 12 colleges, 2019 to 2024.',
        '**The figures are of statewide-2025 itself**',
        'evaluated on 26FA',
        'No coefficient is below zero',
        '| missing_share | × 2.23 |',
        'it is another model',
        `${found.evaluation.scored.auc.toFixed(3)} (`,
      ])
        expect(card).toContain(said);
      expect(card).not.toMatch(/NaN|undefined|Trained on/);
    });

    it('is one that SageMaker takes', () => {
      const validate = new Ajv({ strict: false }).compile(SCHEMA);
      const card = JSON.parse(JSON.stringify(sagemakerCard(used, ofBrought)));
      validate(card);
      expect(validate.errors).toBeNull();
      expect(card.training_details.training_observations).toContain('41,000 enrolments');
    });

    it('stands in the report next to one’s own, by week and group, on the same students', () => {
      const beside = { model: brought, weeks: [found.evaluation], audit: { week: 8, ...own } };
      const text = besideBrought(study, beside);
      expect(found.evaluation.scored.cases).toBe(evaluated.evaluation.scored.cases);
      const auc = (of: typeof found) => of.evaluation.scored.auc.toFixed(3);
      expect(text).toMatch(new RegExp(`│ 8 +│ own +│ \\d+ +│ ${auc(evaluated)} `));
      expect(text).toMatch(new RegExp(`│ 8 +│ statewide-2025 +│ \\d+ +│ ${auc(found)} `));
      expect(text).toMatch(/│ kind: other +│ statewide-2025 +│ 0\.\d+/);
      expect(besideBrought(study, { model: brought, weeks: [] })).toContain('it begins with week 4');
    });
  });

  it('looks at nothing that says who a student is', () => {
    expect(COLUMNS.join(' ')).not.toMatch(/gender|sex|race|ethnic|disab|depriv|imd|age_|birth|income|aid/);
  });
});
