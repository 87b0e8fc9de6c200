import type { StagedTableSpec } from '../../../ports/staging.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { ADDED_COLUMNS } from '../../../sis/change-columns.ts';
import { RawDataError } from './errors.ts';
import { reportedValue } from './parquet-columns.ts';
import { dapSource, type RawSource, type RawTable, readColumns } from './raw-dap.ts';
import { checkColumns } from './replace-dms.ts';
import { ident } from './sql-text.ts';

/** How raw files that can be merged are read, by their layout. */
export function rawSource(spec: StagedTableSpec, columns: readonly TableColumn[], raw: RawTable): RawSource {
  return spec.layout === 'dap' ? dapSource(spec, columns, raw) : changesSource(spec, columns, raw);
}

/** What tells the order of the records of a layout, as the people who look into the files know it. */
export const orderOf = ({ layout }: StagedTableSpec): string =>
  layout === 'dap' ? 'meta.ts' : ADDED_COLUMNS.sequence;

/** Reads flat Parquet files of DMS where changes flow. Rows of a full load stand before every change. */
function changesSource(spec: StagedTableSpec, columns: readonly TableColumn[], raw: RawTable): RawSource {
  const reported = new Map((raw.reported ?? []).map((column) => [column.name, column]));
  checkColumns(spec, reported);
  const read = readColumns(spec, columns, raw, (_section, name, type) => {
    const found = reported.get(name);
    return found && reportedValue(ident(name.toLowerCase()), found, type);
  });
  const { operation, sequence } = ADDED_COLUMNS;
  const damaged = 'false';
  if (!reported.has(operation)) return { ...read, ts: "''", deleted: 'false', damaged };
  if (!reported.has(sequence)) {
    throw new RawDataError(
      `The changes of ${spec.table} come without the column "${sequence}", so nobody can tell which is newer.`,
      { about: spec.table, hint: 'was the DMS task made by the lake? Its own tasks add the column' },
    );
  }
  const op = ident(operation.toLowerCase());
  const place = `IF(${op} IS NULL, '', nullif(${ident(sequence)}, ''))`;
  return { ...read, ts: `CAST(${place} AS varchar)`, deleted: `coalesce(${op} = 'D', false)`, damaged };
}
