import { Link } from 'wouter-preact';

export const datasetPath = (table: string): string => `/datasets/${encodeURIComponent(table)}`;
export const runPath = (run: string): string => `/runs/${encodeURIComponent(run)}`;

/** A query that runs when its page opens. */
export const queryPath = (sql: string): string => `/query?run=1&sql=${encodeURIComponent(sql)}`;

export const TableLink = ({ table }: { table: string }) => (
  <Link href={datasetPath(table)} class="name">
    {table}
  </Link>
);

/** A number, and the rows behind it. */
export const RowsLink = ({ sql, children }: { sql: string; children: string }) => (
  <Link href={queryPath(sql)} title="the rows behind this number">
    {children}
  </Link>
);

/** A text as a literal of SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
