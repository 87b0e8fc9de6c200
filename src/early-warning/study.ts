import { setImmediate } from 'node:timers/promises';
import type { TableSet } from '../platform/ports/tables.ts';
import type { Lake } from '../step.ts';
import { NoPastTermsError } from './errors.ts';
import { evaluateWeek, isScored, type WeekEvaluation } from './evaluate.ts';
import { examplesByWeek } from './examples.ts';
import type { Capacity } from './figures.ts';
import { auditGroups, type GroupRow, readGroups } from './groups.ts';
import { chooseSplit, type Split } from './split.ts';
import { type PastTerm, pastTerms } from './terms.ts';
import { fitWeek, LEAST_OF_EACH, type WeekModel } from './week-model.ts';

export interface StudyOptions {
  /** The term to judge on. Default: the newest that is over. */
  readonly test?: string;
  readonly capacity: Capacity;
  /** Weeks to look at. Default: all. */
  readonly weeks?: readonly number[];
  /** The week of the audit by groups. Default: the eighth, or the last that there is before it. */
  readonly auditWeek?: number;
}

/** What past terms say: how the models of the weeks do on students they have not seen, and those models. */
export interface Study {
  readonly terms: readonly PastTerm[];
  readonly split: Split;
  readonly capacity: Capacity;
  readonly weeks: readonly WeekEvaluation[];
  readonly audit?: { readonly week: number; readonly rows: readonly GroupRow[] };
  /** Fitted to all past terms: what running terms are scored with. Weeks with too few outcomes are missing. */
  readonly models: readonly WeekModel[];
}

const AUDIT_WEEK = 8;

/**
 * Judges early warning on the newest past term by models of the terms before it (or, where there is one term only,
 * on a tenth of its students at a time), then fits the models for use to all past terms.
 * @param tables the published tables
 * @param asOf how far the lake is loaded, ISO 8601
 * @throws NoPastTermsError where there is nothing to learn from
 */
export async function study(
  lake: Lake,
  tables: TableSet,
  asOf: string,
  options: StudyOptions,
): Promise<Study> {
  const terms = await pastTerms(lake, tables, asOf);
  const split = chooseSplit(terms, { test: options.test });
  const groups = await readGroups(lake, tables);
  const auditWeek = options.auditWeek ?? AUDIT_WEEK;
  const weeks: WeekEvaluation[] = [];
  const models: WeekModel[] = [];
  let audit: Study['audit'];
  const last = Math.max(...terms.flatMap(({ cutoffs }) => cutoffs.map(({ week }) => week)));
  for await (const exampleWeek of examplesByWeek(lake, tables, terms, options.weeks)) {
    lake.report.progress('early-warning', { text: `week ${exampleWeek.week} of ${last}` });
    await setImmediate(); // Fitting keeps the processor: whoever shows how far it is gets a turn.
    const model = fitWeek(exampleWeek.week, exampleWeek.examples.filter(isScored));
    if (model) models.push(model);
    const evaluated = evaluateWeek(exampleWeek, split, options.capacity);
    if (!evaluated) continue;
    weeks.push(evaluated.evaluation);
    if (exampleWeek.week <= auditWeek) {
      const rows = auditGroups(evaluated.judged, groups, options.capacity);
      audit = { week: exampleWeek.week, rows };
    }
  }
  if (weeks.length === 0) {
    const found = terms.map(({ code, graded }) => `${code} (${graded} final grades)`).join(', ');
    const where = options.weeks ? ` in week ${options.weeks.join(', ')}` : '';
    throw new NoPastTermsError(
      `The past terms hold too few outcomes to learn from and to judge by${where}: ${found}.`,
      {
        hint: `a week is learned from where at least ${LEAST_OF_EACH} students with work handed in succeeded and ${LEAST_OF_EACH} did not; load more past terms`,
      },
    );
  }
  return { terms, split, capacity: options.capacity, weeks, audit, models };
}
