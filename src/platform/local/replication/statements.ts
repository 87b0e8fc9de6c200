import type { MappedTable } from '../../../sis/mapping/evaluate.ts';
import { ident, text } from '../duckdb/sql-text.ts';
import { crossing, type Manner } from './column-sql.ts';
import type { PageRange } from './parts.ts';

/** Row groups of DuckDB's own default size: what one core holds uncompressed before it writes. */
const ROW_GROUP_ROWS = 122_880;
/** DuckDB's own limit on a line, and what a table with longer values is read with. Such a line is held in memory. */
const LONGEST_LINE = { swift: 2 << 20, careful: 128 << 20 } as const;
const LINES_IN_BUFFER = { swift: 16, careful: 2 } as const;

/**
 * What PostgreSQL is asked for: the columns and rows that the mappings let through, so that nothing else leaves the
 * server, as CSV.
 */
export function copyStatement(table: MappedTable, manner: Manner, pages?: PageRange): string {
  const columns = [...companion(table), ...table.columns.map((column) => crossing(column, manner).select)];
  const conditions = [...(table.filter ? [`(${table.filter})`] : []), ...pageConditions(pages)];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const from = `${ident(table.source.schema)}.${ident(table.source.name)}`;
  return `COPY (SELECT ${columns.join(', ')} FROM ${from}${where}) TO STDOUT (FORMAT csv)`;
}

/** A table of one column would have empty lines where it is empty, and a reader of CSV skips those. */
function companion(table: MappedTable): string[] {
  return table.columns.length === 1 ? ['1'] : [];
}

/** The last range is open: the snapshot can hold rows of pages that were added since the size was read. */
function pageConditions(pages: PageRange | undefined): string[] {
  if (!pages) return [];
  const from = pages.from > 0 ? [`ctid >= '(${pages.from},0)'`] : [];
  return pages.to === undefined ? from : [...from, `ctid < '(${pages.to},0)'`];
}

/** What DuckDB is asked for: the stream at a path into a Parquet file at another. */
export function parquetStatement(table: MappedTable, manner: Manner, from: string, to: string): string {
  const crossings = table.columns.map((column) => crossing(column, manner));
  const declared = [
    ...companion(table).map(() => `'companion': 'INTEGER'`),
    ...crossings.map((one, i) => `'c${i}': ${text(one.readAs)}`),
  ];
  const select = crossings.map((one, i) => `${one.finish(`c${i}`)} AS ${ident(table.columns[i]!.name)}`);
  const line = LONGEST_LINE[manner];
  const read =
    `read_csv(${text(from)}, auto_detect=false, header=false, delim=',', quote='"', escape='"', new_line='\\n', ` +
    `nullstr='', allow_quoted_nulls=false, max_line_size=${line}, ` +
    `buffer_size=${line * LINES_IN_BUFFER[manner]}, columns={${declared.join(', ')}})`;
  return (
    `COPY (SELECT ${select.join(', ')} FROM ${read}) TO ${text(to)} ` +
    `(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`
  );
}
