import type { LakeType } from '../../../campus/lake-type.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { convert } from './convert.ts';
import { ident, tableName } from './sql-text.ts';
import { type AthenaStorage, storageOf } from './storage.ts';
import { trinoType } from './types.ts';

/** A SELECT that gives a version's rows with exactly its columns and types. Immutable: it names the snapshot. */
export function versionSelect(version: TableVersion): string {
  const storage = storageOf(version);
  const held = new Map(storage.columns.map(({ name, type }) => [name, type]));
  const list = version.columns.map(
    (column) => `${fromStored(column, held.get(column.name))} AS ${ident(column.name)}`,
  );
  return `SELECT ${list.join(', ')} FROM ${source(storage)}`;
}

/** The table of a version, as FROM names it, with its hidden columns. */
export function source(storage: AthenaStorage): string {
  if (storage.kind === 'files') return tableName(storage.place);
  // Before the first row there is no snapshot; later rows are not this version's.
  return storage.snapshot === null
    ? `(SELECT * FROM ${tableName(storage.place)} WHERE false)`
    : `${tableName(storage.place)} FOR VERSION AS OF ${storage.snapshot}`;
}

/** @param stored the type that the table gives it; undefined: it has no such column */
export function fromStored({ name, type }: TableColumn, stored: LakeType | undefined): string {
  if (stored === undefined) return `CAST(NULL AS ${trinoType(type)})`;
  const own = stored === 'time' ? `CAST(${ident(name)} AS time(6))` : ident(name);
  if (stored !== type) return convert(own, stored, type);
  // Files behind external tables keep milliseconds; Iceberg's microseconds are the lake's.
  return type === 'timestamp' ? `CAST(${own} AS timestamp(6))` : own;
}
