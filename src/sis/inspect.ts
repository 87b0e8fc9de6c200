import type { SisEncoding } from '../campus/sis-encodings.ts';
import { inUtf8 } from './encoding.ts';
import type { SisConnection } from './session.ts';

/** A table or view of the SIS as its database describes it. */
export interface SisTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly SisColumn[];
  /** What the database says of it. */
  readonly comment?: string;
  /** Columns of the primary key, in its order. Empty: it has none. */
  readonly key: readonly string[];
  /** The planner's estimate; -1 where the table was never analysed. */
  readonly estimatedRows: number;
  /** Pages on disk at its last VACUUM or ANALYZE; 0 for a view and for the root of a partitioned table. */
  readonly pages: number;
  /** Other tables inherit from it, and are no partitions: they are tables of their own. Default: false. */
  readonly hasHeirs?: boolean;
}

export interface SisColumn {
  readonly name: string;
  /** As `format_type` writes it (`numeric(5,2)`); of a domain, the type beneath it. */
  readonly type: string;
  readonly nullable: boolean;
  readonly comment?: string;
}

/**
 * Every table and view outside of the system schemas (or of the given ones), by schema and name. Partitions are
 * left out: their root stands for them. One query, whatever the number of tables, and one that waits for no lock on any of
 * them.
 */
export async function inspectSis(
  connection: SisConnection,
  options: { schemas?: readonly string[]; encoding?: SisEncoding } = {},
): Promise<SisTable[]> {
  const { rows } = await connection.query(inspection(options.encoding), [options.schemas ?? null]);
  return (rows as InspectedRow[]).map((row) => ({
    schema: row.schema,
    name: row.name,
    kind: row.kind,
    columns: row.columns.map(({ comment, ...column }) =>
      comment === null ? column : { ...column, comment },
    ),
    key: row.key,
    estimatedRows: Number(row.rows),
    pages: Number(row.pages),
    ...(row.heirs ? { hasHeirs: true } : {}),
    ...(row.comment === null ? {} : { comment: row.comment }),
  }));
}

interface InspectedRow {
  schema: string;
  name: string;
  kind: 'table' | 'view';
  columns: { name: string; type: string; nullable: boolean; comment: string | null }[];
  key: string[];
  rows: string;
  pages: string;
  heirs: boolean;
  comment: string | null;
}

/** A comment of a database that does not know its encoding can hold what is no UTF-8, and is no reason to fail. */
function readable(comment: string, encoding: SisEncoding | undefined): string {
  const known = encoding
    ? inUtf8(comment, encoding)
    : `regexp_replace(${comment}, '[^\\x01-\\x7F]', '?', 'g')`;
  return `CASE WHEN getdatabaseencoding() = 'SQL_ASCII' THEN ${known} ELSE ${comment} END`;
}

/** A domain can stand on a domain: walk down to the type beneath, keeping the outermost size that is given. */
const inspection = (encoding: SisEncoding | undefined) => `
WITH RECURSIVE beneath AS (
  SELECT t.oid AS domain, t.typbasetype AS base, t.typtypmod AS size FROM pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT b.domain, t.typbasetype, CASE WHEN b.size >= 0 THEN b.size ELSE t.typtypmod END
  FROM beneath b JOIN pg_type t ON t.oid = b.base AND t.typtype = 'd'
), domains AS (
  SELECT b.domain, b.base, b.size FROM beneath b JOIN pg_type t ON t.oid = b.base AND t.typtype <> 'd'
), tables AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, c.relpages, c.relhassubclass
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND ($1::text[] IS NULL OR n.nspname = ANY ($1))
), columns AS (
  SELECT a.attrelid, json_agg(json_build_object(
    'name', a.attname,
    'type', format_type(coalesce(d.base, a.atttypid), coalesce(d.size, a.atttypmod)),
    'nullable', NOT a.attnotnull,
    'comment', ${readable('col_description(a.attrelid, a.attnum)', encoding)}) ORDER BY a.attnum) AS list
  FROM pg_attribute a LEFT JOIN domains d ON d.domain = a.atttypid
  WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT oid FROM tables)
  GROUP BY a.attrelid
), keys AS (
  SELECT i.indrelid, array_agg(a.attname::text ORDER BY k.place) AS list
  FROM pg_index i
  CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indisprimary AND k.place <= i.indnkeyatts
  GROUP BY i.indrelid
)
SELECT t.nspname AS schema, t.relname AS name,
  CASE WHEN t.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind,
  coalesce(c.list, '[]') AS columns, coalesce(k.list, '{}') AS key, t.reltuples::bigint AS rows,
  CASE WHEN t.relkind = 'r' THEN t.relpages ELSE 0 END AS pages,
  t.relkind IN ('r', 'f') AND t.relhassubclass AS heirs,
  ${readable("obj_description(t.oid, 'pg_class')", encoding)} AS comment
FROM tables t LEFT JOIN columns c ON c.attrelid = t.oid LEFT JOIN keys k ON k.indrelid = t.oid
ORDER BY t.nspname, t.relname`;
