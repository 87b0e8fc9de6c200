import { evaluatedWeeks, type WeekEvaluation } from '../evaluate.ts';
import type { RankFigures } from '../figures.ts';
import { MEASURES } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import { smallShareInWords } from '../small-numbers.ts';
import type { Study } from '../study.ts';
import type { WeekModel } from '../week-model.ts';
import { aboutSection, changesSection, learnedElsewhere, makeUpSection, ownFigures } from './about.ts';
import { groupsSection } from './groups-section.ts';
import {
  CAVEATS,
  ethics,
  FACTORS,
  howJudged,
  INTENDED,
  inWords,
  PURPOSE,
  RISK,
  SUPPORT,
} from './statements.ts';
import { table, three } from './table.ts';

/** The model card for people, after Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019). */
export function markdownCard(model: StoredModel, study: Study, before?: StoredModel): string {
  return [
    `# Early warning at ${model.campus}: model card`,
    `**${SUPPORT}**`,
    '## The model',
    ...aboutSection(model),
    '- It answers: how likely is it that this course ends with D, F, Fail or a withdrawal, for a student who is still enrolled and has handed something in?',
    '- Students who have handed nothing in are not predicted. They come first on the list, by the evidence there is: a plain rule, and a call.',
    `- Who answers for it: ${model.contact ?? 'nobody was named (`lake early-warning train --contact "…"`)'}.`,
    `- Valid until ${model.expires}; to be trained again each term.`,
    changesSection(model, before),
    '## What it has learned from',
    model.brought ? learnedElsewhere(model.brought) : makeUpSection(study),
    '## What it is for',
    PURPOSE,
    INTENDED,
    ...(model.brought ? [`Its makers say: ${model.brought.intendedUse}`] : []),
    '## What it looks at',
    table(
      ['measure', 'what it is'],
      MEASURES.map(({ column, words }) => [column, words]),
    ),
    'Everything is cut off at the end of the week before it is joined, and only who was enrolled then is there. Measures are higher where there is more to worry about.',
    '## What they weigh',
    `The odds are multiplied by this for one ${model.brought ? 'unit of its scale' : 'standard deviation'} more of the measure, the others unchanged:`,
    table(
      ['measure', ...shown(model.weeks).map(({ week }) => `week ${week}`)],
      MEASURES.map(({ column }, j) => [
        column,
        ...shown(model.weeks).map(({ weights }) => `× ${Math.exp(weights[j]!).toFixed(2)}`),
      ]),
    ),
    '## How well it does',
    howJudged(study),
    ownFigures(model, study),
    figuresTable(study),
    `Figures before the list: students with work handed in, in courses that the training had. The list is the one that advisers get: ${inWords(study.capacity)}, of everybody of whom something is said, those with nothing handed in first; in brackets, 95 % (Wilson). ${choice(study)} PR-AUC: chance is the base rate. Brier: 0 is best; in brackets, always answering with the course's rate. AUC in brackets: 95 %, students drawn with replacement.`,
    '### Simple rules, new courses, all enrolled',
    rivalsTable(study),
    'New courses: those that the training did not have. All enrolled: with the students of the rule, who are given the share of such students that the training terms lost; that is an order for this figure and no prediction.',
    '### By course',
    coursesSection(study),
    '### Term by term',
    rollingSection(study),
    '### The rules of withdrawal',
    withdrawalSection(study),
    '### Calibration',
    calibrationSection(study),
    '## Who is missed',
    groupsSection(study),
    '## What can go wrong',
    FACTORS,
    ethics(model.brought),
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
      'list: precision',
      'recall',
      'of the rule',
      'nothing handed in: failed',
    ],
    evaluatedWeeks(study.weeks).map(({ week, scored, list, nothingHandedIn }) => [
      `${week}`,
      `${scored.cases}`,
      three(scored.base),
      `${three(scored.auc)} (${three(scored.aucFrom)}–${three(scored.aucTo)})`,
      three(scored.prAuc),
      `${three(scored.brier)} (${three(scored.brierOfCourseRate)})`,
      list ? `${three(list.precision)} (${three(list.precisionFrom)}–${three(list.precisionTo)})` : '',
      list ? `${three(list.recall)} (${three(list.recallFrom)}–${three(list.recallTo)})` : '',
      list ? `${list.ofRule} of ${list.listed}` : '',
      smallShareInWords(nothingHandedIn),
    ]),
  );
}

function rivalsTable(study: Study): string {
  const cell = (one: RankFigures) => `${three(one.auc)} (${three(one.aucFrom)}–${three(one.aucTo)})`;
  return table(
    ['week', 'model', 'last score', 'share missing', "the course's rate", 'new courses', 'all enrolled'],
    evaluatedWeeks(study.weeks).map(({ week, scored, newCourses, enrolled }) => [
      `${week}`,
      three(scored.auc),
      cell(scored.rivals.lastScore),
      cell(scored.rivals.missingShare),
      cell(scored.rivals.courseRate),
      newCourses ? `${cell(newCourses)}, ${newCourses.cases} students` : 'none',
      cell(enrolled),
    ]),
  );
}

const choice = ({ capacity }: Study): string =>
  'share' in capacity
    ? `${Math.round(capacity.share * 100)} % is a choice: as many as can be called; the order does not depend on it.`
    : 'The length is a choice: as many as can be called; the order does not depend on it.';

function coursesSection({ weeks, audit }: Study): string {
  const chosen = weekOfAudit(weeks, audit);
  return [
    `Week ${chosen.week}, students with work handed in.`,
    table(
      ['course', 'students', 'base', 'predicted', 'AUC'],
      chosen.courses.map((row) => [
        row.isKnown ? row.course : `${row.course} (new)`,
        ...(row.hidden
          ? ['hidden', 'hidden', 'hidden', 'hidden']
          : [
              `${row.cases}`,
              three(row.base!),
              three(row.predicted!),
              `${three(row.auc!)} (${three(row.aucFrom!)}–${three(row.aucTo!)})`,
            ]),
      ]),
    ),
  ].join('\n\n');
}

function rollingSection({ rolling, weeks }: Study): string {
  if (rolling.length === 0) return 'There is no past term with another one before it.';
  const shownWeeks = new Set(evaluatedWeeks(weeks).map(({ week }) => week));
  const own = rolling.filter(({ week }) => shownWeeks.has(week) && week % 4 === 0);
  return [
    'Each past term by models of those that were over before it: how much to expect of the next.',
    table(
      [
        'term',
        'learned from',
        'week',
        'students',
        'base',
        'AUC',
        'predicted',
        'slope',
        'list: precision',
        'recall',
      ],
      own.map((one) => [
        one.term,
        one.train.join(', '),
        `${one.week}`,
        `${one.cases}`,
        three(one.base),
        three(one.auc),
        three(one.predicted),
        one.slope?.toFixed(2) ?? '',
        one.precision === undefined ? '' : three(one.precision),
        one.recall === undefined ? '' : three(one.recall),
      ]),
    ),
  ].join('\n\n');
}

const withdrawalSection = ({ withdrawal }: Study): string =>
  table(
    ['rule', 'found', 'value', 'broken'],
    withdrawal.map(({ rule, found, value, isBroken }) => [
      rule,
      found,
      value === undefined ? '' : three(value),
      isBroken ? '**yes: withdraw it**' : value === undefined ? 'not known' : 'no',
    ]),
  );

const weekOfAudit = (weeks: Study['weeks'], audit: Study['audit']): WeekEvaluation =>
  weeks.findLast(({ week }) => week <= (audit?.week ?? 8)) ?? weeks[0]!;

function calibrationSection({ weeks, audit }: Study): string {
  const chosen = weekOfAudit(weeks, audit);
  const { calibration, base } = chosen.scored;
  return [
    `Week ${chosen.week}: mean predicted ${three(calibration.predicted)}, observed ${three(base)}; slope ${calibration.line?.slope.toFixed(2) ?? 'none'}, expected calibration error ${three(calibration.error)}.`,
    table(
      ['risk', 'students', 'predicted', 'observed'],
      calibration.table.map((bin) => [
        `${bin.from.toFixed(1)}–${bin.to.toFixed(1)}`,
        ...(bin.hidden
          ? ['hidden', 'hidden', 'hidden']
          : [`${bin.cases}`, three(bin.predicted), three(bin.observed)]),
      ]),
    ),
  ].join('\n\n');
}
