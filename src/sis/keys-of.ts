import { treatmentOf } from '../campus/treatment.ts';
import { keyFamily } from '../loads/key-sum.ts';
import type { TableKey } from '../ports/replication.ts';
import type { Uses } from '../ports/step.ts';

/**
 * The keys of a SIS's datasets of whose values the source and the staged table can both make a sum. A key of
 * pseudonyms is none: the source does not know them.
 */
export function keysOf({ campus, catalog }: Uses<'campus' | 'catalog'>, source: string): TableKey[] {
  return catalog.of(source).flatMap(({ namespace: schema, table, key, columns }) => {
    const found = key.map((name) => columns.find((column) => column.name === name)!);
    const isSummable = found.every(
      (column) => treatmentOf(campus, column) === 'keep' && keyFamily(column.type) !== undefined,
    );
    if (found.length === 0 || !isSummable) return [];
    return [{ schema, table, columns: found.map((column) => column.source ?? column.name) }];
  });
}
