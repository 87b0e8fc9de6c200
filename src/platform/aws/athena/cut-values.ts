import type { StagedColumn, StagedTableSpec } from '../../../ports/staging.ts';
import { cutValuesRefusal } from '../../../staging/cut-values.ts';
import type { EngineContext } from './engine-context.ts';
import { RawDataError } from './errors.ts';
import type { LoadFooters } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { ident, tableName } from './sql-text.ts';
import type { TableAddress } from './storage.ts';

type Footers = Pick<LoadFooters, 'columns' | 'largest'>;

/**
 * The columns of a load in which a value may be as long as one that was cut. The footers say so of most: a value is
 * never longer than the column chunk that holds it.
 */
export function mayBeCut(spec: StagedTableSpec, { columns, largest }: Footers): StagedColumn[] {
  const { lobLimit } = spec;
  if (lobLimit === undefined) return [];
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return spec.columns.filter(({ source, absent }) => {
    const type = types.get(source);
    const isText = type === 'varchar' || type === 'varbinary';
    return !absent && isText && (largest.get(source) ?? 0) >= lobLimit;
  });
}

/**
 * Refuses a load with a value that may have been cut.
 * @param place the files of the load as a table
 * @throws RawDataError that names the columns and how many of their values are too long
 */
export async function refuseCutValues(
  context: EngineContext,
  spec: StagedTableSpec,
  footers: Footers,
  place: TableAddress,
): Promise<void> {
  const suspects = mayBeCut(spec, footers);
  if (suspects.length === 0) return;
  const types = new Map(footers.columns.map(({ name, type }) => [name, type]));
  const counts = suspects.map(({ source }, i) => {
    const name = ident(source.toLowerCase());
    const bytes = types.get(source) === 'varchar' ? `to_utf8(${name})` : name;
    return `count_if(length(${bytes}) >= ${spec.lobLimit}) AS m${i}`;
  });
  const options = { doing: `Measuring the long values of ${spec.table}`, about: spec.table };
  const row = await firstRow(context, `SELECT ${counts.join(', ')} FROM ${tableName(place)}`, options);
  const refused = cutValuesRefusal(
    spec,
    suspects.map(({ source }, i) => [source, Number(row[`m${i}`] ?? 0)] as const),
  );
  if (refused) throw new RawDataError(refused.message, { about: spec.table, hint: refused.hint });
}
