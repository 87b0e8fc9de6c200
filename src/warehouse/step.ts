import type { Json } from '../json.ts';
import type { TableSet } from '../platform/ports.ts';
import type { Lake, Step } from '../step.ts';

/** Databases whose tables dashboards see: the models. Sources and `ops` stay in the lake. */
const SERVED = ['campus'];

export type LoadWarehouseInput = {
  readonly run: string;
  readonly publication: { readonly id: string; readonly tables: { [table: string]: Json } };
};

export type LoadWarehouseOutput = { readonly rows: number; readonly tables: number };

/** Makes the warehouse show the curated tables of a publication. Repeating it changes nothing. */
export const loadWarehouse: Step<LoadWarehouseInput, LoadWarehouseOutput> = {
  name: 'load-warehouse',
  async run({ publication }, lake: Lake) {
    const tables = servedTables(publication.tables as unknown as TableSet);
    const { rows, remarks = [] } = await lake.platform.warehouse.load(publication.id, tables);
    for (const remark of remarks) lake.report.note('warehouse', remark);
    return { rows, tables: Object.keys(tables).length };
  },
};

/** The tables of a publication that the warehouse serves. */
export function servedTables(tables: TableSet): TableSet {
  return Object.fromEntries(
    Object.entries(tables).filter(([name]) => SERVED.includes(name.slice(0, name.indexOf('.')))),
  );
}
