import { inWords } from '../card/statements.ts';
import { evaluatedWeeks, type WeekEvaluation } from '../evaluate.ts';
import type { Beside, Study } from '../study.ts';
import { plainTable } from './plain-table.ts';

/** A model from elsewhere and one's own, on the same students of the same term with lists of the same length. */
export function besideBrought(study: Study, { model, weeks, audit }: Beside): string {
  if (weeks.length === 0) {
    const [first] = model.weeks;
    return `${model.name} says nothing of these weeks: it begins with week ${first!.week}.`;
  }
  const parts = [
    weeksTable(study, weeks, model.name),
    `${model.name}: ${model.source}; trained on: ${model.trainedOn}\nThe same students and outcomes for both, a list of ${inWords(study.capacity)}; the range of its measures is that of the terms before. Slope: 1 where probabilities are as spread as what happened.`,
  ];
  if (audit && study.audit && audit.week === study.audit.week) {
    const groups = groupsTable(study.audit.rows, audit.rows, model.name);
    if (groups !== undefined) parts.push(groups);
  }
  return parts.join('\n');
}

function weeksTable({ weeks: own }: Study, weeks: readonly WeekEvaluation[], name: string): string {
  const table = plainTable([
    'week',
    'whose',
    'students',
    'AUC (95 %)',
    'predicted',
    'happened',
    'slope',
    'Brier',
    'precision',
    'recall',
  ]);
  for (const week of evaluatedWeeks(weeks)) {
    const ours = own.find((one) => one.week === week.week);
    if (ours) table.push(rowOf('own', ours));
    table.push(rowOf(name, week));
  }
  return table.toString();
}

function rowOf(whose: string, { week, scored, list }: WeekEvaluation): string[] {
  return [
    `${week}`,
    whose,
    `${scored.cases}`,
    `${three(scored.auc)} (${three(scored.aucFrom)}–${three(scored.aucTo)})`,
    three(scored.calibration.predicted),
    three(scored.base),
    scored.calibration.line?.slope.toFixed(2) ?? '',
    three(scored.brier),
    list ? three(list.precision) : '',
    list ? three(list.recall) : '',
  ];
}

type Rows = NonNullable<Study['audit']>['rows'];

function groupsTable(own: Rows, brought: Rows, name: string): string | undefined {
  const table = plainTable([
    'group',
    'whose',
    'missed',
    'falsely listed',
    'predicted less happened',
    'AUC',
    'ABROCA',
  ]);
  for (const theirs of brought) {
    const ours = own.find(({ attribute, value }) => attribute === theirs.attribute && value === theirs.value);
    for (const [whose, row] of [
      ['own', ours],
      [name, theirs],
    ] as const) {
      if (!row || row.hidden) continue;
      table.push([
        `${row.attribute}: ${row.value}`,
        whose,
        three(row.missed),
        three(row.falselyListed),
        three(row.calibrationGap),
        row.auc.toFixed(2),
        row.abroca?.toFixed(2) ?? '',
      ]);
    }
  }
  return table.length === 0 ? undefined : table.toString();
}

const three = (value: number): string => value.toFixed(3);
