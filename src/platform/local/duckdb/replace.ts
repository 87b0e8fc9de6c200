import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { copyTo, draftFile, keyOf, pathsOf } from './files.ts';
import { inspectRows, newestPerKey } from './fold.ts';
import { orderOf, recordsSelect } from './raw-changes.ts';
import type { RawRead } from './raw-dap.ts';
import { dmsColumns, dmsSelect, tryCasts } from './raw-dms.ts';
import { readSettingAside } from './set-aside.ts';
import { textList } from './sql-text.ts';
import { asStorage, type FileGroup, type LocalStorage } from './storage.ts';
import { countRows, stagedKey, type Workshop, writeGroup } from './workshop.ts';

/** A version that holds exactly the rows of the raw files. */
export async function replaceTable(
  shop: Workshop,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
): Promise<StageResult> {
  const keys = files.map((file) => keyOf(shop.root, file));
  const columns = spec.columns.map(({ name, type }) => ({ name, type }));
  const read: RawRead = {
    spec,
    paths: pathsOf(shop.root, keys),
    columns,
    pseudonymKey: shop.pseudonymKey,
  };
  return spec.layout === 'dms'
    ? replaceDms(shop, read, columns, keys, versionId)
    : replaceRecords(shop, read, columns, versionId);
}

async function replaceRecords(
  shop: Workshop,
  read: RawRead,
  columns: TableColumn[],
  versionId: string,
): Promise<StageResult> {
  const { table, key } = read.spec;
  let base: FileGroup = { files: [], columns, rows: 0, tombstones: 0 };
  let delivered = 0;
  let setAside: StageResult['setAside'];
  if (read.paths.length > 0) {
    const target = stagedKey(table, versionId, 'base');
    ({ base, delivered, setAside } = await writeBase(shop, read, columns, target));
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
  shop: Workshop,
  read: RawRead,
  columns: TableColumn[],
  target: string,
): Promise<{ base: FileGroup; delivered: number; setAside?: StageResult['setAside'] }> {
  const { table, key } = read.spec;
  const draft = await draftFile(shop.root);
  try {
    const { result: delivered, setAside } = await readSettingAside(shop.connection, read, async (how) =>
      copyTo(shop.connection, await recordsSelect(shop.connection, how), draft.path),
    );
    const rows = `read_parquet(${textList([draft.path])})`;
    const order = orderOf(read);
    const { repeats, tombstones, newest } = await inspectRows(shop.connection, rows, { table, key, order });
    const select = repeats ? newestPerKey(rows, key, columns) : undefined;
    if (select) return { base: await writeGroup(shop, select, columns, target), delivered, setAside };
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
 * A full load in flat Parquet is read where it lies, through casts: no copy. Only where pseudonyms are to be made
 * is it written anew.
 */
async function replaceDms(
  shop: Workshop,
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
  const raw = await dmsColumns(shop.connection, read);
  await tryCasts(shop.connection, read, raw);
  if (!read.spec.columns.some((column) => column.treatment === 'pseudonym')) {
    return done(await countRows(shop, keys), { kind: 'raw', files: keys, columns: raw });
  }
  const target = stagedKey(table, versionId, 'base');
  const draft = await draftFile(shop.root);
  try {
    const rows = await copyTo(shop.connection, dmsSelect(read, raw), draft.path);
    await draft.publish(target);
    return done(rows, { kind: 'plain', files: [target] });
  } finally {
    await draft.discard();
  }
}
