import type { GroupRow, PairAudit } from '../audit/audit.ts';
import type { GroupFigures } from '../audit/group-figures.ts';
import { evaluatedWeeks, type WeekEvaluation } from '../evaluate.ts';
import type { RankFigures } from '../figures.ts';
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
  pairsInWords,
  RISK,
  SUPPORT,
} from './statements.ts';

/** The model card for people, after Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019). */
export function markdownCard(model: StoredModel, study: Study, before?: StoredModel): string {
  return [
    `# Early warning at ${model.campus}: model card`,
    `**${SUPPORT}**`,
    '## The model',
    `- Name: ${model.id}, trained ${model.trainedAt.slice(0, 10)} on ${model.terms.join(', ')}.`,
    `- A logistic regression for each week of the term (${model.weeks.length} weeks), ridge penalty with λ = 1 on scaled measures, weights held at or above zero, and an effect of each course in which at least ten people failed and ten got through, shrunk.`,
    '- It answers: how likely is it that this course ends with D, F, Fail or a withdrawal, for a student who is still enrolled and has handed something in?',
    '- Students who have handed nothing in are not predicted. They come first on the list, by the evidence there is: a plain rule, and a call.',
    `- Who answers for it: ${model.contact ?? 'nobody was named (`lake early-warning train --contact "…"`)'}.`,
    `- Valid until ${model.expires}; to be trained again each term.`,
    `- Licence: the model and this card are the college's own, made from its education records, and for its own use; the program that made them is campus-lake (MIT).`,
    `- To cite: ${model.campus}, early warning, ${model.id}, trained ${model.trainedAt.slice(0, 10)} with campus-lake.`,
    changesSection(model, before),
    '## What it has learned from',
    makeUpSection(study),
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

/** Which model the figures are of: never the one in use, whose terms are all those that could have judged it. */
function ownFigures(model: StoredModel, { split, weeks }: Study): string {
  const judged = weeks.at(-1)!.model;
  const known = Object.keys(judged.courses).length;
  const own = Object.keys(model.weeks.at(-1)?.courses ?? {}).length;
  const train = split.kind === 'later term' ? split.train.map(({ code }) => code) : [split.term.code];
  return `**The figures are not of ${model.id}**, which has learned from every past term (${model.terms.join(', ')}; effects of ${own} courses), so that none is left to judge it. They are of models made in the same way from ${train.join(', ')} (effects of ${known} courses). How ${model.id} itself does is known when the next term is over: \`lake early-warning report\` tells.`;
}

const choice = ({ capacity }: Study): string =>
  'share' in capacity
    ? `${Math.round(capacity.share * 100)} % is a choice: as many as can be called; the order does not depend on it.`
    : 'The length is a choice: as many as can be called; the order does not depend on it.';

function changesSection(model: StoredModel, before: StoredModel | undefined): string {
  if (!before) return '- Since the last card: there was none in use.';
  const added = model.terms.filter((term) => !before.terms.includes(term));
  const left = before.terms.filter((term) => !model.terms.includes(term));
  const week = model.weeks.find((one) =>
    before.weeks.some((other) => other.week === one.week && one.week >= 8),
  );
  const then = week && before.weeks.find((one) => one.week === week.week);
  const moved =
    week && then
      ? MEASURES.map(({ column }, j) => ({ column, by: week.weights[j]! - then.weights[j]! })).sort(
          (a, b) => Math.abs(b.by) - Math.abs(a.by),
        )[0]
      : undefined;
  return `- Since the last card (${before.id}, judged on ${before.judged.term}): ${[
    added.length > 0 ? `learned from ${added.join(', ')} too` : 'no new term',
    ...(left.length > 0 ? [`${left.join(', ')} left out as too old`] : []),
    ...(moved
      ? [
          `the weight that moved most in week ${week!.week} is that of ${moved.column}, from × ${Math.exp(then!.weights[MEASURES.findIndex(({ column }) => column === moved.column)]!).toFixed(2)} to × ${Math.exp(week!.weights[MEASURES.findIndex(({ column }) => column === moved.column)]!).toFixed(2)}`,
        ]
      : []),
  ].join('; ')}.`;
}

function makeUpSection({ makeUp, audit, terms }: Study): string {
  const rows = makeUp.map(({ term, course, hidden, cases, base }) =>
    hidden ? [term, course, 'hidden', 'hidden'] : [term, course, `${cases}`, three(base!)],
  );
  return [
    `Students with work handed in${audit ? ` in week ${audit.week}` : ''}, of ${terms.length} past terms, and the share that did not get through. Courses with fewer than ten of either kind are hidden, and others with them until nothing follows from the totals.`,
    table(['term', 'course', 'students', 'base'], rows),
  ].join('\n\n');
}

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

function groupsSection({ audit, capacity }: Study): string {
  if (!audit || audit.rows.length === 0) {
    return 'None of the attributes to audit by is in the lake (`earlyWarning.audit` in campus.yaml names them).';
  }
  return [
    `Week ${audit.week}, the list as advisers get it (${inWords(capacity)}). Missed: of those who did not succeed, the share that the list does not name (false negatives); the rest is the recall. ABROCA: the area between the ROC curve of the group and that of all others, 0 where both are ranked alike. Groups with fewer than ten people of one outcome are hidden, and others with them until nothing follows from the totals; where how a few of the rule's students ended would follow, counts of outcomes are hidden and shares are rounded. For the students of the rule, what is predicted is the share of such students that the training terms lost.`,
    table(['group', ...GROUP_HEAD], audit.rows.map(groupCells)),
    '### Two attributes together',
    pairsSection(audit.pairs),
  ].join('\n\n');
}

/** Those who are in two groups at once: an average over each can look well where they do not. */
function pairsSection(pairs: readonly PairAudit[]): string {
  const shown = pairs.flatMap(({ attributes: [first, second], rows }) =>
    rows.map(({ values: [one, other], ...figures }) => [
      `${first}: ${one}, ${second}: ${other}`,
      ...figureCells(figures),
    ]),
  );
  const said = pairsInWords(pairs);
  return [...(shown.length > 0 ? [table(['groups', ...GROUP_HEAD], shown)] : []), said].join('\n\n');
}

const GROUP_HEAD = [
  'students',
  'did not succeed',
  'listed',
  'precision',
  'missed',
  '95 %',
  'falsely listed',
  'predicted less observed',
  'AUC',
  'ABROCA',
];

function groupCells(row: GroupRow): string[] {
  const name = `${row.attribute}: ${row.value}`;
  return row.hidden ? [name, ...GROUP_HEAD.map(() => 'hidden')] : [name, ...figureCells(row)];
}

const figureCells = (row: GroupFigures): string[] => [
  `${row.cases}`,
  row.unsuccessful === undefined ? 'hidden' : `${row.unsuccessful} (${three(row.base!)})`,
  three(row.listed),
  row.precision === undefined ? '' : three(row.precision),
  three(row.missed),
  row.missedFrom === undefined ? '' : `${three(row.missedFrom)}–${three(row.missedTo!)}`,
  three(row.falselyListed),
  `${row.calibrationGap >= 0 ? '+' : ''}${three(row.calibrationGap)}`,
  row.auc.toFixed(2),
  row.abroca?.toFixed(2) ?? '',
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const three = (value: number): string => value.toFixed(3);
