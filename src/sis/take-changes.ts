import { isSis } from '../campus/source-role.ts';
import { failureOf } from '../failure.ts';
import { commitLoad } from '../loads/dataset-state.ts';
import { parseManifest } from '../loads/manifest-document.ts';
import type { CaughtUp, CommitTimes, ReplicatedTable } from '../ports/replication.ts';
import type { Uses } from '../ports/step.ts';
import { capturesChanges, tableOf } from './capture.ts';
import { sisCommit } from './commit-step.ts';
import { handOn } from './hand-on.ts';
import { tablesWanted } from './mappings-of.ts';
import { loadPrefix, manifestKey } from './raw-layout.ts';

type Needs = Uses<
  'campus' | 'catalog' | 'report' | 'signal' | 'clock' | 'objects' | 'ledger' | 'replication'
>;

/** What a load of nothing but changes has committed. */
export interface TakenChanges {
  readonly source: string;
  /** Every commit before it is in these tables, ISO 8601 UTC by the clock of the source. */
  readonly asOf: string;
  /** Committed: each is to be staged. */
  readonly tables: readonly TakenTable[];
  /** Tables of which nothing could be committed, and why. */
  readonly failed: readonly { readonly dataset: string; readonly message: string }[];
  /** Datasets whose changes do not flow, and those that failed. */
  readonly left: string[];
  readonly remarks: readonly string[];
}

export interface TakenTable {
  readonly dataset: string;
  /** Of a copy: its rows. */
  readonly changes: number;
  readonly kind: 'snapshot' | 'increment';
  /** Of a copy: none. */
  readonly commits: CommitTimes;
}

/** The sources whose changes this target can take between two runs. */
export const followedSources = ({ campus, platform }: Uses<'campus' | 'replication' | 'target'>): string[] =>
  platform.replication.catchUp === undefined
    ? []
    : Object.entries(campus.sources).flatMap(([name, source]) =>
        isSis(source) && capturesChanges(source) && (platform.target === 'aws' || source.kind === 'postgres')
          ? [name]
          : [],
      );

/**
 * Takes what has changed in a SIS since the last load and commits it, table by table: a table's position in the log and
 * its files move in one write of its state.
 * @throws SisConnectionError, CaptureError
 */
export async function takeChanges(
  lake: Needs,
  { load, source }: { readonly load: string; readonly source: string },
): Promise<TakenChanges> {
  const { changes } = await tablesWanted(lake, source);
  const { catchUp } = lake.platform.replication;
  if (!changes || !catchUp) return { source, asOf: '', tables: [], failed: [], left: [], remarks: [] };
  const caught = await untilAborted(
    lake.signal,
    catchUp({ source, load, prefix: loadPrefix(source, load), changes }),
  );
  const tables: TakenTable[] = [];
  const failed: { dataset: string; message: string }[] = [];
  for (const table of caught.tables) {
    const id = datasetOf(lake, source, table);
    if (id === undefined) continue;
    try {
      tables.push(await commit(lake, { load, source, id, table, caught }));
    } catch (error) {
      failed.push({ dataset: id, message: failureOf(error).message });
    }
  }
  const followed = new Set(caught.followed);
  const astray = new Set(failed.map(({ dataset }) => dataset));
  const left = lake.catalog
    .of(source)
    .filter((dataset) => !followed.has(tableOf(dataset)) || astray.has(dataset.id))
    .map(({ id }) => id);
  return { source, asOf: caught.asOf, tables, failed, left, remarks: caught.remarks };
}

function datasetOf(
  { catalog }: Needs,
  source: string,
  { schema, table }: ReplicatedTable,
): string | undefined {
  return catalog.of(source).find((dataset) => tableOf(dataset) === `${schema}.${table}`)?.id;
}

interface Committing {
  readonly load: string;
  readonly source: string;
  readonly id: string;
  readonly table: ReplicatedTable;
  readonly caught: CaughtUp;
}

/** @throws TableNotCopiedError */
async function commit(lake: Needs, { load, source, id, table, caught }: Committing): Promise<TakenTable> {
  const dataset = lake.catalog.get(id);
  const item = await handOn(lake, { run: load, task: `${source}/${load}` }, dataset, table, caught.asOf);
  const kind = table.increment ? 'increment' : 'snapshot';
  if (item.error !== undefined || kind === 'snapshot') await sisCommit.run(item, lake);
  else {
    // No row in ops.loads: there would be thousands of them a day. What was visible when is in ops.visibility.
    const key = manifestKey(dataset, load);
    const text = (await lake.platform.objects.getText(key))!;
    await commitLoad(lake.platform.ledger, parseManifest(text, key), key);
  }
  return { dataset: id, kind, changes: table.rows ?? 0, commits: table.commits ?? [] };
}

/** Waits no longer than the signal lets; who closes the platform ends what is still under way. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
