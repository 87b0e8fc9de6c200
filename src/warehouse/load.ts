import { authorize } from '../access/authorize.ts';
import { lookupColumns } from '../access/lookup-columns.ts';
import type { AccessPolicy, KnownTables } from '../access/policy.ts';
import { warehouseAccess } from '../access/warehouse-access.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import type { ListedTable } from '../ports/warehouse.ts';
import type { WarehouseAccess } from '../ports/warehouse-access.ts';
import { describedTables } from './described-tables.ts';
import { notesOf } from './notes.ts';
import { redshiftAccess } from './redshift-access.ts';

/** Databases whose tables dashboards see: the models. Sources and `ops` stay in the lake. */
const SERVED = ['campus'];

/** The access policy, and the tables that it is about. */
interface Policy {
  readonly policy: AccessPolicy;
  readonly known: KnownTables;
}

/**
 * Makes the warehouse show the curated tables of a publication, and hold to the access policy; repeating it changes
 * nothing.
 * @param policy absent: there is none
 */
export async function loadWarehouse(
  lake: Uses<'campus' | 'session' | 'features' | 'report' | 'warehouse'>,
  publication: {
    readonly id: string;
    readonly tables: TableSet;
    /** Rows of `mart.lake_tables`. */
    readonly listed: readonly ListedTable[];
  },
  budget?: WaitBudget,
  policy?: Policy,
): Promise<{ rows: number; tables: number }> {
  const tables = servedTables(publication.tables);
  const described = await describedTables(lake);
  const { rows, remarks = [] } = await lake.platform.warehouse.load(
    publication.id,
    await authorize(lake, 'serve', tables),
    publication.listed,
    notesOf(described, tables),
    budget,
    policy && (await accessTo(lake, publication.tables, tables, policy)),
  );
  for (const remark of remarks) lake.report.note('warehouse', remark);
  return { rows, tables: Object.keys(tables).length };
}

/** The policy for a warehouse, with the tables of the publication that its rules ask and the warehouse does not serve. */
async function accessTo(
  lake: Uses<'session'>,
  published: TableSet,
  served: TableSet,
  { policy, known }: Policy,
): Promise<WarehouseAccess> {
  const columns = lookupColumns(policy, Object.keys(served));
  const asked = Object.entries(published).filter(
    ([table]) => columns.has(table) && !Object.hasOwn(served, table),
  );
  const lookups = await authorize(lake, 'serve', Object.fromEntries(asked));
  return {
    ...warehouseAccess(policy, known, lookups, columns),
    redshift: (tables, reader) => redshiftAccess(policy, known, tables, reader),
  };
}

/** The tables of a publication that the warehouse serves. */
export function servedTables(tables: TableSet): TableSet {
  return Object.fromEntries(
    Object.entries(tables).filter(([name]) => SERVED.includes(name.slice(0, name.indexOf('.')))),
  );
}
