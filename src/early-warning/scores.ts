import { type Header, readHeader } from '../models/header.ts';
import type { QueryEngine } from '../platform/ports/query-engine.ts';
import type { TableColumn, TableSet, TableVersion } from '../platform/ports/tables.ts';
import type { Lake } from '../step.ts';
import { COLUMNS } from './measures.ts';
import type { StoredModel } from './model-store.ts';
import { buildOwn, CUTOFFS, FEATURES, ownModels, SCORES } from './own-models.ts';
import { scoreSql, WEIGHTS } from './score-sql.ts';
import { cutoffTable, runningTerms } from './terms.ts';
import type { WeekModel } from './week-model.ts';

/** The newest weeks that are over: how it stands, and whether it is getting better. */
const WEEKS_SHOWN = 4;

/** The tables that early warning reads besides the campus's own. */
export const READS = [
  'canvas.submissions',
  'canvas.assignments',
  'canvas.assignment_groups',
  'canvas.courses',
  'sis.registrar_terms',
] as const;

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
  lake: Lake,
  { model, reads, asOf, run }: { model: StoredModel; reads: TableSet; asOf: string; run: string },
): Promise<BuiltTable[]> {
  const models = await ownModels(lake);
  const terms = (await runningTerms(lake, reads, asOf)).map((term) => ({
    ...term,
    cutoffs: term.cutoffs.slice(-WEEKS_SHOWN),
  }));
  const weeks = [...new Set(terms.flatMap(({ cutoffs }) => cutoffs.map(({ week }) => week)))];
  const withCutoffs = { ...reads, [CUTOFFS]: await cutoffTable(lake, terms, run) };
  const features = await buildOwn(lake, models.get(FEATURES)!, withCutoffs, run);
  const weights = await weightTable(lake.platform.engine, model, weeks, run);
  const tables = { [FEATURES]: features, [WEIGHTS]: weights };
  const sql = scoreSql(model.id);
  const scores = await lake.platform.engine.create(SCORES, sql, tables, run);
  return [
    { version: features, header: models.get(FEATURES)! },
    { version: scores, header: readHeader(sql) },
  ];
}

/** A row of weights for each week: those of the newest week up to it that could be learned. */
export function weightTable(
  engine: QueryEngine,
  model: StoredModel,
  weeks: readonly number[],
  version: string,
): Promise<TableVersion> {
  const columns: TableColumn[] = [
    { name: 'week', type: 'integer' },
    { name: 'trained_week', type: 'integer' },
    { name: 'intercept', type: 'double' },
    ...COLUMNS.flatMap((column) =>
      ['mean', 'deviation', 'weight'].map((what) => ({ name: `${column}_${what}`, type: 'double' as const })),
    ),
  ];
  const rows = weeks.flatMap((week) => {
    const own = modelFor(model, week);
    return own ? [[week, own.week, own.intercept, ...COLUMNS.flatMap((_, j) => numbersOf(own, j))]] : [];
  });
  return engine.literalTable(WEIGHTS, columns, rows, version);
}

const numbersOf = (own: WeekModel, j: number): number[] => [
  own.means[j]!,
  own.deviations[j]!,
  own.weights[j]!,
];

const modelFor = (model: StoredModel, week: number): WeekModel | undefined =>
  model.weeks.findLast((own) => own.week <= week);
