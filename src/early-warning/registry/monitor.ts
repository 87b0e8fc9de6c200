import { queryTables } from '../../access/query.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import type { OpsRow } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet, TableVersion } from '../../ports/tables.ts';
import { isScored } from '../evaluate.ts';
import { examplesByWeek } from '../examples.ts';
import { isLarge, partOf } from '../hidden-together.ts';
import { COLUMNS } from '../measures.ts';
import { type Shift, shiftOf } from '../metrics/distribution.ts';
import { readKeptModel, type StoredModel } from '../model-store.ts';
import { LEAST_PEOPLE } from '../small-numbers.ts';
import { FEATURES } from '../tables.ts';
import { pastTerms } from '../terms.ts';
import { modelFor, risk, type WeekModel } from '../week-model.ts';
import { keepDecisions } from './decision-rows.ts';
import { readRegistry } from './registry.ts';
import { MODEL_MONITOR } from './tables.ts';

/** The week by which predictions are held against outcomes, as in the audit; of shorter terms the last. */
const CALIBRATION_WEEK = 8;
/** Within so long after the last day of a term its grades are in. */
const GRADING_MS = 14 * 86_400_000;
/** The card's rule: predictions may run this far off. */
const PREDICTIONS_OFF = 0.1;

type Role = 'champion' | 'challenger';

/** A model and what it is to the lake. */
export interface Monitored {
  readonly model: StoredModel;
  readonly role: Role;
}

/** The model in use and its challenger. A challenger that cannot be read costs itself only. */
export async function monitoredModels(
  lake: Uses<'objects' | 'report'>,
  champion: StoredModel,
): Promise<Monitored[]> {
  const { challenger } = await readRegistry(lake.platform.objects);
  const own: Monitored = { model: champion, role: 'champion' };
  if (challenger === undefined || challenger === champion.id) return [own];
  try {
    return [own, { model: await readKeptModel(lake.platform.objects, challenger), role: 'challenger' }];
  } catch {
    lake.report.note(
      'early-warning',
      `the challenger ${challenger} cannot be read, and is not scored beside`,
    );
    return [own];
  }
}

/**
 * Measures in a run how far measures and risks have moved since training, against the same week of past terms, by the
 * newest week of each running term and for both models; and, once for each term whose outcomes have come, how well the
 * predictions held. Rows of `ops.model_monitor`; repeated in the same run, they are the same.
 */
export async function monitorModels(
  lake: FeatureLake,
  {
    models,
    features,
    reads,
    asOf,
    run,
  }: {
    readonly models: readonly Monitored[];
    /** As they were just scored: without those who opted out. */
    readonly features: TableVersion;
    readonly reads: TableSet;
    readonly asOf: string;
    readonly run: string;
  },
): Promise<void> {
  const { ledger, clock } = lake.platform;
  const at = new Date(clock.now()).toISOString();
  const weeks = await newestWeeks(lake, features);
  const moved = models.flatMap((one) => weeks.flatMap((week) => shiftsOf(one, week)));
  const known = await calibrations(lake, models, reads, asOf);
  const rows = [...moved, ...known, ...(await retrainingDue(lake, models[0]!.model, reads, asOf))].map(
    (row): OpsRow => ({
      id: [run, row.model, row.kind, row.term_code, row.week, row.about].join('/'),
      run,
      ...row,
      measured_at: at,
    }),
  );
  if (rows.length > 0) await ledger.append(MODEL_MONITOR.name, rows);
  await keepDecisions(lake);
}

interface MonitorRow {
  readonly model: string;
  readonly role: Role;
  readonly kind: 'input drift' | 'score drift' | 'calibration' | 'retraining';
  readonly term_code: string;
  readonly week: number;
  readonly about: string;
  readonly cases: number;
  readonly verdict: string;
  readonly [column: string]: string | number | null;
}

interface Week {
  readonly term: string;
  readonly week: number;
  readonly cases: readonly { readonly course: string; readonly measures: readonly number[] }[];
}

/**
 * The students with work handed in, at the end of the newest week of each term. Of fewer than ten people nothing is kept: a
 * mean of three says how each of them stands, though each be in ten courses.
 */
export async function newestWeeks(lake: Uses<'session' | 'engine'>, features: TableVersion): Promise<Week[]> {
  const weeks = new Map<
    string,
    { term: string; week: number; cases: Week['cases'][number][]; people: Set<string> }
  >();
  const result = await queryTables(
    lake,
    `SELECT f.term_code, f.week, f.user_id, f.course_code, ${COLUMNS.map((column) => `coalesce(f.${column}, 0e0)`).join(', ')}
     FROM ${FEATURES} f
     JOIN (SELECT term_code, max(week) AS week FROM ${FEATURES} GROUP BY term_code) n
       ON n.term_code = f.term_code AND n.week = f.week
     WHERE f.evidence = 'scored' ORDER BY f.term_code`,
    { [FEATURES]: features },
  );
  for await (const batch of result.batches())
    for (const [term, week, user, course, ...measures] of batch) {
      const key = String(term);
      const own = weeks.get(key) ?? { term: key, week: Number(week), cases: [], people: new Set() };
      own.cases.push({ course: String(course), measures: measures.map(Number) });
      own.people.add(String(user));
      weeks.set(key, own);
    }
  return [...weeks.values()].filter(({ people }) => people.size >= LEAST_PEOPLE);
}

/** How far a term's week has moved from the same week of the past, by measure and of the risks. */
export function shiftsOf({ model, role }: Monitored, { term, week, cases }: Week): MonitorRow[] {
  // Of the same week only: measures drift through every term, so another week's would always seem to have moved.
  const own = model.weeks.find((one) => one.week === week);
  if (!own?.spread || cases.length < LEAST_PEOPLE) return [];
  const { spread } = own;
  const row = (
    kind: MonitorRow['kind'],
    about: string,
    values: readonly number[],
    shift: Shift,
  ): MonitorRow => ({
    model: model.id,
    role,
    kind,
    term_code: term,
    week,
    about,
    cases: cases.length,
    mean_value: values.reduce((sum, value) => sum + value, 0) / values.length,
    psi: shift.psi,
    psi_expected: shift.psiExpected,
    psi_deviation: shift.psiDeviation,
    ks: shift.ks,
    ks_probability: shift.ksProbability,
    verdict: verdictOf(shift),
  });
  const inputs = COLUMNS.flatMap((column, j) => {
    // What has no weight does no harm.
    if (own.weights[j] === 0) return [];
    const values = cases.map(({ measures }) => measures[j]!);
    const before = spread.measures[j];
    const shift = before && shiftOf(before, values);
    return shift ? [row('input drift', column, values, shift)] : [];
  });
  const risks = cases.map((one) => risk(own, one));
  const shift = spread.risks && shiftOf(spread.risks, risks);
  return shift ? [...inputs, row('score drift', 'risk', risks, shift)] : inputs;
}

/**
 * The usual thresholds of the index, .10 and .25, and beyond chance: of 200 students and ten bins it is .05 on average
 * where nothing has moved.
 */
export function verdictOf({ psi, psiExpected, psiDeviation }: Shift): 'stable' | 'watch' | 'moved' {
  if (psi > Math.max(0.25, psiExpected + 3 * psiDeviation)) return 'moved';
  return psi > Math.max(0.1, psiExpected + 2 * psiDeviation) ? 'watch' : 'stable';
}

/** Predictions against outcomes, for each model and each past term that it has not learned from, once. */
async function calibrations(
  lake: FeatureLake,
  models: readonly Monitored[],
  reads: TableSet,
  asOf: string,
): Promise<MonitorRow[]> {
  const terms = settledTerms(await pastTerms(lake, reads, asOf), asOf);
  const done = new Set(
    (await lake.platform.ledger.rows(MODEL_MONITOR.name))
      .filter(({ kind }) => kind === 'calibration')
      .map(({ model, term_code }) => `${model}/${term_code}`),
  );
  const wanted = models.flatMap(({ model, role }) =>
    unseenTerms(model, terms)
      .filter(({ code }) => !done.has(`${model.id}/${code}`))
      .map((term) => ({ model, role, term })),
  );
  const rows: MonitorRow[] = [];
  for (const term of new Set(wanted.map((one) => one.term))) {
    const week = term.cutoffs.findLast((one) => one.week <= CALIBRATION_WEEK)?.week;
    if (week === undefined) continue;
    for await (const { examples } of examplesByWeek(lake, reads, [term], [week])) {
      const cases = examples.filter(isScored);
      for (const { model, role } of wanted.filter((one) => one.term === term)) {
        const own = modelFor(model.weeks, week);
        if (own) rows.push(calibrationRow({ model, role }, own, { term: term.code, week }, cases));
      }
    }
  }
  return rows;
}

/**
 * Terms whose outcomes have come. Until grades are due, withdrawals are known and few grades: most outcomes would be bad ones,
 * and what is measured once would stay so.
 */
export const settledTerms = <T extends { readonly lastDay: string }>(past: readonly T[], asOf: string): T[] =>
  past.filter(({ lastDay }) => Date.parse(lastDay) + GRADING_MS <= Date.parse(asOf));

/** Terms of which a model knows nothing: it was not fitted to them. */
export const unseenTerms = <T extends { readonly code: string; readonly firstDay: string }>(
  { terms }: Pick<StoredModel, 'terms'>,
  past: readonly T[],
): T[] => {
  const learned = past.filter(({ code }) => terms.includes(code)).map(({ firstDay }) => firstDay);
  // A term from before the ones learned from was left out for its age, and says nothing of how it does now.
  const newest = learned.toSorted().at(-1) ?? '';
  return past.filter(({ code, firstDay }) => !terms.includes(code) && firstDay > newest);
};

function calibrationRow(
  { model, role }: Monitored,
  own: WeekModel,
  at: { readonly term: string; readonly week: number },
  cases: readonly {
    readonly user: string;
    readonly course: string;
    readonly measures: readonly number[];
    readonly unsuccessful: boolean;
  }[],
): MonitorRow {
  const base = {
    model: model.id,
    role,
    kind: 'calibration' as const,
    term_code: at.term,
    week: at.week,
    about: 'risk',
  };
  // Fewer than ten of either outcome would tell how they ended.
  if (!isLarge(partOf(cases.map(({ user, unsuccessful }) => ({ user, bad: unsuccessful })))))
    return { ...base, cases: 0, verdict: 'too few outcomes' };
  const predicted = cases.reduce((sum, one) => sum + risk(own, one), 0) / cases.length;
  const observed = cases.filter(({ unsuccessful }) => unsuccessful).length / cases.length;
  return {
    ...base,
    cases: cases.length,
    mean_value: predicted,
    expected_value: observed,
    verdict: Math.abs(predicted - observed) > PREDICTIONS_OFF ? 'off' : 'holds',
  };
}

/** Whether a term has ended, and is graded, from which the model in use has not learned. */
async function retrainingDue(
  lake: Uses<'campus' | 'session' | 'engine'>,
  model: StoredModel,
  reads: TableSet,
  asOf: string,
): Promise<MonitorRow[]> {
  if (model.brought) return [];
  const newer = unseenTerms(model, settledTerms(await pastTerms(lake, reads, asOf), asOf));
  if (newer.length === 0) return [];
  const { code } = newer.at(-1)!;
  return [
    {
      model: model.id,
      role: 'champion',
      kind: 'retraining',
      term_code: code,
      week: 0,
      about: 'terms',
      cases: newer.length,
      verdict: 'due',
    },
  ];
}
