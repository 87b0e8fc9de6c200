import { join } from 'node:path';
import { CUTOFFS, DRIFT, FEATURES, OUTCOMES, SCORES } from '../../src/early-warning/own-models.ts';
import { scoreSql } from '../../src/early-warning/score-sql.ts';
import { modelTables } from '../../src/early-warning/scores.ts';
import { cutoffTable } from '../../src/early-warning/terms.ts';
import { DRIFT_SQL, WATCHED_COURSES, watchedTable } from '../../src/early-warning/watch.ts';
import { modelsFolder, stagedTables } from '../../src/models/build-model.ts';
import { loadModels, parseModel } from '../../src/models/load-models.ts';
import type { Model } from '../../src/models/model.ts';
import type { Lake } from '../../src/ports/step.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { checksOfModel } from '../../src/quality/table-check.ts';
import type { TypedModel } from './typed-model.ts';

const VERSION = 'dictionary';
/** A model that has learned nothing: the columns are those of every other. */
const UNTRAINED = { weeks: [] } as const;

/**
 * The tables of early warning, which are built when it is in use: its models and the scores that it writes. None
 * where the campus has no such models.
 * @param built the campus's other models
 */
export async function earlyWarningModels(lake: Lake, built: TableSet): Promise<TypedModel[]> {
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
    [WATCHED_COURSES]: await watchedTable(engine, [], VERSION),
  };
  const typed: TypedModel[] = [];
  for (const model of [...own, drift, scores]) {
    Object.assign(reads, await stagedTables(lake, namesOf(model)));
    const version = await engine.create(model.table, model.text, reads, VERSION);
    reads[model.table] = version;
    const names = version.columns.map(({ name }) => name);
    typed.push({ model, columns: version.columns, checks: checksOfModel(model, names) });
  }
  return typed;
}

const namesOf = (model: Model): string[] => model.statement.tables.map(({ name }) => name);
