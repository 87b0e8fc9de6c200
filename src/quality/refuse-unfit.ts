import { unfitness } from '../campus/check-types.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { UnfitCheckError } from './errors.ts';
import type { TableCheck } from './table-check.ts';

/** @throws UnfitCheckError for a check that cannot be evaluated over the columns that the tables have */
export function refuseUnfit(
  { table, columns }: TableVersion,
  checks: readonly TableCheck[],
  tables: TableSet,
): void {
  for (const { name, check } of checks) {
    const reason = unfitness(check, columns, (other) => tables[other]?.columns);
    if (reason !== undefined)
      throw new UnfitCheckError(`${table}: the check ${name} cannot be evaluated: ${reason}.`, {
        about: table,
        hint: 'correct it where it is written: in the catalog, or in the header of the model',
      });
  }
}
