import { queryTables } from '../../access/query.ts';
import { publicationOf } from '../../pipeline/published.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { METRICS } from '../metrics.ts';

type Needs = Uses<'session' | 'access' | 'ledger' | 'objects' | 'engine'>;

/** The tables of the publication that people see and the ledger's, and up to when its data are known (epoch ms). */
export async function publishedTables(lake: Needs): Promise<{ tables: TableSet; asOf: number | undefined }> {
  const { tables, asOf } = await publicationOf(lake);
  const { engine, ledger } = lake.platform;
  const ops = METRICS.flatMap(({ reads }) => reads).filter((table) => table.startsWith('ops.'));
  return {
    tables: { ...tables, ...(await engine.opsTables(ledger, ops)) },
    asOf: asOf === undefined ? undefined : Date.parse(asOf),
  };
}

/** All rows of a SELECT of the lake's own, as the session may see them. */
export async function rowsOf(lake: Needs, tables: TableSet, select: string): Promise<Cell[][]> {
  const { batches } = await queryTables(lake, select, tables, { isOwn: true });
  const all: Cell[][] = [];
  for await (const rows of batches()) all.push(...rows);
  return all;
}
