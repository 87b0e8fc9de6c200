import { resolve } from 'node:path';
import { modelColumns } from '../models/model-columns.ts';
import type { TableSet } from '../platform/ports/tables.ts';
import { columnClasses } from '../privacy/column-classes.ts';
import type { Lake } from '../step.ts';

/**
 * Makes the tables by which other programs know the lake show these versions. Where somebody guards them, a column
 * whose class has changed is marked before, so that nobody sees new rows by an old class; what only comes into being
 * by being shown is marked after, and hidden until then.
 */
export async function showTables({ campus, catalog, platform }: Lake, tables: TableSet): Promise<void> {
  const { engine, guard } = platform;
  const classes = guard
    ? columnClasses(tables, catalog, await modelColumns(resolve(campus.root, campus.models)))
    : [];
  await guard?.classify(classes);
  await engine.show?.(tables);
  await guard?.classify(classes);
}
