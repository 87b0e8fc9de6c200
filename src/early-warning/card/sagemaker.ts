import type { BroughtModel } from '../brought/brought-model.ts';
import { evaluatedWeeks, type WeekEvaluation } from '../evaluate.ts';
import { MEASURES } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import type { Study } from '../study.ts';
import { CAVEATS, ethics, FACTORS, howJudged, INTENDED, PURPOSE, RISK, SUPPORT } from './statements.ts';

/** Lengths that the schema allows for a text. */
const LONG = 2048;
const SHORT = 1024;

/**
 * The model card in the JSON that Amazon SageMaker's model cards take (the content of `CreateModelCard`).
 * Schema: https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-json-schema.html
 */
export function sagemakerCard(model: StoredModel, study: Study) {
  return {
    model_overview: {
      model_name: model.id,
      model_description: cut(`Early warning at ${model.campus}. ${SUPPORT}`, SHORT),
      problem_type: 'Binary classification',
      algorithm_type: model.brought
        ? cut(`Logistic regression brought from elsewhere (${model.brought.format})`, SHORT)
        : 'Logistic regression with a ridge penalty and weights at or above zero, one for each week',
      model_owner: cut(model.campus, SHORT),
    },
    intended_uses: {
      purpose_of_model: cut(PURPOSE, LONG),
      intended_uses: cut(
        model.brought ? `${INTENDED} As its makers say: ${model.brought.intendedUse}` : INTENDED,
        LONG,
      ),
      factors_affecting_model_efficiency: cut(FACTORS, LONG),
      risk_rating: 'High',
      explanations_for_risk_rating: cut(RISK, LONG),
    },
    business_details: {
      business_problem: 'Students, above all in their first semester, drift away before anybody notices.',
      business_stakeholders: 'Students; advisers; the data team; the data steward',
      line_of_business: 'Student advising',
    },
    training_details: model.brought ? broughtDetails(model.brought) : ownDetails(model),
    evaluation_details: [
      {
        name: model.brought ? 'this model on a past term' : 'models of earlier terms on a later one',
        evaluation_observation: cut(howJudged(study), LONG),
        datasets: [study.split.kind === 'later term' ? study.split.test.code : study.split.term.code],
        metric_groups: evaluatedWeeks(study.weeks).map(metricGroup),
      },
    ],
    additional_information: {
      ethical_considerations: cut(ethics(model.brought), LONG),
      caveats_and_recommendations: cut(CAVEATS, LONG),
      custom_details: {
        'who decides': SUPPORT,
        'who answers': cut(model.contact ?? 'nobody was named', SHORT),
        'valid until': model.expires,
      },
    },
  };
}

/** How the models of the lake are trained. */
function ownDetails(model: StoredModel) {
  return {
    objective_function: {
      function: { function: 'Minimize', facet: 'Loss', condition: 'weights at or above zero' },
      notes:
        'Logistic loss plus half the squared weights of the scaled measures (lambda = 1), by projected Newton.',
    },
    training_observations: cut(
      `Terms ${model.terms.join(', ')}. Measures: ${MEASURES.map(({ column }) => column).join(', ')}.`,
      SHORT,
    ),
    training_job_details: {
      training_datasets: model.terms.slice(0, 15),
      user_provided_training_metrics: model.weeks
        .slice(0, 50)
        .map(({ week, cases }) => ({ name: `cases of week ${week}`, value: cases })),
      user_provided_hyper_parameters: [{ name: 'lambda', value: '1' }],
    },
  };
}

function broughtDetails({ name, source, trainedOn, licence, sha256 }: BroughtModel) {
  return {
    training_observations: cut(
      `${name} was trained elsewhere: ${trainedOn} Source: ${source}. Licence: ${licence}. SHA-256 of its file: ${sha256}.`,
      SHORT,
    ),
  };
}

function metricGroup({ week, scored, list }: WeekEvaluation) {
  const { calibration } = scored;
  const numbers: readonly (readonly [string, number])[] = [
    ['students in courses', scored.cases],
    ['base rate', scored.base],
    ['auc', scored.auc],
    ['average precision', scored.prAuc],
    ['brier', scored.brier],
    ['brier of the course rate', scored.brierOfCourseRate],
    ...(calibration.line ? ([['calibration slope', calibration.line.slope]] as const) : []),
    ['expected calibration error', calibration.error],
    ...(list
      ? ([
          ['precision of the list', list.precision],
          ['recall of the list', list.recall],
        ] as const)
      : []),
  ];
  const points = calibration.table.flatMap((bin) => (bin.hidden ? [] : [[bin.predicted, bin.observed]]));
  return {
    name: `week ${week}`,
    metric_data: [
      ...numbers.map(([name, value]) => ({ name, type: 'number', value })),
      ...(points.length > 0
        ? [
            {
              name: 'calibration',
              type: 'linear_graph',
              value: points,
              x_axis_name: 'predicted',
              y_axis_name: 'observed',
            },
          ]
        : []),
    ],
  };
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
