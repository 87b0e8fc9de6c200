import { authorize } from '../access/authorize.ts';
import type { Parameter } from '../ports/parameter.ts';
import type { Cell } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';

type Asked = Uses<'session' | 'access' | 'ledger' | 'engine'>;

/** What is asked of one table of the ledger. */
export interface OpsQuestion {
  /** `ops.<name>` */
  readonly table: string;
  /** A SELECT in Athena's SQL over that table alone. */
  readonly select: string;
  /** Values of the names in it. Default: none. */
  readonly parameters?: readonly Parameter[];
}

/**
 * Rows of a table of the ledger, by the names of their columns.
 * @returns undefined where the session may not read the table
 */
export async function opsRows(
  lake: Asked,
  { table, select, parameters }: OpsQuestion,
): Promise<{ readonly [column: string]: Cell }[] | undefined> {
  const { engine, ledger } = lake.platform;
  const from = await authorize(lake, 'query', await engine.opsTables(ledger, [table]));
  if (!from.tables[table]) return undefined;
  const { columns, batches } = await engine.query(select, from, { isOwn: true, parameters });
  const names = columns.map(({ name }) => name);
  const rows: { [column: string]: Cell }[] = [];
  for await (const batch of batches())
    for (const cells of batch)
      rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])));
  return rows;
}

/** Whether the session may read a table of the ledger. */
export async function mayReadOps(lake: Asked, table: string): Promise<boolean> {
  const { engine, ledger } = lake.platform;
  const tables = await engine.opsTables(ledger, []);
  return (await authorize(lake, 'describe', tables)).tables[table] !== undefined;
}

/** A timestamp of the ledger as ISO 8601 UTC. */
export const instantOf = (cell: Cell | undefined): string | undefined =>
  typeof cell === 'string' && cell !== '' ? new Date(`${cell.replace(' ', 'T')}Z`).toISOString() : undefined;

/** A count of the ledger. */
export const countOf = (cell: Cell | undefined): number | undefined =>
  cell === null || cell === undefined ? undefined : Number(cell);
