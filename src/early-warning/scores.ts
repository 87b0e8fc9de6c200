import { type Header, readHeader } from '../models/header.ts';
import type { Model } from '../models/model.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableColumn, TableSet, TableVersion } from '../ports/tables.ts';
import { COLUMNS } from './measures.ts';
import { expiredInWords, type StoredModel } from './model-store.ts';
import { buildOwn, ownModels } from './own-models.ts';
import { EFFECTS, scoreSql, WEIGHTS } from './score-sql.ts';
import { readStudents, type StudentRecord } from './students/records.ts';
import { ALL_FEATURES, FEATURES_OF_OTHERS, OPT_OUTS, optOutTable, studentTables } from './students/tables.ts';
import { waitingInWords } from './students/words.ts';
import { CUTOFFS, DRIFT, FEATURES, SCORES } from './tables.ts';
import { cutoffTable, runningTerms } from './terms.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchCourses, watchedTable, watchInWords } from './watch.ts';
import { modelFor } from './week-model.ts';

/** The newest weeks that are over: how it stands, and whether it is getting better. */
const WEEKS_SHOWN = 4;

/** The tables that early warning reads besides the campus's own. */
export const READS = [
  'canvas.submissions',
  'canvas.assignments',
  'canvas.assignment_groups',
  'canvas.courses',
  'canvas.quizzes',
  'sis.registrar_terms',
] as const;

/** The models that it reads; scores of today over models of yesterday would be neither. */
export const NEEDED = ['campus.canvas_people', 'campus.courses', 'campus.enrolments', 'campus.students'];

/** A table that early warning has built, and what its header says must hold in it. */
export interface BuiltTable {
  readonly version: TableVersion;
  readonly header: Header;
}

/**
 * Scores who is enrolled in the running terms, at the end of each of the last weeks.
 * @param reads the tables of `READS` and the campus's models, as this run has them
 * @param asOf how far the lake is loaded, ISO 8601
 * @returns new versions of the features and the scores, which nobody has checked yet
 */
export async function scoreRunningTerms(
  lake: Uses<'campus' | 'session' | 'report' | 'clock' | 'objects' | 'engine'>,
  { model, reads, asOf, run }: { model: StoredModel; reads: TableSet; asOf: string; run: string },
): Promise<BuiltTable[]> {
  const models = await ownModels(lake);
  const terms = (await runningTerms(lake, reads, asOf)).map((term) => ({
    ...term,
    cutoffs: term.cutoffs.slice(-WEEKS_SHOWN),
  }));
  const weeks = [...new Set(terms.flatMap(({ cutoffs }) => cutoffs.map(({ week }) => week)))];
  const withCutoffs = { ...reads, [CUTOFFS]: await cutoffTable(lake, terms, run) };
  const records = await readStudents(lake.platform.objects, lake.platform.clock.now());
  const features = await featuresInUse(lake, models.get(FEATURES)!, { reads: withCutoffs, records, run });
  const courses = await watchCourses(lake, model, { [FEATURES]: features });
  const old = expiredInWords(model, lake.platform.clock.now());
  const waiting = waitingInWords(records, lake.platform.clock.now());
  for (const text of [old, ...watchInWords(courses), waiting].filter((one) => one !== undefined))
    lake.report.note('early-warning', text);
  const watched = await watchedTable(lake.platform.engine, courses, run);
  const drift = await lake.platform.engine.create(DRIFT, DRIFT_SQL, { [WATCHED_COURSES]: watched }, run);
  const tables = {
    [FEATURES]: features,
    [DRIFT]: drift,
    ...(await modelTables(lake.platform.engine, model, weeks, run)),
    ...(await studentTables(lake.platform.engine, records, run)),
  };
  const sql = scoreSql(model.id);
  const scores = await lake.platform.engine.create(SCORES, sql, tables, run);
  return [
    { version: features, header: models.get(FEATURES)! },
    { version: drift, header: readHeader(DRIFT_SQL) },
    { version: scores, header: readHeader(sql) },
  ];
}

/** The features of those who did not opt out. Who did still counts in the medians of a class, which name nobody. */
export async function featuresInUse(
  lake: Uses<'engine'>,
  model: Model,
  { reads, records, run }: { reads: TableSet; records: readonly StudentRecord[]; run: string },
): Promise<TableVersion> {
  if (records.every(({ optedOut }) => optedOut === undefined)) return buildOwn(lake, model, reads, run);
  const { engine } = lake.platform;
  const all = await buildOwn(lake, model, reads, `${run}-all`);
  const tables = { [ALL_FEATURES]: all, [OPT_OUTS]: await optOutTable(engine, records, run) };
  return engine.create(FEATURES, FEATURES_OF_OTHERS, tables, run);
}

/** A model as the tables that the scores read: those of the newest week up to each week that could be learned. */
export async function modelTables(
  engine: TableBuilder,
  model: Pick<StoredModel, 'weeks'>,
  weeks: readonly number[],
  version: string,
): Promise<Record<typeof WEIGHTS | typeof EFFECTS, TableVersion>> {
  const learned = weeks.flatMap((week) => {
    const own = modelFor(model.weeks, week);
    return own ? [{ week, own }] : [];
  });
  const columns: TableColumn[] = [
    { name: 'week', type: 'integer' },
    { name: 'trained_week', type: 'integer' },
    { name: 'intercept', type: 'double' },
    ...COLUMNS.flatMap((column) =>
      ['mean', 'deviation', 'weight', 'least', 'greatest'].map((what) => ({
        name: `${column}_${what}`,
        type: 'double' as const,
      })),
    ),
  ];
  const weights = learned.map(({ week, own }) => [
    week,
    own.week,
    own.intercept,
    ...COLUMNS.flatMap((_, j) =>
      [own.means, own.deviations, own.weights, own.least, own.greatest].map((values) => values[j]!),
    ),
  ]);
  const effects = learned.flatMap(({ week, own }) =>
    Object.entries(own.courses).map(([course, effect]) => [week, course, effect]),
  );
  return {
    [WEIGHTS]: await engine.literalTable(WEIGHTS, columns, weights, version),
    [EFFECTS]: await engine.literalTable(EFFECTS, EFFECT_COLUMNS, effects, version),
  };
}

const EFFECT_COLUMNS: readonly TableColumn[] = [
  { name: 'week', type: 'integer' },
  { name: 'course_code', type: 'varchar' },
  { name: 'effect', type: 'double' },
];
