import type { Json } from '../json.ts';
import {
  type BuiltModel,
  beginModel,
  buildModel,
  finishModel,
  type ModelTask,
} from '../models/build-model.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Lake } from '../ports/step.ts';

/** A model that is being made elsewhere: for which run, and the ticket by which to ask after it. */
type ModelMaking = { readonly run: string; readonly ticket: Json };

const PREFIX = 'model-making/';

/**
 * How long a model is waited for before its step says "not yet". Most take seconds, and to look again costs a function
 * and three transitions; what is not there by then takes minutes, in which nothing need wait.
 */
const WAIT_MS = 60_000;

/**
 * Builds a model, or goes on with what an earlier call for the same run began: the ledger keeps the ticket, so no
 * process need outlive the making.
 * @throws as `buildModel` does; the next call then begins anew
 */
export async function goOnBuilding(
  lake: Lake,
  task: ModelTask,
): Promise<BuiltModel | { readonly retryAfterSeconds: number }> {
  const { engine, ledger } = lake.platform;
  if (!engine.capabilities.background) return buildModel(lake, task);
  const key = PREFIX + task.model.name;
  const known = (await ledger.read<ModelMaking>(key))?.value;
  const begun = known?.run === task.run;
  const ticket = begun ? known.ticket : await beginModel(lake, task);
  if (!begun) await remember(ledger, key, { run: task.run, ticket });
  const making = await engine.finish(ticket, begun ? 0 : WAIT_MS);
  if ('retryAfterSeconds' in making) return making;
  await ledger.delete(key);
  return finishModel(task.model, making);
}

async function remember(ledger: LedgerStore, key: string, making: ModelMaking): Promise<void> {
  const before = await ledger.read<ModelMaking>(key);
  await ledger.write<ModelMaking>(key, making, before?.version);
}
