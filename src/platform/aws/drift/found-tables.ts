import type { Table } from '@aws-sdk/client-glue';
import type { FoundTable } from '../../../ports/drift.ts';

/**
 * What the crawler's tables say. Their names are made up by Glue where two folders are called the same; where the
 * files lie says which table it is: `s3://bucket/raw/sis/<load>/<schema>/<table>/`.
 * @param root URI of the folder that was crawled, `/` at the end
 */
export function foundTables(tables: readonly Table[], root: string): FoundTable[] {
  return tables.flatMap(({ StorageDescriptor: { Location = '', Columns = [] } = {} }) => {
    if (!Location.startsWith(root)) return [];
    const [schema, table] = Location.slice(root.length).split('/');
    if (!schema || !table) return [];
    return [
      { schema, table, columns: Columns.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type })) },
    ];
  });
}
