import { authorize } from '../access/authorize.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import type { ListedTable } from '../ports/warehouse.ts';
import { describedTables } from './described-tables.ts';
import { notesOf } from './notes.ts';

/** Databases whose tables dashboards see: the models. Sources and `ops` stay in the lake. */
const SERVED = ['campus'];

/** Makes the warehouse show the curated tables of a publication; repeating it changes nothing. */
export async function loadWarehouse(
  lake: Uses<'campus' | 'session' | 'features' | 'report' | 'warehouse'>,
  publication: {
    readonly id: string;
    readonly tables: TableSet;
    /** Rows of `mart.lake_tables`. */
    readonly listed: readonly ListedTable[];
  },
  budget?: WaitBudget,
): Promise<{ rows: number; tables: number }> {
  const tables = servedTables(publication.tables);
  const described = await describedTables(lake);
  const { rows, remarks = [] } = await lake.platform.warehouse.load(
    publication.id,
    await authorize(lake, 'serve', tables),
    publication.listed,
    notesOf(described, tables),
    budget,
  );
  for (const remark of remarks) lake.report.note('warehouse', remark);
  return { rows, tables: Object.keys(tables).length };
}

/** The tables of a publication that the warehouse serves. */
function servedTables(tables: TableSet): TableSet {
  return Object.fromEntries(
    Object.entries(tables).filter(([name]) => SERVED.includes(name.slice(0, name.indexOf('.')))),
  );
}
