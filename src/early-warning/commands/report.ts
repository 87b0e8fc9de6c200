import { colours } from '../../colours.ts';
import type { GroupFigures } from '../audit/group-figures.ts';
import { howJudged, inWords, pairsInWords, SUPPORT } from '../card/statements.ts';
import { driftInWords } from '../drift.ts';
import { evaluatedWeeks, type WeekEvaluation } from '../evaluate.ts';
import type { RankFigures } from '../figures.ts';
import { MEASURES } from '../measures.ts';
import { smallShareInWords } from '../small-numbers.ts';
import type { Study } from '../study.ts';
import { plainTable } from './plain-table.ts';

/** The figures of a study as a person reads them; `week`: that one in full. */
export function reportInWords(study: Study, week?: number): string {
  const { bold, dim } = colours();
  const full = study.weeks.find((one) => one.week === (week ?? study.audit?.week)) ?? study.weeks.at(-1)!;
  const parts = [
    bold(howJudged(study)),
    byWeek(study),
    dim(
      `Students in courses, still enrolled, with work handed in. PR-AUC of chance is the base rate; Brier in brackets: always the course's rate. The list is the one that advisers get, ${inWords(study.capacity)}: those with nothing handed in first.`,
    ),
    bold(`Week ${full.week}, the end of day ${full.day}`),
    list(full),
    rivals(full),
    calibration(full),
    courses(full),
    drift(full),
    weights(full),
  ];
  if (study.audit && study.audit.rows.length > 0) parts.push(groups(study), intersections(study));
  if (study.rolling.length > 1) parts.push(bold('Term by term'), rolling(study, full.week));
  parts.push(bold('Withdraw it?'), withdrawal(study), dim(SUPPORT));
  return parts.filter((part) => part !== '').join('\n');
}

function byWeek({ weeks }: Study): string {
  const table = plainTable([
    'week',
    'day',
    'students',
    'base',
    'AUC (95 %)',
    'PR-AUC',
    'Brier',
    'list: precision',
    'recall',
    'nothing in: failed',
  ]);
  for (const { week, day, scored, list: own, nothingHandedIn } of evaluatedWeeks(weeks)) {
    table.push([
      week,
      day,
      scored.cases,
      three(scored.base),
      interval(scored),
      three(scored.prAuc),
      `${three(scored.brier)} (${three(scored.brierOfCourseRate)})`,
      own ? three(own.precision) : '',
      own ? three(own.recall) : '',
      smallShareInWords(nothingHandedIn),
    ]);
  }
  return table.toString();
}

function list({ list: own }: WeekEvaluation): string {
  if (!own) return 'No list: nobody of whom something was said ended unsuccessfully.';
  const end =
    own.threshold === undefined
      ? 'it ends among those with nothing handed in'
      : `it ends at a risk of ${three(own.threshold)}`;
  return `The list names ${own.listed} of ${own.cases}, ${own.ofRule} of them with nothing handed in; ${end}. Precision ${three(own.precision)} (${three(own.precisionFrom)}–${three(own.precisionTo)}), recall ${three(own.recall)} (${three(own.recallFrom)}–${three(own.recallTo)}).`;
}

function rivals({ scored, enrolled, newCourses }: WeekEvaluation): string {
  const table = plainTable([
    'who',
    'students',
    'base',
    'AUC (95 %)',
    'last score',
    'share missing',
    "course's rate",
  ]);
  const rows = [
    ['with work handed in', scored],
    ['courses new to the model', newCourses],
  ] as const;
  for (const [who, figures] of rows) {
    if (!figures) continue;
    const { lastScore, missingShare, courseRate } = figures.rivals;
    table.push([
      who,
      figures.cases,
      three(figures.base),
      interval(figures),
      ...[lastScore, missingShare, courseRate].map(interval),
    ]);
  }
  table.push(['all who are enrolled', '', '', interval(enrolled), '', '', '']);
  return `${table.toString()}\nAUC of the model and of simple orders. "All who are enrolled" counts those with nothing in, who are easy to tell: each is given the share of such students that past terms lost, which orders them here and is no prediction.`;
}

function courses({ courses: rows }: WeekEvaluation): string {
  const table = plainTable(['course', 'students', 'base', 'predicted', 'AUC (95 %)']);
  for (const row of rows) {
    const name = row.isKnown ? row.course : `${row.course} (new)`;
    if (row.hidden) table.push([name, 'hidden', 'hidden', 'hidden', 'hidden']);
    else {
      const auc = { auc: row.auc!, aucFrom: row.aucFrom!, aucTo: row.aucTo! };
      table.push([name, row.cases!, three(row.base!), three(row.predicted!), interval(auc)]);
    }
  }
  return table.toString();
}

function drift({ drift: all }: WeekEvaluation): string {
  if (all.length === 0) return '';
  const told = all
    .filter(({ worst }) => worst)
    .map((one) => `  ${one.course}: ${one.verdict}, ${driftInWords(one)}`);
  return `The weekly check would have let ${all.length - told.length} of ${all.length} courses pass.${told.map((line) => `\n${line}`).join('')}`;
}

function rolling({ rolling: all }: Study, week: number): string {
  const table = plainTable([
    'term',
    'learned from',
    'students',
    'base',
    'AUC',
    'predicted',
    'slope',
    'precision',
    'recall',
  ]);
  for (const one of all.filter((own) => own.week === week)) {
    table.push([
      one.term,
      one.train.join(', '),
      one.cases,
      three(one.base),
      three(one.auc),
      three(one.predicted),
      one.slope?.toFixed(2) ?? '',
      one.precision === undefined ? '' : three(one.precision),
      one.recall === undefined ? '' : three(one.recall),
    ]);
  }
  return `${table.toString()}\nWeek ${week} of each past term, by models of the terms that were over before it.`;
}

function withdrawal({ withdrawal: rules }: Study): string {
  const { bold } = colours();
  return rules
    .map(({ rule, found, value, isBroken }) => {
      const said = value === undefined ? 'not known' : isBroken ? bold('YES') : 'no';
      return `  ${said}  ${rule}: ${value === undefined ? '' : `${three(value)}, `}${found}`;
    })
    .join('\n');
}

const interval = ({ auc, aucFrom, aucTo }: RankFigures): string =>
  `${three(auc)} (${three(aucFrom)}–${three(aucTo)})`;

function calibration({ scored: { calibration: found, base } }: WeekEvaluation): string {
  const table = plainTable(['risk', 'students', 'predicted', 'happened']);
  for (const bin of found.table) {
    table.push([
      `${bin.from.toFixed(1)}–${bin.to.toFixed(1)}`,
      ...(bin.hidden
        ? ['hidden', 'hidden', 'hidden']
        : [bin.cases, three(bin.predicted), three(bin.observed)]),
    ]);
  }
  return `${table.toString()}\nMean predicted ${three(found.predicted)}, happened ${three(base)}; slope ${found.line?.slope.toFixed(2) ?? 'none'}, expected calibration error ${three(found.error)}.`;
}

function weights({ model }: WeekEvaluation): string {
  const table = plainTable(['measure', 'what it is', 'odds × per deviation']);
  MEASURES.forEach(({ column, words }, j) => {
    table.push([column, words, Math.exp(model.weights[j]!).toFixed(2)]);
  });
  return table.toString();
}

const GROUP_HEAD = [
  'students',
  'did not succeed',
  'listed',
  'precision',
  'missed (95 %)',
  'falsely listed',
  'predicted less happened',
  'AUC',
  'ABROCA',
];

function groups({ audit, capacity }: Study): string {
  const table = plainTable(['group', ...GROUP_HEAD]);
  for (const row of audit!.rows) {
    const name = `${row.attribute}: ${row.value}`;
    table.push([name, ...(row.hidden ? GROUP_HEAD.map(() => 'hidden') : groupCells(row))]);
  }
  return `${table.toString()}\nWho is missed by the list of ${inWords(capacity)}: of those who did not succeed, the share not on it; the rest is the recall. Groups with fewer than ten people of one outcome are hidden, and others where totals would give them away. None of this is an input.`;
}

function intersections({ audit }: Study): string {
  const table = plainTable(['two groups together', ...GROUP_HEAD]);
  for (const { attributes, rows } of audit!.pairs) {
    for (const { values, ...figures } of rows) {
      const name = values.map((value, i) => `${attributes[i]}: ${value}`).join('\n');
      table.push([name, ...groupCells(figures)]);
    }
  }
  const said = pairsInWords(audit!.pairs);
  return table.length > 0 ? `${table.toString()}\n${said}` : said;
}

function groupCells(row: GroupFigures): string[] {
  const interval = row.missedFrom === undefined ? '' : ` (${three(row.missedFrom)}–${three(row.missedTo!)})`;
  return [
    `${row.cases}`,
    row.unsuccessful === undefined ? 'hidden' : `${row.unsuccessful}, ${three(row.base!)}`,
    three(row.listed),
    row.precision === undefined ? '' : three(row.precision),
    `${three(row.missed)}${interval}`,
    three(row.falselyListed),
    three(row.calibrationGap),
    row.auc.toFixed(2),
    row.abroca?.toFixed(2) ?? '',
  ];
}

const three = (value: number): string => value.toFixed(3);
