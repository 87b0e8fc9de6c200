import type pg from 'pg';
import { OWNER } from './database.ts';
import { INTERNAL } from './registry.ts';
import type { Structure } from './structure.ts';

/** A table that the lake serves, or that waits to be served again. */
export interface ServedTable extends Structure {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Place of each column in the catalog. */
  readonly places: Readonly<Record<string, number>>;
  readonly keyOid?: number;
  readonly keyName?: string;
}

/** Comment on the schemas that an earlier form of the load made: all tables there were its own. */
const LOADED = 'loaded by campus-lake';

/**
 * The tables that loads have made, by `schema.name`: those that are served, and those that wait out of sight because
 * no publication has had them lately.
 */
export async function servedTables(
  client: pg.Client,
): Promise<{ shown: Map<string, ServedTable>; waiting: Map<string, ServedTable> }> {
  await client.query(
    `INSERT INTO ${INTERNAL}.served
     SELECT n.nspname, c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE obj_description(n.oid, 'pg_namespace') = $1 AND n.nspname !~ '__(new|old_[0-9]+)$'
        AND c.relkind = 'r' AND c.relowner = $2::regrole
     ON CONFLICT DO NOTHING`,
    [LOADED, OWNER],
  );
  await client.query(
    `DO $$ DECLARE s text; BEGIN
       FOR s IN SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = '${LOADED}'
                   AND nspname !~ '__(new|old_[0-9]+)$' LOOP
         EXECUTE format('COMMENT ON SCHEMA %I IS NULL', s);
       END LOOP; END $$`,
  );
  const { rows } = await client.query<ServedTable & { served: string; isShown: boolean }>(READ);
  const pick = (isShown: boolean) =>
    new Map(rows.filter((row) => row.isShown === isShown).map((row) => [row.served, row]));
  return { shown: pick(true), waiting: pick(false) };
}

const READ = `
  SELECT format('%s.%s', s.schema_name, s.table_name) AS served, s.schema_name AS schema, s.table_name AS name,
         n.nspname <> '${INTERNAL}' AS "isShown", c.oid,
         (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull)
                          ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
         (SELECT json_object_agg(attname, attnum) FROM pg_attribute
           WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS places,
         coalesce((SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(p.conkey) WITH ORDINALITY k(attnum, place)
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum), '[]') AS key,
         p.oid AS "keyOid", p.conname AS "keyName"
    FROM ${INTERNAL}.served s
    JOIN pg_class c ON c.oid = s.oid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
   WHERE n.nspname = '${INTERNAL}' OR (n.nspname = s.schema_name AND c.relname = s.table_name)`;

/** What else has the name of a table to be served: somebody's view or table. */
export async function occupants(
  client: pg.Client,
  tables: readonly { readonly schema: string; readonly name: string }[],
): Promise<{ oid: number; schema: string; name: string; word: string }[]> {
  const { rows } = await client.query<{ oid: number; schema: string; name: string; word: string }>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name,
            CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                           WHEN 'i' THEN 'INDEX' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word
       FROM unnest($1::text[], $2::text[]) w(schema, name)
       JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
  return rows;
}

/** Schemas of an earlier form of the load, which copied every table, with their tables. */
export async function leftovers(
  client: pg.Client,
): Promise<{ schema: string; tables: { oid: number; name: string }[] }[]> {
  const { rows } = await client.query<{ schema: string; tables: { oid: number; name: string }[] }>(
    `SELECT n.nspname AS schema,
            coalesce(json_agg(json_build_object('oid', c.oid::int8, 'name', c.relname)) FILTER (WHERE c.oid IS NOT NULL), '[]') AS tables
       FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
      WHERE n.nspname ~ '__(new|old_[0-9]+)$' AND obj_description(n.oid, 'pg_namespace') = '${LOADED}'
      GROUP BY n.nspname`,
  );
  return rows;
}

/** The name under which a table waits while it is not served. */
export const waitingName = (table: ServedTable): string => `table_${table.oid}`;
