import { queryTables } from '../../access/query.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import type { TableSet } from '../../ports/tables.ts';
import { isScored } from '../evaluate.ts';
import { examplesByWeek } from '../examples.ts';
import { isLarge, partOf } from '../hidden-together.ts';
import { COLUMNS } from '../measures.ts';
import { aucInterval } from '../metrics/bootstrap.ts';
import { brier } from '../metrics/calibration.ts';
import { shiftOf } from '../metrics/distribution.ts';
import { rocAuc, type Scored } from '../metrics/ranking.ts';
import type { StoredModel } from '../model-store.ts';
import { buildOwn, ownModels } from '../own-models.ts';
import { LEAST_PEOPLE } from '../small-numbers.ts';
import { readStudents } from '../students/records.ts';
import { CUTOFFS, FEATURES } from '../tables.ts';
import { cutoffTable, pastTerms, runningTerms } from '../terms.ts';
import { modelFor, risk } from '../week-model.ts';
import { type Lineage, readLineage } from './lineage.ts';
import { settledTerms, unseenTerms } from './monitor.ts';

/** As many as advisers call, as a rule: the share of the list whose overlap is told. */
const LISTED = 0.2;

/** Two models on the students of a running term, without outcomes: how far they would say something else. */
export interface RunningWeek {
  readonly term: string;
  readonly week: number;
  readonly cases: number;
  readonly champion: number;
  readonly challenger: number;
  /** Of the riskiest fifth by the champion, the share that the challenger names too. */
  readonly sameListed: number;
  /** Mean distance between the two risks. */
  readonly apart: number;
  /** The stability index of each model's risks against its own training, in the same week; absent: not known. */
  readonly championPsi?: number;
  readonly challengerPsi?: number;
}

/** How a model did on a term whose outcomes neither had seen. */
export interface LabelledFigures {
  readonly auc: number;
  readonly aucFrom: number;
  readonly aucTo: number;
  readonly brier: number;
  readonly predicted: number;
}

export interface LabelledWeek {
  readonly term: string;
  readonly week: number;
  readonly cases: number;
  readonly observed: number;
  readonly champion: LabelledFigures;
  readonly challenger: LabelledFigures;
}

/** A challenger beside the champion. */
export interface Comparison {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly champion: Side;
  readonly challenger: Side;
  readonly running: readonly RunningWeek[];
  /** Of terms that neither has learned from; none: outcomes come within two weeks of a term's end. */
  readonly labelled: readonly LabelledWeek[];
}

export interface Side {
  readonly model: StoredModel;
  readonly lineage?: Lineage;
}

/**
 * Scores the same students by both models: those of running terms, at the end of each week that is over, and those of
 * past terms that neither has learned from, where outcomes are known. The same features, made by the same SQL.
 */
export async function compareModels(
  lake: FeatureLake,
  tables: TableSet,
  asOf: string,
  { champion, challenger }: { readonly champion: StoredModel; readonly challenger: StoredModel },
): Promise<Comparison> {
  const { objects, clock } = lake.platform;
  const sideOf = async (model: StoredModel): Promise<Side> => {
    const lineage = await readLineage(objects, model.id);
    return { model, ...(lineage ? { lineage } : {}) };
  };
  return {
    at: new Date(clock.now()).toISOString(),
    champion: await sideOf(champion),
    challenger: await sideOf(challenger),
    running: await runningWeeks(lake, tables, asOf, { champion, challenger }),
    labelled: await labelledWeeks(lake, tables, asOf, { champion, challenger }),
  };
}

interface Both {
  readonly champion: StoredModel;
  readonly challenger: StoredModel;
}

async function runningWeeks(
  lake: FeatureLake,
  tables: TableSet,
  asOf: string,
  both: Both,
): Promise<RunningWeek[]> {
  const terms = await runningTerms(lake, tables, asOf);
  if (terms.every(({ cutoffs }) => cutoffs.length === 0)) return [];
  const version = `models-${lake.platform.clock.now()}-${process.pid}`;
  const reads = { ...tables, [CUTOFFS]: await cutoffTable(lake, terms, version) };
  const features = await buildOwn(lake, (await ownModels(lake)).get(FEATURES)!, reads, version);
  const records = await readStudents(lake.platform.objects, lake.platform.clock.now());
  const optedOut = new Set(records.flatMap(({ student, optedOut }) => (optedOut ? [student] : [])));
  const result = await queryTables(
    lake,
    `SELECT term_code, week, user_id, student_id, course_code, ${COLUMNS.map((column) => `coalesce(${column}, 0e0)`).join(', ')}
     FROM ${FEATURES} WHERE evidence = 'scored' ORDER BY term_code, week, user_id, course_id`,
    { [FEATURES]: features },
  );
  const weeks = new Map<
    string,
    { term: string; week: number; pairs: [number, number][]; people: Set<string> }
  >();
  for await (const batch of result.batches())
    for (const [term, week, user, student, course, ...values] of batch) {
      // Who opted out is scored by neither.
      if (optedOut.has(String(student))) continue;
      const one = { course: String(course), measures: values.map(Number) };
      const risks = [both.champion, both.challenger].map((model) => {
        const own = modelFor(model.weeks, Number(week));
        return own && risk(own, one);
      });
      const [a, b] = risks;
      if (a === undefined || b === undefined) continue;
      const key = `${term} ${week}`;
      const own = weeks.get(key) ?? { term: String(term), week: Number(week), pairs: [], people: new Set() };
      own.pairs.push([a, b]);
      own.people.add(String(user));
      weeks.set(key, own);
    }
  return [...weeks.values()]
    .filter(({ people }) => people.size >= LEAST_PEOPLE)
    .map((one) => runningWeek(one, both));
}

function runningWeek(
  { term, week, pairs }: { term: string; week: number; pairs: readonly [number, number][] },
  both: Both,
): RunningWeek {
  const [a, b] = [pairs.map(([one]) => one), pairs.map(([, one]) => one)];
  const psiOf = (model: StoredModel, risks: readonly number[]) => {
    const before = model.weeks.find((one) => one.week === week)?.spread?.risks;
    return before ? shiftOf(before, risks)?.psi : undefined;
  };
  const [own, other] = [psiOf(both.champion, a), psiOf(both.challenger, b)];
  return {
    term,
    week,
    cases: pairs.length,
    champion: mean(a),
    challenger: mean(b),
    sameListed: overlap(a, b, Math.max(1, Math.floor(LISTED * pairs.length))),
    apart: mean(pairs.map(([x, y]) => Math.abs(x - y))),
    ...(own === undefined ? {} : { championPsi: own }),
    ...(other === undefined ? {} : { challengerPsi: other }),
  };
}

/**
 * The share of the `size` greatest of `a` that are among those of `b` too. Where a list ends within equal risks, each of
 * these counts by the share of places that are left for them.
 */
export function overlap(a: readonly number[], b: readonly number[], size: number): number {
  const [first, second] = [placesOf(a, size), placesOf(b, size)];
  return first.reduce((sum, share, i) => sum + Math.min(share, second[i]!), 0) / size;
}

/** By case: 1 above the end of the list, 0 below it, and a share of a place at its end. */
function placesOf(values: readonly number[], size: number): number[] {
  const end = values.toSorted((x, y) => y - x)[Math.min(size, values.length) - 1]!;
  const above = values.filter((value) => value > end).length;
  const ties = values.filter((value) => value === end).length;
  return values.map((value) => (value > end ? 1 : value === end ? (size - above) / ties : 0));
}

async function labelledWeeks(
  lake: FeatureLake,
  tables: TableSet,
  asOf: string,
  { champion, challenger }: Both,
): Promise<LabelledWeek[]> {
  const past = settledTerms(await pastTerms(lake, tables, asOf), asOf);
  const theirs = new Set(unseenTerms(challenger, past));
  const terms = unseenTerms(champion, past).filter((term) => theirs.has(term));
  const weeks: LabelledWeek[] = [];
  for (const term of terms) {
    for await (const { week, examples } of examplesByWeek(lake, tables, [term])) {
      const [a, b] = [modelFor(champion.weeks, week), modelFor(challenger.weeks, week)];
      if (!a || !b) continue;
      const cases = examples.filter(isScored);
      const bads = cases.map(({ user, unsuccessful }) => ({ user, bad: unsuccessful }));
      if (!isLarge(partOf(bads))) continue;
      const scoredBy = (model: typeof a) =>
        figuresBy(cases.map((one) => ({ user: one.user, score: risk(model, one), bad: one.unsuccessful })));
      weeks.push({
        term: term.code,
        week,
        cases: cases.length,
        observed: mean(bads.map(({ bad }) => (bad ? 1 : 0))),
        champion: scoredBy(a),
        challenger: scoredBy(b),
      });
    }
  }
  return weeks;
}

function figuresBy(cases: readonly (Scored & { readonly user: string })[]): LabelledFigures {
  const [aucFrom, aucTo] = aucInterval(
    cases,
    cases.map(({ user }) => user),
  );
  return {
    auc: rocAuc(cases),
    aucFrom,
    aucTo,
    brier: brier(cases),
    predicted: mean(cases.map(({ score }) => score)),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
