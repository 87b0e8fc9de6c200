import { join } from 'node:path';
import { modelsFolder, stagedTables } from '../models/build-model.ts';
import { loadModels, parseModel } from '../models/load-models.ts';
import type { Model } from '../models/model.ts';
import type { EmptyTable } from '../ports/feature.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import { outcomeColumns } from './live/score-live.ts';
import { LIVE_SCORES, LIVE_SQL, OUTCOMES_OF_ROWS, OWN_SCORES } from './live/tables.ts';
import { scoreSql } from './score-sql.ts';
import { modelTables } from './scores.ts';
import { studentTables } from './students/tables.ts';
import { CUTOFFS, DRIFT, FEATURES, OUTCOMES, SCORES } from './tables.ts';
import { cutoffTable } from './terms.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchedTable } from './watch.ts';

const VERSION = 'dictionary';
/** A model that has learned nothing: the columns are those of every other. */
const UNTRAINED = { weeks: [] } as const;

/**
 * The tables of early warning, which are built when it is in use: its models and the scores that it writes. None
 * where the campus has no such models.
 * @param built the campus's other models
 */
export async function overNothing(
  lake: Uses<'campus' | 'catalog' | 'features' | 'report' | 'clock' | 'ledger' | 'engine'>,
  built: TableSet,
): Promise<EmptyTable[]> {
  const models = await loadModels(join(modelsFolder(lake), 'early-warning'));
  const own = [FEATURES, OUTCOMES].flatMap((table) => models.filter((model) => model.table === table));
  if (own.length === 0) return [];
  const { engine } = lake.platform;
  const fileOf = (table: string) => `${table.slice(table.indexOf('.') + 1)}.sql`;
  const drift = await parseModel(fileOf(DRIFT), DRIFT_SQL);
  const scores = await parseModel(fileOf(SCORES), scoreSql(VERSION));
  const reads: Record<string, TableSet[string]> = {
    ...built,
    [CUTOFFS]: await cutoffTable(lake, [], VERSION),
    ...(await modelTables(engine, UNTRAINED, [], VERSION)),
    ...(await studentTables(engine, [], VERSION)),
    [WATCHED_COURSES]: await watchedTable(engine, [], VERSION),
  };
  const empty: EmptyTable[] = [];
  for (const model of [...own, drift, scores]) {
    Object.assign(reads, await stagedTables(lake, namesOf(model)));
    const version = await engine.create(model.table, model.text, reads, VERSION);
    reads[model.table] = version;
    empty.push({ file: model.file, text: model.text, version });
  }
  empty.push(await liveOverNothing(engine, reads));
  return empty;
}

/** The scores between two nights, which are made of those of the nights. */
async function liveOverNothing(engine: TableBuilder, reads: TableSet): Promise<EmptyTable> {
  const own = await engine.create(OWN_SCORES, scoreSql(VERSION), reads, VERSION);
  const outcomes = await engine.literalTable(OUTCOMES_OF_ROWS, outcomeColumns(own), [], VERSION);
  const tables = { [OWN_SCORES]: own, [OUTCOMES_OF_ROWS]: outcomes };
  const version = await engine.create(LIVE_SCORES, LIVE_SQL, tables, VERSION);
  return { file: `${LIVE_SCORES.slice(LIVE_SCORES.indexOf('.') + 1)}.sql`, text: LIVE_SQL, version };
}

const namesOf = (model: Model): string[] => model.statement.tables.map(({ name }) => name);
