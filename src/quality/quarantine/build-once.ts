import type { Json } from '../../json.ts';
import { StillRunningError } from '../../ports/errors.ts';
import type { BuildRequest } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import type { StartedBuild } from '../../state/work-documents.ts';

/** Statements that take longer are waited for outside of this process. */
const WAIT_MS = 45_000;

const keyOf = ({ table, versionId }: BuildRequest): string =>
  `quarantine/${table}/${versionId.replace(/^.*-/, '')}`;

/**
 * A table of a SELECT. Where the engine works in the background, a process that is called again asks on for what an
 * earlier one has begun; another version is begun again.
 * @throws StillRunningError when it is to be asked again
 */
export async function buildOnce(
  { platform: { engine, ledger } }: Uses<'engine' | 'ledger'>,
  request: BuildRequest,
): Promise<TableVersion> {
  const { table, select, reads, versionId } = request;
  if (!engine.capabilities.background) return engine.create(table, select, reads, versionId);
  const key = keyOf(request);
  const known = await ledger.read<StartedBuild>(key);
  let ticket: Json;
  if (known?.value.run === versionId) ticket = known.value.ticket;
  else {
    ticket = await engine.submit(request);
    await ledger.write<StartedBuild>(key, { run: versionId, ticket }, known?.version);
  }
  const status = await engine.poll(ticket, WAIT_MS);
  if ('retryAfterSeconds' in status)
    throw new StillRunningError(`The rows of ${table} are being told apart.`, {
      about: table,
      retryAfterSeconds: status.retryAfterSeconds,
    });
  if ('version' in status) return status.version;
  await ledger.delete(key);
  throw status.failed;
}
