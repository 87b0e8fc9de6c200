import Table from 'cli-table3';
import { howJudged, inWords, SUPPORT } from '../../src/early-warning/card/statements.ts';
import { evaluatedWeeks, type WeekEvaluation } from '../../src/early-warning/evaluate.ts';
import { MEASURES } from '../../src/early-warning/measures.ts';
import { smallShareInWords } from '../../src/early-warning/small-numbers.ts';
import type { Study } from '../../src/early-warning/study.ts';
import { colours } from '../commands/common.ts';

/** The figures of a study as a person reads them; `week`: that one in full. */
export function reportInWords(study: Study, week?: number): string {
  const { bold, dim } = colours();
  const full = study.weeks.find((one) => one.week === (week ?? study.audit?.week)) ?? study.weeks.at(-1)!;
  const parts = [
    bold(howJudged(study)),
    byWeek(study),
    dim(
      `Students in courses, still enrolled, with work handed in; precision and recall of a list of ${inWords(study.capacity)}. PR-AUC of chance is the base rate; Brier in brackets: always the course's rate.`,
    ),
    bold(`Week ${full.week}, the end of day ${full.day}`),
    besideRules(full),
    calibration(full),
    weights(full),
  ];
  if (study.audit && study.audit.rows.length > 0) parts.push(groups(study));
  parts.push(dim(SUPPORT));
  return parts.join('\n');
}

function byWeek({ weeks }: Study): string {
  const table = plain([
    'week',
    'day',
    'students',
    'base',
    'AUC (95 %)',
    'PR-AUC',
    'Brier',
    'precision',
    'recall',
    'nothing in: failed',
  ]);
  for (const { week, day, scored, nothingHandedIn } of evaluatedWeeks(weeks)) {
    table.push([
      week,
      day,
      scored.cases,
      three(scored.base),
      `${three(scored.auc)} (${three(scored.aucFrom)}–${three(scored.aucTo)})`,
      three(scored.prAuc),
      `${three(scored.brier)} (${three(scored.brierOfCourseRate)})`,
      three(scored.capacity.precision),
      three(scored.capacity.recall),
      smallShareInWords(nothingHandedIn),
    ]);
  }
  return table.toString();
}

function besideRules({ scored, enrolled, newCourses }: WeekEvaluation): string {
  const table = plain(['who', 'students', 'base', 'AUC', 'last score', 'share missing', "course's rate"]);
  const rows = [
    ['with work handed in', scored],
    ['all who are enrolled', enrolled],
    ['courses new to the model', newCourses],
  ] as const;
  for (const [who, figures] of rows) {
    if (!figures) continue;
    const { cases, base, auc, rivals } = figures;
    table.push([
      who,
      cases,
      three(base),
      three(auc),
      ...[rivals.lastScore, rivals.missingShare, rivals.courseRate].map(three),
    ]);
  }
  return `${table.toString()}\nAUC of the model beside that of simple orders. "All who are enrolled" counts those with nothing in, who are easy to tell.`;
}

function calibration({ scored: { calibration: found, base } }: WeekEvaluation): string {
  const table = plain(['risk', 'students', 'predicted', 'happened']);
  for (const { from, to, cases, predicted, observed } of found.table) {
    const few = observed === undefined;
    table.push([
      `${from.toFixed(1)}–${to.toFixed(1)}`,
      few ? '< 10' : cases,
      three(predicted),
      few ? 'hidden' : three(observed),
    ]);
  }
  return `${table.toString()}\nMean predicted ${three(found.predicted)}, happened ${three(base)}; slope ${found.line?.slope.toFixed(2) ?? 'none'}, expected calibration error ${three(found.error)}.`;
}

function weights({ model }: WeekEvaluation): string {
  const table = plain(['measure', 'what it is', 'odds × per deviation']);
  MEASURES.forEach(({ column, words }, j) => {
    table.push([column, words, Math.exp(model.weights[j]!).toFixed(2)]);
  });
  return table.toString();
}

function groups({ audit, capacity }: Study): string {
  const table = plain([
    'group',
    'students',
    'did not succeed',
    'missed (95 %)',
    'falsely listed',
    'predicted less happened',
  ]);
  for (const row of audit!.rows) {
    const name = `${row.attribute}: ${row.value}`;
    if (row.hidden) table.push([name, 'hidden', 'hidden', 'hidden', 'hidden', 'hidden']);
    else {
      const interval = `${three(row.missed!)} (${three(row.missedFrom!)}–${three(row.missedTo!)})`;
      table.push([
        name,
        row.cases!,
        row.unsuccessful!,
        interval,
        three(row.falselyListed!),
        three(row.calibrationGap!),
      ]);
    }
  }
  return `${table.toString()}\nWho is missed by one list of ${inWords(capacity)}: of those who did not succeed, the share not on it. Groups under ten are hidden. None of this is an input.`;
}

function plain(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}

const three = (value: number): string => value.toFixed(3);
