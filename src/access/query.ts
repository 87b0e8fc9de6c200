import type { QueryOptions, QueryResult, Reader } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import { authorize } from './authorize.ts';

/** What a SELECT needs of a lake. */
export interface Queried extends Uses<'session' | 'access'> {
  readonly platform: { readonly engine: Pick<Reader, 'query'> };
}

/**
 * Runs a SELECT as the lake's session over those of the tables that it may read.
 * @throws as `Reader.query` does
 */
export async function queryTables(
  lake: Queried,
  select: string,
  tables: TableSet,
  options?: QueryOptions,
): Promise<QueryResult> {
  return lake.platform.engine.query(select, await authorize(lake, 'query', tables), options);
}
