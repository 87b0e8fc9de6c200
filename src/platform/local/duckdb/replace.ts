import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { copyTo, draftFile, keyOf, pathsOf } from './files.ts';
import { inspectRows, newestPerKey } from './newest-per-key.ts';
import { orderOf, recordsSelect } from './raw-changes.ts';
import type { RawRead } from './raw-dap.ts';
import { dmsColumns, dmsSelect, tryCasts } from './raw-dms.ts';
import { readSettingAside } from './set-aside.ts';
import { textList } from './sql-text.ts';
import { countRows, type StagingSession, stagedKey, writeGroup } from './staging-session.ts';
import { asStorage, type FileSet, type LocalStorage } from './storage.ts';

/** A version that holds exactly the rows of the raw files. */
export async function replaceTable(
  session: StagingSession,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  const keys = files.map((file) => keyOf(session.root, file));
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  const read: RawRead = {
    spec,
    paths: pathsOf(session.root, keys),
    columns,
    pseudonymKeys: session.pseudonymKeys,
  };
  return spec.layout === 'dms'
    ? replaceDms(session, read, columns, keys, versionId)
    : replaceRecords(session, read, columns, versionId);
}

async function replaceRecords(
  session: StagingSession,
  read: RawRead,
  columns: TableColumn[],
  versionId: string,
): Promise<StageResult> {
  const { table, key } = read.spec;
  let base: FileSet = { files: [], columns, rows: 0, tombstones: 0 };
  let delivered = 0;
  let setAside: StageResult['setAside'];
  if (read.paths.length > 0) {
    const target = stagedKey(table, versionId, 'base');
    ({ base, delivered, setAside } = await writeBase(session, read, columns, target));
  }
  const rows = base.rows - base.tombstones;
  const storage: LocalStorage = { kind: 'merged', key: [...key], base, deltas: [] };
  return {
    version: { table, columns, rows, storage: asStorage(storage) },
    read: delivered,
    upserted: rows,
    deleted: 0,
    ...(setAside ? { setAside } : {}),
  };
}

/**
 * Streams the raw files into the base. A snapshot's keys are unique but for web logs, so rows are written as they
 * come and folded only where a key is found twice: that is what keeps a snapshot of any size in bounded memory.
 */
async function writeBase(
  session: StagingSession,
  read: RawRead,
  columns: TableColumn[],
  target: string,
): Promise<{ base: FileSet; delivered: number; setAside?: StageResult['setAside'] }> {
  const { table, key } = read.spec;
  const draft = await draftFile(session.root);
  try {
    const { result: delivered, setAside } = await readSettingAside(session.connection, read, async (how) =>
      copyTo(session.connection, await recordsSelect(session.connection, how), draft.path, table),
    );
    const rows = `read_parquet(${textList([draft.path])})`;
    const order = orderOf(read);
    const { repeats, tombstones, newest } = await inspectRows(session.connection, rows, {
      table,
      key,
      order,
    });
    const select = repeats ? newestPerKey(rows, key, columns) : undefined;
    if (select)
      return {
        base: await writeGroup(session, select, columns, { table, key: target }),
        delivered,
        setAside,
      };
    if (delivered > 0) await draft.publish(target);
    return {
      base: { files: delivered > 0 ? [target] : [], columns, rows: delivered, tombstones, newest },
      delivered,
      setAside,
    };
  } finally {
    await draft.discard();
  }
}

/**
 * A full load in flat Parquet is read where it lies, through casts: no copy. Only where pseudonyms or masks are to be
 * made is it written again.
 */
async function replaceDms(
  session: StagingSession,
  read: RawRead,
  columns: TableColumn[],
  keys: string[],
  versionId: string,
): Promise<StageResult> {
  const { table } = read.spec;
  const done = (rows: number, storage: LocalStorage): StageResult => {
    const version: TableVersion = { table, columns, rows, storage: asStorage(storage) };
    return { version, read: rows, upserted: rows, deleted: 0 };
  };
  if (keys.length === 0) return done(0, { kind: 'raw', files: [], columns: [] });
  const raw = await dmsColumns(session.connection, read);
  await tryCasts(session.connection, read, raw);
  if (read.spec.columns.every((column) => column.treatment === 'keep')) {
    return done(await countRows(session, keys), { kind: 'raw', files: keys, columns: raw });
  }
  const target = stagedKey(table, versionId, 'base');
  const draft = await draftFile(session.root);
  try {
    const rows = await copyTo(session.connection, dmsSelect(read, raw), draft.path, table);
    await draft.publish(target);
    return done(rows, { kind: 'plain', files: [target] });
  } finally {
    await draft.discard();
  }
}
