import type { TableSet } from '../../ports/tables.ts';
import {
  type ApiModel,
  type ApiRelationship,
  type ApiTable,
  ROOT_FIELDS,
  type RootField,
} from '../model/api-table.ts';
import { deriveModel, graphqlName } from '../model/derive-model.ts';
import type { TableWords } from '../model/describe-lake.ts';
import { permissionsOf, togetherOf } from './permissions.ts';
import { type RefersTo, relationshipsOf } from './relationships.ts';
import { joinColumn } from './rules.ts';
import type { Metadata } from './schema.ts';

/** The tables of a role of Hasura's metadata, as Hasura would offer them. */
export function metadataModel(
  metadata: Metadata,
  role: string,
  visible: TableSet,
  words: ReadonlyMap<string, TableWords>,
): ApiModel {
  const refersTo = referencesIn(words);
  const model = new Map<string, ApiTable>();
  for (const [table, derived] of deriveModel(visible, words)) {
    const tracked = metadata.tables.get(table);
    if (!tracked) continue;
    const { configuration } = tracked;
    const name = configuration?.custom_name ?? graphqlName(table);
    const { limit, aggregations, roots } = togetherOf(permissionsOf(metadata, role, table));
    const columns = derived.columns.map((column) => ({
      ...column,
      field: configuration?.column_config[column.name]?.custom_name ?? column.name,
    }));
    const named: { readonly [root in RootField]: string } = {
      select: name,
      select_by_pk: `${name}_by_pk`,
      select_aggregate: `${name}_aggregate`,
    };
    const open = ROOT_FIELDS.filter((root) => roots === undefined || roots.includes(root));
    model.set(table, {
      ...derived,
      name,
      roots: Object.fromEntries(
        open.map((root) => [root, configuration?.custom_root_fields[root] ?? named[root]]),
      ),
      columns,
      relationships: relationshipsOf(metadata, tracked, refersTo)
        .filter((one) => canJoin(one, table, visible))
        .map((one) => ({
          ...one,
          on: one.on.map(([own, theirs]) => [joinColumn(own), joinColumn(theirs)] as const),
        })),
      ...(limit === undefined ? {} : { limit }),
      aggregations,
    });
  }
  return model;
}

/** Whether the role may read both tables, and the views of both have the columns. */
function canJoin({ to, on }: ApiRelationship, table: string, visible: TableSet): boolean {
  const has = (of: string, name: string) =>
    visible[of]?.columns.some((column) => column.name === joinColumn(name)) ?? false;
  return on.every(([own, theirs]) => has(table, own) && has(to, theirs));
}

/** The references that the catalog knows. */
export const referencesIn =
  (words: ReadonlyMap<string, TableWords>): RefersTo =>
  (table, column) =>
    words.get(table)?.references.find((reference) => reference.column === column);
