import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { MappedTable } from '../../../../sis/mapping/evaluate.ts';

/** A table whose changes can be captured. */
export interface Followed {
  readonly table: MappedTable;
  /** As it is written in requests: `schema.table` at the source. */
  readonly name: string;
  /** Columns of the lake's key, by their names at the source. */
  readonly key: readonly string[];
  /**
   * The columns that leave the server: copied ones, those of its row filter and its replica identity. Absent: all
   * columns do, as with REPLICA IDENTITY FULL they must.
   */
  readonly columns?: readonly string[];
  /** Changes with it when the table, or what the mappings make of it, does. */
  readonly shape: string;
}

export interface Followable {
  readonly followed: readonly Followed[];
  /** By `schema.table`, why the changes of a table cannot be captured: it is copied whole. */
  readonly unfit: ReadonlyMap<string, string>;
}

interface Identity {
  readonly schema: string;
  readonly name: string;
  /** `d` primary key, `i` an index, `f` the whole row, `n` nothing. */
  readonly identity: string;
  readonly logged: boolean;
  readonly foreign: boolean;
  readonly columns: string[] | null;
  readonly generated: string[] | null;
  /** The table itself and its partitions, with type and default of older rows of each column. */
  readonly layout: string;
}

/** The replica identity of a partitioned table is that of its partitions, which have its primary key. */
const IDENTITIES = `
SELECT n.nspname AS schema, c.relname AS name, c.relreplident AS identity, c.relpersistence = 'p' AS logged,
  c.relkind = 'f' AS foreign,
  (SELECT array_agg(a.attname::text) FROM pg_index i JOIN pg_attribute a
     ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
   WHERE i.indrelid = c.oid AND i.indisvalid
     AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END) AS columns,
  (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated <> '') AS generated,
  c.oid || CASE WHEN c.relkind = 'p'
     THEN (SELECT string_agg(' ' || relid::oid, '' ORDER BY relid::oid) FROM pg_partition_tree(c.oid)) ELSE '' END || ': ' ||
  (SELECT string_agg(format('%s %s %s %s', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
     a.attmissingval::text), ', ' ORDER BY a.attnum)
   FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS layout
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f')`;

/**
 * Which of the tables can be followed. A publication must not hold a table without a replica identity: the server would
 * refuse every UPDATE and DELETE of it.
 * @param keys of each table as the lake has it, by `schema.table`
 */
export async function followable(
  client: pg.Client,
  tables: readonly MappedTable[],
  keys: Readonly<Record<string, readonly string[]>>,
): Promise<Followable> {
  const { rows } = await client.query<Identity>(IDENTITIES);
  const identities = new Map(rows.map((row) => [nameOf(row), row]));
  const followed: Followed[] = [];
  const unfit = new Map<string, string>();
  for (const table of tables) {
    const name = nameOf(table.source);
    const found = identities.get(name);
    const key = keys[name] ?? table.source.key;
    const reason = whyNot(table, found, key);
    if (reason !== undefined || !found) {
      unfit.set(name, reason ?? 'it is no table');
      continue;
    }
    const columns =
      found.identity === 'f'
        ? undefined
        : table.source.columns
            .map((column) => column.name)
            .filter(
              (column) =>
                table.columns.some(({ source }) => source === column) ||
                found.columns?.includes(column) ||
                table.filter !== undefined,
            );
    const shape = digest([found.layout, table.columns, table.filter ?? '', table.schema, table.name, key]);
    followed.push({ table, name, key, ...(columns ? { columns } : {}), shape });
  }
  return { followed, unfit };
}

function whyNot(table: MappedTable, found: Identity | undefined, key: readonly string[]): string | undefined {
  if (!found || found.foreign) return 'it is no table of this database';
  if (!found.logged) return 'it is UNLOGGED';
  if (key.length === 0) return 'it has no key';
  const generated = table.columns.find(({ source }) => found.generated?.includes(source));
  if (generated) return `its column ${generated.source} is generated, and the log does not have it`;
  if (table.columns.some(({ encoding }) => encoding !== undefined))
    return 'the encoding of its texts is unknown';
  if (found.identity === 'f') return undefined;
  if (!found.columns) return 'it has no replica identity: no primary key, or REPLICA IDENTITY NOTHING';
  const outside = key.find((column) => !found.columns!.includes(column));
  return outside === undefined
    ? undefined
    : `the key column ${outside} is not in its replica identity, so removals would not say which row`;
}

const digest = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;
