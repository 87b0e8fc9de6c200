import {
  type BuiltModel,
  buildModel,
  builtModel,
  type ModelTask,
  submitModel,
} from '../models/build-model.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import type { StartedBuild } from '../state/work-documents.ts';

const PREFIX = 'model-making/';

/**
 * How long a model is waited for before its step says "not yet". Most take seconds, and to look again costs a function
 * and three transitions; what is not there by then takes minutes, in which nothing need wait.
 */
const WAIT_MS = 60_000;

/**
 * Builds a model, or polls what an earlier call for the same run submitted: the ledger keeps the ticket, so no
 * process need outlive the build.
 * @throws as `buildModel` does; the next call then submits it again
 */
export async function continueBuild(
  lake: Uses<'campus' | 'catalog' | 'features' | 'report' | 'clock' | 'ledger' | 'engine'>,
  task: ModelTask,
): Promise<BuiltModel | { readonly retryAfterSeconds: number }> {
  const { engine, ledger } = lake.platform;
  if (!engine.capabilities.background) return buildModel(lake, task);
  const key = PREFIX + task.model.name;
  const known = (await ledger.read<StartedBuild>(key))?.value;
  const begun = known?.run === task.run;
  const ticket = begun ? known.ticket : await submitModel(lake, task);
  if (!begun) await remember(ledger, key, { run: task.run, ticket });
  const status = await engine.poll(ticket, begun ? 0 : WAIT_MS);
  if ('retryAfterSeconds' in status) return status;
  await ledger.delete(key);
  return builtModel(task.model, status);
}

async function remember(ledger: LedgerStore, key: string, started: StartedBuild): Promise<void> {
  const before = await ledger.read<StartedBuild>(key);
  await ledger.write<StartedBuild>(key, started, before?.version);
}
