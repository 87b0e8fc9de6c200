import type { ParsedStatement } from '../sql/parse.ts';
import type { Header } from './header.ts';

/** One SELECT in `models/`, which makes one curated table, and what its header comment says of it. */
export interface Model extends Header {
  /** The file's name without `.sql`; the table is `campus.<name>`. */
  readonly name: string;
  readonly table: string;
  /** As people name it: relative where it can be. */
  readonly file: string;
  /** The whole file, so that lines and columns are the author's. */
  readonly text: string;
  readonly statement: ParsedStatement;
}

/** The database of the curated tables. */
export const CURATED = 'campus';

/** The one-row table by which a model learns how far the lake has been loaded; models never ask for the time. */
export const RUN_TABLE = 'ops.run';

/** Its columns. */
export const RUN_COLUMNS = [
  { name: 'run', type: 'varchar' },
  { name: 'as_of', type: 'timestamp' },
  { name: 'as_of_date', type: 'date' },
  { name: 'time_zone', type: 'varchar' },
] as const;
