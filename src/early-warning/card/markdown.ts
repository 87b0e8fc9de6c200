import { evaluatedWeeks } from '../evaluate.ts';
import type { GroupRow } from '../groups.ts';
import { MEASURES } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import { smallShareInWords } from '../small-numbers.ts';
import type { Study } from '../study.ts';
import type { WeekModel } from '../week-model.ts';
import {
  CAVEATS,
  ETHICS,
  FACTORS,
  howJudged,
  INTENDED,
  inWords,
  PURPOSE,
  RISK,
  SUPPORT,
} from './statements.ts';

/** The model card for people, after Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019). */
export function markdownCard(model: StoredModel, study: Study): string {
  return [
    `# Early warning at ${model.campus}: model card`,
    `**${SUPPORT}**`,
    '## The model',
    `- Name: ${model.id}, trained ${model.trainedAt.slice(0, 10)} on ${model.terms.join(', ')}.`,
    `- A logistic regression for each week of the term (${model.weeks.length} weeks), ridge penalty with λ = 1 on scaled measures, weights held at or above zero.`,
    '- It answers: how likely is it that this course ends with D, F, Fail or a withdrawal, for a student who is still enrolled and has handed something in?',
    '- Students who have handed nothing in are not predicted. They stand first on the list: a plain rule, and a call.',
    '## What it is for',
    PURPOSE,
    INTENDED,
    '## What it looks at',
    table(
      ['measure', 'what it is'],
      MEASURES.map(({ column, words }) => [column, words]),
    ),
    'Everything is cut off at the end of the week before it is joined, and only who was enrolled then is there. Measures are higher where there is more to worry about.',
    '## What they weigh',
    'The odds are multiplied by this for one standard deviation more of the measure, the others unchanged:',
    table(
      ['measure', ...shown(model.weeks).map(({ week }) => `week ${week}`)],
      MEASURES.map(({ column }, j) => [
        column,
        ...shown(model.weeks).map(({ weights }) => `× ${Math.exp(weights[j]!).toFixed(2)}`),
      ]),
    ),
    '## How well it does',
    howJudged(study),
    figuresTable(study),
    `Capacity: ${inWords(study.capacity)}. PR-AUC: chance is the base rate. Brier: 0 is best; in brackets, always answering with the course's rate. AUC in brackets: 95 %, students drawn with replacement.`,
    '### Beside simple rules',
    rivalsTable(study),
    '### Calibration',
    calibrationSection(study),
    '## Who is missed',
    groupsSection(study),
    '## What can go wrong',
    FACTORS,
    ETHICS,
    CAVEATS,
    `Risk: ${RISK}`,
    '',
  ].join('\n\n');
}

/** At most eight weeks, evenly. */
function shown(weeks: readonly WeekModel[]): readonly WeekModel[] {
  const step = Math.ceil(weeks.length / 8);
  return weeks.filter((_, i) => i % step === step - 1 || weeks.length <= 8);
}

function figuresTable(study: Study): string {
  return table(
    [
      'week',
      'students',
      'base',
      'AUC',
      'PR-AUC',
      'Brier',
      'precision',
      'recall',
      'nothing handed in: failed',
    ],
    evaluatedWeeks(study.weeks).map(({ week, scored, nothingHandedIn }) => [
      `${week}`,
      `${scored.cases}`,
      three(scored.base),
      `${three(scored.auc)} (${three(scored.aucFrom)}–${three(scored.aucTo)})`,
      three(scored.prAuc),
      `${three(scored.brier)} (${three(scored.brierOfCourseRate)})`,
      three(scored.capacity.precision),
      three(scored.capacity.recall),
      smallShareInWords(nothingHandedIn),
    ]),
  );
}

function rivalsTable(study: Study): string {
  return table(
    ['week', 'model', 'last score', 'share missing', "the course's rate"],
    evaluatedWeeks(study.weeks).map(({ week, scored: { auc, rivals } }) => [
      `${week}`,
      three(auc),
      three(rivals.lastScore),
      three(rivals.missingShare),
      three(rivals.courseRate),
    ]),
  );
}

function calibrationSection({ weeks, audit }: Study): string {
  const chosen = weeks.findLast(({ week }) => week <= (audit?.week ?? 8)) ?? weeks[0]!;
  const { calibration, base } = chosen.scored;
  return [
    `Week ${chosen.week}: mean predicted ${three(calibration.predicted)}, observed ${three(base)}; slope ${calibration.line?.slope.toFixed(2) ?? 'none'}, expected calibration error ${three(calibration.error)}.`,
    table(
      ['risk', 'students', 'predicted', 'observed'],
      calibration.table.map((bin) => [
        `${bin.from.toFixed(1)}–${bin.to.toFixed(1)}`,
        bin.observed === undefined ? 'fewer than 10' : `${bin.cases}`,
        three(bin.predicted),
        bin.observed === undefined ? 'hidden' : three(bin.observed),
      ]),
    ),
  ].join('\n\n');
}

function groupsSection({ audit, capacity }: Study): string {
  if (!audit || audit.rows.length === 0) {
    return 'The lake holds no attributes of students by which this could be told.';
  }
  return [
    `Week ${audit.week}, one list for all of ${inWords(capacity)}. Missed: of those who did not succeed, the share that the list does not name. Groups under ten are hidden, and another with them where the total would give them away.`,
    table(
      ['group', 'students', 'did not succeed', 'missed', '95 %', 'falsely listed', 'predicted less observed'],
      audit.rows.map(groupCells),
    ),
  ].join('\n\n');
}

function groupCells(row: GroupRow): string[] {
  const name = `${row.attribute}: ${row.value}`;
  if (row.hidden) return [name, 'hidden', 'hidden', 'hidden', '', 'hidden', 'hidden'];
  return [
    name,
    `${row.cases}`,
    `${row.unsuccessful}`,
    three(row.missed!),
    `${three(row.missedFrom!)}–${three(row.missedTo!)}`,
    three(row.falselyListed!),
    `${row.calibrationGap! >= 0 ? '+' : ''}${three(row.calibrationGap!)}`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const three = (value: number): string => value.toFixed(3);
