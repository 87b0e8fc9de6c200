import { setImmediate } from 'node:timers/promises';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import { readAdvisers } from './advisers.ts';
import { type Audit, auditTogether } from './audit/audit.ts';
import { type BroughtModel, fitOf } from './brought/brought-model.ts';
import { rangeOf } from './drift.ts';
import { NoPastTermsError } from './errors.ts';
import { evaluateWeek, isScored, type WeekEvaluation } from './evaluate.ts';
import { examplesByWeek } from './examples.ts';
import type { Capacity, EvaluatedCase } from './figures.ts';
import { type Groups, readGroups } from './groups.ts';
import { type MakeUp, makeUpOf } from './make-up.ts';
import { earlierModel } from './model-store.ts';
import { type RollingWeek, rollingSplits, rollingWeek } from './rolling.ts';
import { chooseSplit, type Split } from './split.ts';
import { type PastTerm, pastTerms } from './terms.ts';
import { fitWeek, LEAST_OF_EACH, spreadOf, type WeekModel } from './week-model.ts';
import { type EarlierFigures, type WithdrawalRule, withdrawalRules } from './withdrawal.ts';

export interface StudyOptions {
  /** The term to judge on. Default: the newest that is over. */
  readonly test?: string;
  readonly capacity: Capacity;
  /** Weeks to look at. Default: all. */
  readonly weeks?: readonly number[];
  /** The week of the audit by groups. Default: the eighth, or the last that there is before it. */
  readonly auditWeek?: number;
  /** A model from elsewhere to judge, and to make ready for use, instead of one that is learned here. */
  readonly brought?: BroughtModel;
  /** A model from elsewhere to judge on the same students as one's own. */
  readonly beside?: BroughtModel;
}

/** How a model from elsewhere does on the students of the study. */
export interface Beside {
  readonly model: BroughtModel;
  /** The weeks of which it says something. */
  readonly weeks: readonly WeekEvaluation[];
  readonly audit?: Audit & { readonly week: number };
}

/** What past terms say: how the models of the weeks do on students they have not seen, and those models. */
export interface Study {
  readonly terms: readonly PastTerm[];
  readonly split: Split;
  readonly capacity: Capacity;
  readonly weeks: readonly WeekEvaluation[];
  readonly audit?: Audit & { readonly week: number };
  /** Every past term by those before it, the evaluated one too: ascending by term, then week. */
  readonly rolling: readonly RollingWeek[];
  /** The card's rules, by the evaluated term. */
  readonly withdrawal: readonly WithdrawalRule[];
  /** What the models for use have learned from, by term and course, in the week of the audit. */
  readonly makeUp: readonly MakeUp[];
  /** The model from elsewhere that was evaluated; absent where the models were learned here. */
  readonly brought?: BroughtModel;
  readonly beside?: Beside;
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
  lake: Uses<'campus' | 'session' | 'report' | 'signal' | 'clock' | 'objects' | 'engine'>,
  tables: TableSet,
  asOf: string,
  options: StudyOptions,
): Promise<Study> {
  const terms = await pastTerms(lake, tables, asOf);
  const split = chooseSplit(terms, { test: options.test });
  const groups = await readGroups(lake, tables);
  const advisers = await readAdvisers(lake, tables);
  const splits = rollingSplits(terms);
  const rolling: RollingWeek[] = [];
  let makeUp: readonly MakeUp[] = [];
  const auditWeek = options.auditWeek ?? AUDIT_WEEK;
  const weeks: WeekEvaluation[] = [];
  const models: WeekModel[] = [];
  const modelOf = options.brought ? fitOf(options.brought) : fitWeek;
  const besideModelOf = options.beside && fitOf(options.beside);
  const besideWeeks: WeekEvaluation[] = [];
  let toAudit: JudgedWeek | undefined;
  let besideToAudit: JudgedWeek | undefined;
  const last = Math.max(...terms.flatMap(({ cutoffs }) => cutoffs.map(({ week }) => week)));
  for await (const exampleWeek of examplesByWeek(lake, tables, terms, options.weeks)) {
    lake.report.progress('early-warning', { text: `week ${exampleWeek.week} of ${last}` });
    await setImmediate(); // Fitting keeps the processor: whoever shows how far it is gets a turn.
    const model = modelOf(exampleWeek.week, exampleWeek.examples.filter(isScored));
    if (model) {
      const cases = exampleWeek.examples.filter(isScored);
      models.push({ ...model, range: rangeOf(cases), spread: spreadOf(model, cases) });
    }
    if (exampleWeek.week <= auditWeek || makeUp.length === 0) makeUp = makeUpOf(exampleWeek.examples);
    rolling.push(...splits.flatMap((one) => rollingWeek(exampleWeek, one, options.capacity, modelOf) ?? []));
    const other =
      besideModelOf && evaluateWeek(exampleWeek, split, options.capacity, advisers, besideModelOf);
    if (other) {
      besideWeeks.push(other.evaluation);
      if (exampleWeek.week <= auditWeek)
        besideToAudit = { week: exampleWeek.week, evaluated: other.evaluated };
    }
    const week = evaluateWeek(exampleWeek, split, options.capacity, advisers, modelOf);
    if (!week) continue;
    weeks.push(week.evaluation);
    if (exampleWeek.week <= auditWeek) toAudit = { week: exampleWeek.week, evaluated: week.evaluated };
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
  const [audit, besideAudit] = auditsOf([toAudit, besideToAudit], groups, options.capacity);
  const inTime = (code: string) => terms.findIndex((term) => term.code === code);
  rolling.sort((a, b) => inTime(a.term) - inTime(b.term) || a.week - b.week);
  const evaluated = split.kind === 'later term' ? split.test.code : split.term.code;
  const before = await figuresBefore(lake, rolling, evaluated, inTime);
  const withdrawal = withdrawalRules({ term: evaluated, weeks }, audit?.rows ?? [], before);
  return {
    terms,
    split,
    capacity: options.capacity,
    weeks,
    audit,
    rolling,
    withdrawal,
    makeUp,
    models,
    ...(options.brought ? { brought: options.brought } : {}),
    ...(options.beside ? { beside: { model: options.beside, weeks: besideWeeks, audit: besideAudit } } : {}),
  };
}

type WeekAudit = Audit & { readonly week: number };

/** Of one week together, for they are shown together. */
function auditsOf(
  weeks: readonly (JudgedWeek | undefined)[],
  groups: Groups,
  capacity: Capacity,
): (WeekAudit | undefined)[] {
  return weeks.map((own) => {
    if (!own) return undefined;
    const others = weeks.filter((other) => other && other !== own && other.week === own.week);
    const lists = [own, ...others].map((one) => one!.evaluated);
    return { week: own.week, ...auditTogether(lists, groups, capacity)[0]! };
  });
}

interface JudgedWeek {
  readonly week: number;
  readonly evaluated: readonly EvaluatedCase[];
}

/** The judgement before this one: of the term evaluated when the model in use was trained, or else of the past term before. */
async function figuresBefore(
  lake: Uses<'objects'>,
  rolling: readonly RollingWeek[],
  evaluated: string,
  inTime: (code: string) => number,
): Promise<EarlierFigures | undefined> {
  const used = (await earlierModel(lake.platform.objects))?.evaluation;
  if (used && inTime(used.term) !== -1 && inTime(used.term) < inTime(evaluated)) return used;
  const term = rolling.findLast((one) => inTime(one.term) < inTime(evaluated))?.term;
  return term === undefined ? undefined : { term, weeks: rolling.filter((one) => one.term === term) };
}
