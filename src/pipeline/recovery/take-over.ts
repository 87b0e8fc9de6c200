import { LakeError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { abandoned, restageWanted, snapshotWantedInstead } from '../../loads/loading.ts';
import { type DatasetState, type Quarantine, stagedOf, versionsOf } from '../../loads/state.ts';
import { withoutVersions } from '../../loads/table-state.ts';
import type { LedgerStore } from '../../ports/ledger.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Housekeeper, Mover } from '../../ports/query-engine.ts';
import type { TableSet, TableVersion } from '../../ports/tables.ts';
import type { ModelRecord } from '../model-record.ts';
import { POINTER, type Pointer, readPublication, rewritePublication } from '../publication.ts';
import { type LedgerCopy, listLedgerCopies, readLedgerCopy, readRowCopies } from './ledger-copy.ts';

/** Nothing was copied from which the lake could go on. */
export class NoCopyError extends LakeError {}

/** A copy of the ledger, and what of it has arrived. */
export interface ArrivedCopy {
  readonly copy: LedgerCopy;
  /** Keys of files that it names and that are not there. */
  readonly missing: readonly string[];
}

/** The lake that goes on: its store has the files of the other one, under the same keys. */
export interface Successor {
  readonly ledger: LedgerStore;
  readonly objects: ObjectStore;
  readonly engine: Pick<Housekeeper, 'show'> & { readonly mover: Mover };
  /** Databases of its tables. */
  readonly databases: readonly string[];
  /** Whether the raw zone has all loads of which a dataset's table can be made again. */
  canReplay(state: DatasetState): Promise<boolean>;
}

/** What the successor shows, and what it makes again. */
export interface TakenOver {
  readonly run: string;
  readonly publication?: string;
  /** Tables that can be read at once. */
  readonly shown: readonly string[];
  /** Datasets that the next run makes again from the raw zone. */
  readonly restaged: readonly string[];
  /** Datasets that the next run asks the source for. */
  readonly reloaded: readonly string[];
  readonly rows: number;
}

/**
 * Of what a Region keeps for itself: its runs, its statements, its grants. The rest of a ledger is of the lake, whose
 * tables they are.
 */
const OF_A_REGION = /^(run|model-making|staging|fetched|access|lake-formation)\//;

/** The newest copy of which everything has arrived; else the newest. @throws NoCopyError where there is none */
export async function newestCopy(objects: ObjectStore): Promise<ArrivedCopy> {
  let newest: ArrivedCopy | undefined;
  for (const run of (await listLedgerCopies(objects)).reverse()) {
    const copy = await readLedgerCopy(objects, run);
    if (!copy) continue;
    const arrived = { copy, missing: await missingOf(objects, copy) };
    if (arrived.missing.length === 0) return arrived;
    newest ??= arrived;
  }
  if (newest) return newest;
  throw new NoCopyError('No copy of the ledger has arrived here.', {
    hint: 'a run makes one after it has published, where campus.yaml has aws.recovery; S3 then copies it',
  });
}

async function missingOf(objects: ObjectStore, { files, publication }: LedgerCopy): Promise<string[]> {
  const wanted = [...files, ...(publication ? [`publications/${publication.id}.json`] : [])];
  const folders = new Set(wanted.map((key) => key.slice(0, key.lastIndexOf('/') + 1)));
  const there = new Set<string>();
  for (const folder of folders) for (const key of await objects.list(folder)) there.add(key);
  return wanted.filter((key) => !there.has(key));
}

/**
 * Makes a lake go on from a copy of another one's ledger: records, rows, the tables that can be read here, and for the
 * others the wish that the next run makes them again. Interrupted, it is simply done again. What this lake knew before is
 * replaced; of a table that has not arrived whole, nothing is shown.
 * @throws RunLockedError while a run works on it
 */
export async function takeOver(
  { copy, missing }: ArrivedCopy,
  to: Successor,
  signal: AbortSignal,
): Promise<TakenOver> {
  const lock = await to.ledger.lock('`lake fail-over`');
  try {
    const move = mover(to, new Set(missing));
    const restaged: string[] = [];
    const reloaded: string[] = [];
    const records = new Map<string, Json>();
    for (const [key, value] of copy.records) {
      signal.throwIfAborted();
      if (OF_A_REGION.test(key) || key === POINTER) continue;
      if (key.startsWith('dataset/')) {
        const { state, wish } = await datasetOf(value as unknown as DatasetState, to, move);
        if (wish === 'restage') restaged.push(state.dataset);
        if (wish === 'reload') reloaded.push(state.dataset);
        records.set(key, state as unknown as Json);
      } else if (key.startsWith('model/')) {
        const record = value as unknown as ModelRecord;
        const version = await move(record.version);
        // Without it the next run builds the model.
        if (version) records.set(key, { ...record, version } as unknown as Json);
      } else records.set(key, value);
    }
    await writeRecords(to.ledger, records);
    const rows = await writeRows(to, signal);
    const shown = await show(copy, to, move);
    return { run: copy.run, ...shown, restaged, reloaded, rows };
  } finally {
    await lock.release();
  }
}

type Move = (version: TableVersion) => Promise<TableVersion | undefined>;

/** Each version is adopted once, whoever names it; undefined for one that cannot be read here. */
function mover({ engine }: Successor, missing: ReadonlySet<string>): Move {
  const moved = new Map<string, Promise<TableVersion | undefined>>();
  const adopt = async (version: TableVersion) => {
    const files = await engine.mover.filesOf(version);
    const isCut = files === undefined || (version.rows > 0 && files.length === 0);
    return isCut || lacks(missing, version) ? undefined : engine.mover.adopt(version);
  };
  return (version) => {
    const name = JSON.stringify(version.storage);
    const known = moved.get(name) ?? adopt(version);
    moved.set(name, known);
    return known;
  };
}

/** Whether one of a version's files is among those that have not arrived: they lie in its folder. */
function lacks(missing: ReadonlySet<string>, { storage }: TableVersion): boolean {
  const text = JSON.stringify(storage);
  return [...missing].some((key) => text.includes(`${key.slice(0, key.lastIndexOf('/'))}/`));
}

async function datasetOf(
  found: DatasetState,
  to: Successor,
  move: Move,
): Promise<{ state: DatasetState; wish?: 'restage' | 'reload' }> {
  const state = abandoned(found);
  const versions = versionsOf(state);
  const moved = new Map<TableVersion, TableVersion>();
  for (const version of versions) {
    const here = await move(version);
    if (here) moved.set(version, here);
  }
  const kept = withoutVersions(state, (version) => !moved.has(version));
  const renamed = withVersions(kept, moved);
  const staged = stagedOf(state);
  if (!staged || moved.has(staged.version)) return { state: renamed };
  return (await to.canReplay(renamed))
    ? { state: restageWanted(renamed), wish: 'restage' }
    : { state: snapshotWantedInstead(renamed), wish: 'reload' };
}

/** The same state with versions as they are called here. */
function withVersions(state: DatasetState, moved: ReadonlyMap<TableVersion, TableVersion>): DatasetState {
  const { table } = state;
  if (table.phase === 'none') return state;
  const here = (version: TableVersion): TableVersion => moved.get(version) ?? version;
  const aside = <T extends { readonly quarantine?: Quarantine | undefined }>({ quarantine }: T) =>
    quarantine
      ? { quarantine: { ...quarantine, shown: here(quarantine.shown), aside: here(quarantine.aside) } }
      : {};
  const at = <T extends { readonly version: TableVersion }>(one: T): T => ({
    ...one,
    version: here(one.version),
  });
  return {
    ...state,
    ...(state.decided ? { decided: here(state.decided) } : {}),
    table: {
      ...table,
      ...('staged' in table ? { staged: at(table.staged) } : {}),
      ...('quarantine' in table ? aside(table) : {}),
      ...('good' in table && table.good ? { good: { ...at(table.good), ...aside(table.good) } } : {}),
    } as DatasetState['table'],
  };
}

async function writeRecords(ledger: LedgerStore, records: ReadonlyMap<string, Json>): Promise<void> {
  const there = new Map((await ledger.list<Json>('')).map(({ key, ...record }) => [key, record]));
  for (const [key, value] of records) {
    const before = there.get(key);
    if (before && JSON.stringify(before.value) === JSON.stringify(value)) continue;
    await ledger.write(key, value, before?.version);
  }
  // What it knew of before, and the other lake has let go of.
  for (const key of there.keys())
    if (!records.has(key) && !OF_A_REGION.test(key) && key !== POINTER) await ledger.delete(key);
}

async function writeRows({ ledger, objects }: Successor, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const { table, rows } of readRowCopies(objects)) {
    signal.throwIfAborted();
    await ledger.append(table, rows);
    count += rows.length;
  }
  return count;
}

/**
 * Shows of the other lake's publication what can be read here, under a name of its own: a document of the first one may
 * still arrive.
 */
async function show(
  { publication: named }: LedgerCopy,
  { ledger, objects, engine, databases }: Successor,
  move: Move,
): Promise<{ publication?: string; shown: string[] }> {
  const publication = named && (await readPublication({ ledger, objects }, named.id));
  if (!publication) return { shown: [] };
  const tables: Record<string, TableVersion> = {};
  for (const [table, version] of Object.entries(publication.tables)) {
    const here = await move(version);
    if (here) tables[table] = here;
  }
  const id = `${named.id}-moved`;
  await rewritePublication(objects, { ...publication, id, tables: tables satisfies TableSet });
  const before = await ledger.read<Pointer>(POINTER);
  const pointer = { id, sequence: (before?.value.sequence ?? 0) + 1, kept: [id] };
  if (before?.value.id !== id) await ledger.write<Json>(POINTER, pointer, before?.version);
  await engine.show(tables, databases);
  return { publication: id, shown: Object.keys(tables).sort() };
}
