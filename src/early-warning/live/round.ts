import { stagedTables } from '../../models/build-model.ts';
import { datasetsOf, inputsOf } from '../../pipeline/model-inputs.ts';
import {
  listModelRecords,
  type ModelRecord,
  wordsOf,
  writeModelRecord,
} from '../../pipeline/model-record.ts';
import type { FeatureLake, RoundWork } from '../../ports/feature.ts';
import type { TableSet } from '../../ports/tables.ts';
import { runChecks } from '../../quality/run-checks.ts';
import { checksOfModel } from '../../quality/table-check.ts';
import { readModel, type StoredModel } from '../model-store.ts';
import { NEEDED, READS } from '../scores.ts';
import { SCORES } from '../tables.ts';
import { ownModel } from './own-model.ts';
import { scoreLive } from './score-live.ts';
import { LIVE_SCORES } from './tables.ts';

const MODEL = LIVE_SCORES.slice(LIVE_SCORES.indexOf('.') + 1);
/** Tables of Canvas's live events. */
const LIVE_EVENTS = 'campus.live_submissions';

/** Whether a change of a table can change a score. */
const matters = (table: string): boolean =>
  (READS as readonly string[]).includes(table) || NEEDED.includes(table) || table.startsWith(LIVE_EVENTS);

/**
 * In a round of `lake follow`: scores again whose features have changed with it. Nothing is done where no model is in use,
 * where something that the features are made of is older than promised, or where no score has changed.
 */
export const scoreRound: RoundWork = async (lake, { load, changed, isFirst }) => {
  if (!isFirst && !changed.some(matters)) return [];
  const model = await readModel(lake.platform.objects);
  if (!model) return [];
  return (await keepLiveScores(lake, model, { version: load, isWhole: false })) ? [MODEL] : [];
};

/**
 * Makes the live scores, and keeps them as the record of their table.
 * @param isWhole whether every student is scored again: at night, when the facts are those of the sources
 * @returns whether there is a newer version
 */
export async function keepLiveScores(
  lake: FeatureLake,
  model: StoredModel,
  { version, isWhole }: { readonly version: string; readonly isWhole: boolean },
): Promise<boolean> {
  const { ledger, clock } = lake.platform;
  const records = await listModelRecords(ledger);
  const needed = records.filter((record) => NEEDED.includes(record.version.table));
  if (needed.length < NEEDED.length) return false;
  const inputs = inputsOf([...READS, ...NEEDED], await datasetsOf(lake, version), needed, version);
  if (inputs.asOf === undefined || inputs.stale.length > 0) return false;
  const versionOf = (table: string) => records.find((record) => record.version.table === table)?.version;
  const live = records.filter((record) => record.version.table.startsWith(LIVE_EVENTS));
  const [before, nightly] = [versionOf(LIVE_SCORES), versionOf(SCORES)];
  const built = await scoreLive(lake, {
    model,
    scoring: ownModel(model),
    reads: { ...(await stagedTables(lake, READS)), ...tablesOf(needed) },
    live: tablesOf(live),
    ...(before && !isWhole ? { before } : {}),
    ...(nightly ? { nightly } : {}),
    asOf: inputs.asOf,
    version,
  });
  if (!built) return false;
  const checks = checksOfModel(
    built.header,
    built.version.columns.map(({ name }) => name),
  );
  await runChecks(lake, { run: version, version: built.version, checks, others: tablesOf(needed) });
  await writeModelRecord(ledger, {
    model: MODEL,
    run: version,
    version: built.version,
    asOf: inputs.asOf,
    builtAt: new Date(clock.now()).toISOString(),
    sources: inputs.sources,
    header: wordsOf(built.header),
  });
  return true;
}

const tablesOf = (records: readonly ModelRecord[]): TableSet =>
  Object.fromEntries(records.map(({ version }) => [version.table, version]));
