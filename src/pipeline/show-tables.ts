import { resolve } from 'node:path';
import type { Campus, Catalog } from '../campus/campus.ts';
import { CURATED } from '../models/model.ts';
import { modelColumns } from '../models/model-columns.ts';
import type { Platform } from '../ports/platform.ts';
import type { Housekeeper } from '../ports/query-engine.ts';
import type { TableSet } from '../ports/tables.ts';
import { columnClasses } from '../privacy/column-classes.ts';
import type { Publication } from './publication.ts';

interface Needs {
  readonly campus: Pick<Campus, 'root' | 'models' | 'sources' | 'aws'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly platform: Pick<Platform, 'guard'> & { readonly engine: Pick<Housekeeper, 'show'> };
}

/**
 * Makes the tables by which other programs know the lake show these versions, and no others. Where somebody guards
 * them, a column whose class has changed is marked before, so that nobody sees new rows by an old class; what only
 * comes into being by being shown is marked after, and hidden until then. Classes are those of the model's file as it
 * is; where that cannot be read, those of the version that is shown.
 */
export async function showTables(
  { campus, catalog, platform }: Needs,
  tables: TableSet,
  facts: Publication['facts'],
): Promise<void> {
  const { engine, guard } = platform;
  const built = Object.entries(facts).flatMap(([table, { header }]) =>
    header ? [{ table, columns: header.columns }] : [],
  );
  const hasRoles = Object.keys(campus.aws?.access?.groups ?? {}).length > 0;
  const classes = guard
    ? columnClasses(
        tables,
        catalog,
        [...built, ...(await modelColumns(resolve(campus.root, campus.models)))],
        { hasRoles },
      )
    : [];
  await guard?.classify(classes);
  await engine.show(tables, [...Object.keys(campus.sources), CURATED]);
  await guard?.classify(classes);
}
