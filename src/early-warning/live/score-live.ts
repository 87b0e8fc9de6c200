import { queryTables } from '../../access/query.ts';
import type { ScoringModel } from '../../inference/scoring-model.ts';
import type { Json } from '../../json.ts';
import { readHeader } from '../../models/header.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports/tables.ts';
import { COLUMNS } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import { ownModels } from '../own-models.ts';
import { scoreSql } from '../score-sql.ts';
import { type BuiltTable, featuresInUse, modelTables } from '../scores.ts';
import { readStudents } from '../students/records.ts';
import { studentTables } from '../students/tables.ts';
import { CUTOFFS, DRIFT, FEATURES, SCORES } from '../tables.ts';
import { cutoffTable } from '../terms.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchCourses, watchedTable } from '../watch.ts';
import { termsAsOf, withLiveEvents } from './features-as-of.ts';
import { keyOfRow, type LiveRow, type ScoredRow, scoreRows } from './score-rows.ts';
import { LIVE_HEADER, LIVE_SCORES, LIVE_SQL, OUTCOMES_OF_ROWS, OWN_SCORES } from './tables.ts';

type Needs = Uses<'campus' | 'catalog' | 'session' | 'signal' | 'report' | 'clock' | 'objects' | 'engine'>;

export interface LiveScoring {
  /** The model in use, by whose range courses are watched and which explains. */
  readonly model: StoredModel;
  /** What scores. */
  readonly scoring: ScoringModel;
  /** The tables of `READS` and the models that are needed, as they are by now. */
  readonly reads: TableSet;
  /** Tables of live events, as far as there are any. */
  readonly live: TableSet;
  /** The scores as they were, and those of the night. Absent: there are none. */
  readonly before?: TableVersion;
  readonly nightly?: TableVersion;
  /** How far everything that is read is known, ISO 8601 UTC. */
  readonly asOf: string;
  readonly version: string;
}

/**
 * The features as of now, by the SQL of the nights, and the scores of those whose features have changed. Who opted out is
 * not in it, who waits for a correction or sits in a course on hold has no risk: by the same SQL as at night.
 */
export async function scoreLive(
  lake: Needs,
  { model, scoring, reads, live, before, nightly, asOf, version }: LiveScoring,
): Promise<BuiltTable | undefined> {
  const { engine, objects, clock } = lake.platform;
  const models = await ownModels(lake);
  const terms = await termsAsOf(lake, reads, asOf);
  const withEvents = await withLiveEvents(lake, reads, live, `${version}-events`);
  const withCutoffs = { ...withEvents, [CUTOFFS]: await cutoffTable(lake, terms, version) };
  const records = await readStudents(objects, clock.now());
  const features = await featuresInUse(lake, models.get(FEATURES)!, {
    reads: withCutoffs,
    records,
    run: version,
  });
  const courses = await watchCourses(lake, model, { [FEATURES]: features });
  const watched = await watchedTable(engine, courses, version);
  const weeks = [...new Set(terms.flatMap(({ cutoffs }) => cutoffs.map(({ week }) => week)))];
  const own = await engine.create(
    OWN_SCORES,
    scoreSql(model.id),
    {
      [FEATURES]: features,
      [DRIFT]: await engine.create(DRIFT, DRIFT_SQL, { [WATCHED_COURSES]: watched }, version),
      ...(await modelTables(engine, model, weeks, version)),
      ...(await studentTables(engine, records, version)),
    },
    version,
  );
  const rows = await liveRows(lake, own, features);
  const { scored, isSame } = await scoreRows(rows, {
    clock,
    model: scoring,
    own: model.id,
    before: before ? await scoredBefore(lake, before) : new Map(),
    asOf,
    signal: lake.signal,
  });
  if (before && isSame) return undefined;
  const night = nightly ? await nightlyRisks(lake, nightly) : new Map<string, number | null>();
  const outcomes = await engine.literalTable(
    OUTCOMES_OF_ROWS,
    outcomeColumns(own),
    rows.map((row) => outcomeRow(row, scored.get(keyOfRow(row))!, night.get(keyOfRow(row)) ?? null)),
    version,
  );
  const built = await engine.create(
    LIVE_SCORES,
    LIVE_SQL,
    { [OWN_SCORES]: own, [OUTCOMES_OF_ROWS]: outcomes },
    version,
  );
  return { version: built, header: readHeader(LIVE_HEADER) };
}

const KEY = ['user_id', 'course_id', 'term_code'] as const;

async function liveRows(
  lake: Uses<'session' | 'engine'>,
  own: TableVersion,
  features: TableVersion,
): Promise<(LiveRow & { readonly ids: readonly Cell[] })[]> {
  const measures = COLUMNS.map((column) => `coalesce(f.${column}, 0e0)`).join(', ');
  const select = `SELECT s.user_id, s.course_id, s.term_code, s.evidence, s.risk, s.week, s.course_code, ${measures}
    FROM ${OWN_SCORES} s
    JOIN ${FEATURES} f ON f.user_id = s.user_id AND f.course_id = s.course_id AND f.term_code = s.term_code
    ORDER BY s.user_id, s.course_id, s.term_code`;
  const rows: (LiveRow & { ids: readonly Cell[] })[] = [];
  const result = await queryTables(lake, select, { [OWN_SCORES]: own, [FEATURES]: features });
  for await (const batch of result.batches())
    for (const [user, course, term, evidence, risk, week, code, ...values] of batch)
      rows.push({
        user: String(user),
        course: String(course),
        term: String(term),
        evidence: String(evidence),
        ownRisk: risk === null ? null : Number(risk),
        features: [Number(week), String(code), ...values.map(Number)],
        ids: [user!, course!, term!],
      });
  return rows;
}

/** What is kept in the table as it was. */
async function scoredBefore(
  lake: Uses<'session' | 'engine'>,
  before: TableVersion,
): Promise<Map<string, ScoredRow>> {
  const select = `SELECT user_id, course_id, term_code, feature_digest, model, risk, outcome, reason,
      to_unixtime(as_of), to_unixtime(scored_at) FROM ${LIVE_SCORES}`;
  const rows = new Map<string, ScoredRow>();
  const result = await queryTables(lake, select, { [LIVE_SCORES]: before });
  for await (const batch of result.batches())
    for (const [user, course, term, digest, model, risk, outcome, reason, asOf, scoredAt] of batch)
      rows.set(keyOfRow({ user: String(user), course: String(course), term: String(term) }), {
        digest: String(digest),
        model: String(model),
        risk: risk === null ? null : Number(risk),
        outcome: String(outcome) as ScoredRow['outcome'],
        reason: reason === null ? null : String(reason),
        asOf: instantOf(asOf!),
        scoredAt: instantOf(scoredAt!),
      });
  return rows;
}

/** @param seconds since the epoch */
const instantOf = (seconds: Cell): string => new Date(Math.round(Number(seconds) * 1000)).toISOString();

/** The risks of the newest week of each term. */
async function nightlyRisks(
  lake: Uses<'session' | 'engine'>,
  nightly: TableVersion,
): Promise<Map<string, number | null>> {
  const select = `SELECT s.user_id, s.course_id, s.term_code, s.risk FROM ${SCORES} s
    JOIN (SELECT term_code, max(week) AS week FROM ${SCORES} GROUP BY term_code) n
      ON n.term_code = s.term_code AND n.week = s.week`;
  const risks = new Map<string, number | null>();
  const result = await queryTables(lake, select, { [SCORES]: nightly });
  for await (const batch of result.batches())
    for (const [user, course, term, risk] of batch)
      risks.set(
        keyOfRow({ user: String(user), course: String(course), term: String(term) }),
        risk === null ? null : Number(risk),
      );
  return risks;
}

/** The columns of what a model said; those of the key are as in the scores. */
export function outcomeColumns(own: TableVersion): TableColumn[] {
  const typeOf = (name: string) => own.columns.find((column) => column.name === name)!.type;
  return [
    ...KEY.map((name) => ({ name, type: typeOf(name) })),
    { name: 'as_of', type: 'timestamp' },
    { name: 'risk', type: 'double' },
    { name: 'nightly_risk', type: 'double' },
    { name: 'outcome', type: 'varchar' },
    { name: 'reason', type: 'varchar' },
    { name: 'model', type: 'varchar' },
    { name: 'feature_digest', type: 'varchar' },
    { name: 'scored_at', type: 'timestamp' },
  ];
}

const outcomeRow = (
  { ids }: { readonly ids: readonly Cell[] },
  { asOf, risk, outcome, reason, model, digest, scoredAt }: ScoredRow,
  nightlyRisk: number | null,
): Json[] => [
  ...ids.map((id) => (typeof id === 'bigint' ? String(id) : (id as Json))),
  asOf,
  risk,
  nightlyRisk,
  outcome,
  reason,
  model,
  digest,
  scoredAt,
];
