import type { StockDuckDb } from '../../src/app/export/dbt-project.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { stockSelect, stockSetUp, stockViews } from '../../src/platform/local/duckdb/stock.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';

/** How a DuckDB that is not the lake's own reads the lake of this campus. */
export const stockDuckDb = ({ campus }: Pick<LoadedCampus, 'campus'>): StockDuckDb => ({
  select: stockSelect,
  setUp: stockSetUp,
  views: (tables) => stockViews(lakeFolders(campus).root, tables),
});
