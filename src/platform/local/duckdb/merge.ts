import { isLiveLoad } from '../../../loads/live-load.ts';
import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { reasonNotToMerge } from '../../../staging/mergeable.ts';
import { mergedColumns } from '../../../staging/widen.ts';
import { filesToMerge } from './delta-tiers.ts';
import { EngineError } from './errors.ts';
import { keyOf, pathsOf } from './files.ts';
import { inspectRows, newestPerKey } from './newest-per-key.ts';
import { orderOf, recordsSelect } from './raw-changes.ts';
import type { RawRead } from './raw-dap.ts';
import { rowsOf } from './session.ts';
import { readSettingAside } from './set-aside.ts';
import { ident, idents, text } from './sql-text.ts';
import { type StagingSession, stagedKey, writeGroup } from './staging-session.ts';
import { asStorage, type FileSet, type LocalStorage, storageOf } from './storage.ts';
import { duckType } from './types.ts';
import { groupSelect, historySelect } from './version-sql.ts';

/** `current` with the raw files merged by key, as a new version. See `QueryEngine.merge`. */
export async function mergeTable(
  session: StagingSession,
  current: TableVersion,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  const stored = mergedStorage(current, spec);
  const columns = mergedColumns(current.columns, spec.columns);
  if (files.length === 0) return unchanged(current, columns, 0);
  const read: RawRead = {
    spec,
    paths: pathsOf(
      session.root,
      files.map((file) => keyOf(session.root, file)),
    ),
    columns,
    pseudonymKeys: session.pseudonymKeys,
  };
  const { connection } = session;
  try {
    const { rows: delivered, setAside } = await gather(session, read);
    const aside = setAside ? { setAside } : {};
    const known = { groups: [stored.base, ...stored.deltas], columns };
    await connection.run(effectiveChanges(session, spec, known, await isAllNewer(session, known.groups)));
    await dropRepetitions(session, spec, known);
    const counts = await countChanges(session);
    if (counts.changes === 0) return { ...unchanged(current, columns, delivered), ...aside };
    const own = spec.columns.map(({ name }) => columns.find((c) => c.name === name)!);
    const list = `SELECT ${idents(own.map((c) => c.name))}, _ts, _deleted FROM changes`;
    const rows = current.rows + counts.added - counts.removed;
    const version = (storage: TableVersion['storage']): TableVersion => ({
      table: current.table,
      columns,
      rows,
      storage,
    });
    const storage = await withChanges(session, version(asStorage(stored)), { list, own, counts, versionId });
    return {
      version: version(asStorage(storage)),
      read: delivered,
      upserted: counts.upserted,
      deleted: counts.removed,
      ...aside,
    };
  } finally {
    await connection.run('DROP TABLE IF EXISTS delivered; DROP TABLE IF EXISTS changes');
  }
}

type Merged = Extract<LocalStorage, { kind: 'merged' }>;

interface Changes {
  /** A SELECT of them. */
  readonly list: string;
  /** The columns that they have. */
  readonly own: readonly TableColumn[];
  readonly counts: { readonly changes: number };
  readonly versionId: string;
}

/**
 * The files of a table with changes: in a new base where they are a large share of it, or where a run has so small a base that
 * writing it costs nothing to speak of; else in a file of their own, or together with the newest of those that there
 * are.
 */
async function withChanges(
  session: StagingSession,
  before: TableVersion,
  { list, own, counts, versionId }: Changes,
): Promise<Merged> {
  const stored = storageOf(before) as Merged;
  const { share, files, smallBase } = session.compaction;
  const deltas = stored.deltas.map((group) => group.rows);
  const changed = deltas.reduce((sum, rows) => sum + rows, counts.changes);
  const isSmall = stored.base.rows <= smallBase && !isLiveLoad(versionId);
  if (isSmall || changed > stored.base.rows * share) {
    const base = await writtenTogether(session, before, [stored.base, ...stored.deltas], {
      list,
      own,
      key: stagedKey(before.table, versionId, 'base'),
    });
    return { ...stored, base, deltas: [] };
  }
  const kept = deltas.length - filesToMerge(deltas, counts.changes, files);
  const key = stagedKey(before.table, versionId, 'delta');
  const delta =
    kept === deltas.length
      ? await writeGroup(session, list, own, { table: before.table, key })
      : await writtenTogether(session, before, stored.deltas.slice(kept), { list, own, key });
  return { ...stored, deltas: [...stored.deltas.slice(0, kept), delta] };
}

function mergedStorage(current: TableVersion, spec: StagedTableSpec): Merged {
  const storage = storageOf(current);
  const problem = reasonNotToMerge(storage.kind === 'merged' ? storage.key : undefined, spec);
  if (problem === undefined && storage.kind === 'merged') return storage;
  throw new EngineError(`Changes cannot be merged into ${current.table}: ${problem}.`, {
    about: current.table,
    hint: 'load a snapshot of the dataset',
  });
}

/** The delivered rows, one per key, in the temporary table `delivered`. @returns `rows`: those delivered */
async function gather(
  session: StagingSession,
  read: RawRead,
): Promise<{ rows: number; setAside?: StageResult['setAside'] }> {
  const { connection } = session;
  const { setAside } = await readSettingAside(connection, read, async (how) =>
    connection.run(`CREATE OR REPLACE TEMP TABLE delivered AS ${await recordsSelect(connection, how)}`),
  );
  const { rows, repeats } = await inspectRows(connection, 'delivered', {
    table: read.spec.table,
    key: read.spec.key,
    order: orderOf(read),
  });
  if (repeats) {
    const newest = newestPerKey('delivered', read.spec.key, read.spec.columns);
    await connection.run(`CREATE OR REPLACE TEMP TABLE delivered AS ${newest}`);
  }
  return { rows, setAside };
}

/** Whether every delivered row is newer than every row of the groups: then no row's `_ts` need be read. */
async function isAllNewer({ connection }: StagingSession, groups: readonly FileSet[]): Promise<boolean> {
  const newest = groups.filter((group) => group.rows > 0).map((group) => group.newest);
  if (newest.length === 0 || newest.includes(undefined)) return false;
  // Compared as what `_ts` is here: an instant, or the place of a change among all.
  const newer = newest.map((one) => `min(_ts) > ${text(one!)}`).join(' AND ');
  const [row] = await rowsOf(connection, `SELECT ${newer} AS newer FROM delivered`);
  return row!.newer === true;
}

/**
 * The temporary table `changes`: those delivered rows that are not older than the row that the table has of their key,
 * tombstones included. Of one instant the later load wins: two commits may share it, and the load that ended between
 * them has only the first. `_was_live`: whether the key had a row before; `_is_tie`: whether it was of that instant.
 */
function effectiveChanges(
  { root }: StagingSession,
  spec: StagedTableSpec,
  { groups, columns }: Known,
  allNewer: boolean,
): string {
  const key = idents(spec.key);
  const keyColumns = spec.key.map((name) => columns.find((c) => c.name === name)!);
  // Most of the time goes into reading the files of a big base: no column of it that is not needed.
  const known = groups.flatMap((group, i) => {
    if (group.files.length === 0) return [];
    const deleted = group.tombstones === 0 ? 'false AS _deleted' : '_deleted';
    const list = `${key}, ${i} AS _group, ${deleted}${allNewer ? '' : ', _ts'}`;
    return `SELECT ${list} FROM (${groupSelect(root, group, keyColumns)}) SEMI JOIN delivered USING (${key})`;
  });
  const created = 'CREATE OR REPLACE TEMP TABLE changes AS';
  if (known.length === 0) return `${created} SELECT *, false AS _was_live, false AS _is_tie FROM delivered`;
  const all = known.join(' UNION ALL ');
  if (allNewer) {
    // A key stands once in a group, so that one group needs no grouping.
    const live =
      known.length === 1
        ? `SELECT ${key} FROM (${all}) WHERE NOT _deleted`
        : `SELECT ${key} FROM (${all}) GROUP BY ${key} HAVING NOT arg_max(_deleted, _group)`;
    return `${created} SELECT *, (${key}) IN (${live}) AS _was_live, false AS _is_tie FROM delivered`;
  }
  return `${created}
    WITH known AS (
      SELECT ${key}, arg_max(_deleted, _group) AS known_deleted, max(_ts) AS known_ts
      FROM (${all}) GROUP BY ${key}
    )
    SELECT d.*, coalesce(NOT known_deleted, false) AS _was_live, coalesce(d._ts = known_ts, false) AS _is_tie
    FROM delivered d LEFT JOIN known USING (${key})
    WHERE known_ts IS NULL OR d._ts > known_ts OR (d._ts = known_ts AND NOT (d._deleted AND known_deleted))`;
}

/**
 * Takes those rows out of `changes` that the table holds just like that. Only where nothing else came, as on a quiet
 * night whose question begins at the instant of the last change: then the table need not be written at all.
 */
async function dropRepetitions(
  { root, connection }: StagingSession,
  spec: StagedTableSpec,
  { groups, columns }: Known,
): Promise<void> {
  const [row] = await rowsOf(
    connection,
    'SELECT count(*) > 0 AND bool_and(_is_tie AND _was_live AND NOT _deleted) AS ties FROM changes',
  );
  if (row!.ties !== true) return;
  const key = idents(spec.key);
  const own = spec.columns.map(({ name }) => columns.find((c) => c.name === name)!);
  const held = groups.map(
    (group, i) =>
      `SELECT *, ${i} AS _group FROM (${groupSelect(root, group, own)}) SEMI JOIN changes USING (${key})`,
  );
  const rows = (alias: string) => `row(${own.map(({ name }) => `${alias}.${ident(name)}`).join(', ')})`;
  await connection.run(`DELETE FROM changes AS c USING (
    SELECT * FROM (${held.join(' UNION ALL ')})
    QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _group DESC) = 1) AS h
    WHERE ${spec.key.map((name) => `c.${ident(name)} = h.${ident(name)}`).join(' AND ')}
    AND ${rows('c')} IS NOT DISTINCT FROM ${rows('h')}`);
}

/** What a table knows: its groups, oldest first, and the columns in which they are read. */
interface Known {
  readonly groups: readonly FileSet[];
  readonly columns: readonly TableColumn[];
}

async function countChanges(session: StagingSession) {
  const [row] = await rowsOf(
    session.connection,
    `SELECT count(*) AS changes, count(*) FILTER (NOT _deleted) AS upserted,
       count(*) FILTER (NOT _deleted AND NOT _was_live) AS added,
       count(*) FILTER (_deleted AND _was_live) AS removed FROM changes`,
  );
  const count = (name: string) => Number(row?.[name] ?? 0);
  return {
    changes: count('changes'),
    upserted: count('upserted'),
    added: count('added'),
    removed: count('removed'),
  };
}

/** Some files of a table, one after another, as one: everything that they know, tombstones too, with the changes on top. */
async function writtenTogether(
  session: StagingSession,
  { table, columns, storage }: TableVersion,
  [first, ...later]: readonly FileSet[],
  { list, own, key }: Pick<Changes, 'list' | 'own'> & { readonly key: string },
): Promise<FileSet> {
  const known = asStorage({ ...(storage as unknown as Merged), base: first!, deltas: later });
  const held = new Set(own.map((column) => column.name));
  const wanted = columns.map(({ name, type }) =>
    held.has(name) ? ident(name) : `CAST(NULL AS ${duckType(type)}) AS ${ident(name)}`,
  );
  const all = idents(columns.map((c) => c.name));
  const before = historySelect(session.root, { table, columns, rows: 0, storage: known }, columns);
  const select = `SELECT ${wanted.join(', ')}, _ts, _deleted FROM (${list})
    UNION ALL
    SELECT ${all}, _ts, _deleted FROM (${before})
    ANTI JOIN changes USING (${idents((storage as unknown as Merged).key)})`;
  return writeGroup(session, select, columns, { table, key });
}

/** Nothing new: the same files, only perhaps read with more or wider columns. */
function unchanged(current: TableVersion, columns: TableColumn[], read: number): StageResult {
  return { version: { ...current, columns }, read, upserted: 0, deleted: 0 };
}
