import type { MappedTable } from '../../../sis/mapping/evaluate.ts';
import { ident, text } from '../duckdb/sql-text.ts';
import { crossing, type Manner } from './column-sql.ts';
import type { Misfits } from './misfits.ts';
import type { PageRange } from './parts.ts';

/** How a part is read: how its values cross, and how long its lines may be. */
export interface Reading {
  readonly manner: Manner;
  readonly lines: keyof typeof LINES;
  /** The columns whose values are left empty where the lake's type cannot hold them. Default: none. */
  readonly aside?: readonly Misfits[];
}

/**
 * Row groups of DuckDB's own default size, or smaller ones where rows are long: what is held until it is written. A
 * dictionary is given up early: columns of codes keep theirs, and for the others it would cost a fifth of the time.
 */
const PARQUET =
  "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '64MB', DICTIONARY_SIZE_LIMIT 2000";
/**
 * Bytes of the longest line, and of the buffers it is read into. Usual: DuckDB's own. A table with longer values is
 * read with the largest that fit into the replicator's memory.
 */
const LINES = {
  usual: { longest: 2 << 20, buffer: 32 << 20 },
  long: { longest: 96 << 20, buffer: 96 << 20 },
} as const;

/**
 * What PostgreSQL is asked for: the columns and rows that the mappings let through, so that nothing else leaves the
 * server. In COPY's own text format, which costs the server a third less than CSV.
 */
export function copyStatement(
  table: MappedTable,
  { manner, aside = [] }: Pick<Reading, 'manner' | 'aside'>,
  pages?: PageRange,
): string {
  const columns = [
    ...companion(table),
    ...table.columns.map((column) => {
      const { select } = crossing(column, manner);
      const misfits = aside.find((one) => one.column === column);
      return misfits ? `CASE WHEN ${misfits.condition} THEN NULL ELSE ${select} END` : select;
    }),
  ];
  return `COPY (SELECT ${columns.join(', ')} FROM ${fromClause(table, pages)}) TO STDOUT`;
}

/** The table and the condition for the rows of a part that the mappings let through: the text after FROM. */
export function fromClause(table: MappedTable, pages?: PageRange): string {
  const conditions = [...(table.filter ? [`(${table.filter})`] : []), ...pageConditions(pages)];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  // Tables that inherit from it are tables of their own; the rows of a partitioned one are in its partitions.
  const only = table.source.hasHeirs ? 'ONLY ' : '';
  return `${only}${ident(table.source.schema)}.${ident(table.source.name)}${where}`;
}

/**
 * A column before the others. A table of one column has empty lines where its text is empty, and DuckDB skips those;
 * and of a text that a stream begins with it would take U+FEFF for a mark of the encoding and drop it.
 */
function companion({ columns }: MappedTable): string[] {
  return columns.length === 1 || columns[0]?.travel.lake === 'varchar' ? ['1'] : [];
}

/** The last range is open: the snapshot can hold rows of pages that were added since the size was read. */
function pageConditions(pages: PageRange | undefined): string[] {
  if (!pages) return [];
  const from = pages.from > 0 ? [`ctid >= '(${pages.from},0)'`] : [];
  return pages.to === undefined ? from : [...from, `ctid < '(${pages.to},0)'`];
}

/** What DuckDB is asked for: the stream at a path into a Parquet file at another. */
export function parquetStatement(table: MappedTable, reading: Reading, from: string, to: string): string {
  const crossings = table.columns.map((column) => crossing(column, reading.manner));
  const declared = [
    ...companion(table).map(() => `'companion': 'INTEGER'`),
    ...crossings.map((one, i) => `'c${i}': ${text(one.readAs)}`),
  ];
  const select = crossings.map((one, i) => `${one.finish(`c${i}`)} AS ${ident(table.columns[i]!.name)}`);
  const { longest, buffer } = LINES[reading.lines];
  const read =
    `read_csv(${text(from)}, auto_detect=false, header=false, delim='\t', quote='', escape='', new_line='\\n', ` +
    `nullstr='\\N', max_line_size=${longest}, ` +
    `buffer_size=${buffer}, columns={${declared.join(', ')}})`;
  return `COPY (SELECT ${select.join(', ')} FROM ${read}) TO ${text(to)} (${PARQUET})`;
}
