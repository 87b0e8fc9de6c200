import { InputError } from '../../errors.ts';
import type { ApiRelationship } from '../model/api-table.ts';
import type { Metadata, TableMetadata } from './schema.ts';

/** To which table a column refers. */
export type RefersTo = (
  table: string,
  column: string,
) => { readonly to: string; readonly field: string } | undefined;

/**
 * The relationships that the metadata declares of a table. A foreign key that is named by its column alone is one of the
 * lake's references; where nothing says to which table it refers, the relationship is left out.
 */
export function relationshipsOf(
  { tables }: Metadata,
  table: TableMetadata,
  refersTo: RefersTo,
): ApiRelationship[] {
  const of = (kind: ApiRelationship['kind']) =>
    (kind === 'object' ? table.object_relationships : table.array_relationships).flatMap(
      ({ name, using }): ApiRelationship[] => {
        const manual = using.manual_configuration;
        const constraint = using.foreign_key_constraint_on;
        if (manual)
          return [{ name, kind, to: manual.remote_table, on: Object.entries(manual.column_mapping) }];
        if (constraint === undefined) throw new InputError(`The relationship ${name} says nothing.`);
        if (Array.isArray(constraint)) {
          const on = constraint.map((column) => [column, refersTo(table.table, column)] as const);
          const to = on[0]?.[1]?.to;
          if (to === undefined || on.some(([, reference]) => reference?.to !== to)) return [];
          return [{ name, kind, to, on: on.map(([column, reference]) => [column, reference!.field]) }];
        }
        const columns = constraint.columns ?? [constraint.column ?? ''];
        const on = columns.map((column) => [refersTo(constraint.table, column)?.field, column] as const);
        if (on.some(([own]) => own === undefined)) return [];
        return [{ name, kind, to: constraint.table, on: on as [string, string][] }];
      },
    );
  return [...of('object'), ...of('array')].filter(({ to }) => tables.has(to));
}
