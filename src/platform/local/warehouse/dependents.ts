import type pg from 'pg';
import { databaseFault } from '../../../database-fault.ts';
import { ACCESS } from './access/names.ts';

/** A catalog object, or one column of a table, that is about to change or to go. */
export interface Changing {
  readonly catalog: 'pg_class' | 'pg_constraint';
  readonly oid: number;
  /** 0: all of it. */
  readonly column: number;
}

type Kind = 'view' | 'materialized view' | 'function' | 'policy' | 'constraint' | 'index';

/** Something that people made over a table, as statements that make it again. */
export interface Captured {
  readonly kind: Kind;
  /** With its schema, and for a policy or constraint its table. */
  readonly name: string;
  readonly drop: string;
  readonly create: string;
  /** What `pg_describe_object` needs to take away rights that a new object has by default. */
  readonly rights?: { readonly on: string; readonly catalog: 'pg_class' | 'pg_proc' };
  /** Owner, rights, comments, indexes, in this order. */
  readonly then: readonly string[];
  /** Instead of `create` where that no longer fits: what keeps rows hidden that a policy has hidden. */
  readonly otherwise?: string;
  /** Made by the lake itself: where it no longer fits, it is simply gone. */
  readonly own?: boolean;
}

/** Names begun so are the lake's own references between tables. */
export const OWN_REFERENCE = 'lake_ref_';

/**
 * Everything that hangs on these objects, directly or through others, deepest last: views, functions with a body of
 * SQL, policies, constraints, indexes. What belongs to a table that changes as a whole goes along with it.
 */
export async function capture(client: pg.Client, changing: readonly Changing[]): Promise<Captured[]> {
  if (changing.length === 0) return [];
  // Definitions then name everything in full.
  await client.query("SET LOCAL search_path = ''");
  const { rows } = await client.query<{ catalog: string; oid: number }>(FIND, [
    changing.map(({ catalog }) => catalog),
    changing.map(({ oid }) => oid),
    changing.map(({ column }) => column),
  ]);
  const found: Captured[] = [];
  for (const { catalog, oid } of rows) {
    const query = DEFINITIONS[catalog];
    if (!query) continue;
    const { rows: definitions } = await client.query<Captured>(query, [oid]);
    found.push(...definitions.map(withoutNulls));
  }
  await client.query('SET LOCAL search_path = DEFAULT');
  return found;
}

/** Drops what was captured, from the far end. */
export async function dropCaptured(client: pg.Client, captured: readonly Captured[]): Promise<void> {
  for (const { drop } of captured.toReversed()) await client.query(drop);
}

/**
 * Makes captured objects again, as often as one more of them fits.
 * @returns those that do not fit, with the reason
 */
export async function restore(
  client: pg.Client,
  captured: readonly Captured[],
): Promise<{ captured: Captured; reason: string }[]> {
  let waiting = captured.map((one) => ({ captured: one, reason: '' }));
  for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
    before = waiting.length;
    const left: typeof waiting = [];
    for (const { captured: one } of waiting) {
      const reason = await tryRestore(client, one);
      if (reason !== undefined) left.push({ captured: one, reason });
    }
    waiting = left;
  }
  for (const { captured: one } of waiting) if (one.otherwise) await instead(client, one.otherwise);
  return waiting.filter(({ captured: one }) => !one.own);
}

/** @returns why it could not be made; undefined where it was, or where somebody has made it meanwhile */
async function tryRestore(client: pg.Client, one: Captured): Promise<string | undefined> {
  await client.query('SAVEPOINT restoring');
  try {
    await client.query(one.create);
    if (one.rights) await takeDefaultRights(client, one.rights);
    for (const statement of one.then) await client.query(statement);
    await client.query('RELEASE SAVEPOINT restoring');
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT restoring');
    const { code } = error as { code?: string };
    return code === DUPLICATE_TABLE || code === DUPLICATE_OBJECT ? undefined : databaseFault(error);
  }
}
const DUPLICATE_TABLE = '42P07';
const DUPLICATE_OBJECT = '42710';

/** A policy of a table that is away for now needs nothing instead: nobody reads it. */
async function instead(client: pg.Client, statement: string): Promise<void> {
  await client.query('SAVEPOINT instead');
  await client.query(statement).catch(async (error: { code?: string }) => {
    if (error.code !== UNDEFINED_TABLE) throw error;
    await client.query('ROLLBACK TO SAVEPOINT instead');
  });
}
const UNDEFINED_TABLE = '42P01';

async function takeDefaultRights(
  client: pg.Client,
  { on, catalog }: NonNullable<Captured['rights']>,
): Promise<void> {
  const [acl, owner, letter] =
    catalog === 'pg_class' ? ['relacl', 'relowner', 'r'] : ['proacl', 'proowner', 'f'];
  const cast = catalog === 'pg_class' ? 'regclass' : 'regprocedure';
  const name = on.replace(/^(TABLE|FUNCTION) /, '');
  const { rows } = await client.query<{ who: string }>(
    `SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS who
       FROM ${catalog}, aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner})))
      WHERE oid = $1::${cast} AND grantee <> ${owner}`,
    [name],
  );
  for (const { who } of rows) await client.query(`REVOKE ALL ON ${on} FROM ${who}`);
}

function withoutNulls(captured: Captured): Captured {
  const entries = Object.entries(captured).filter(([, value]) => value !== null && value !== false);
  return Object.fromEntries(entries) as unknown as Captured;
}

const FIND = `
  WITH RECURSIVE hanging(catalog, oid, col, depth, is_start) AS (
    SELECT s.catalog::text, s.oid, s.col, 0, true
      FROM unnest($1::text[], $2::oid[], $3::int[]) AS s(catalog, oid, col)
    UNION
    SELECT n.catalog, n.oid, 0, h.depth + 1, false
      FROM hanging h
      JOIN pg_depend d ON (
             d.refclassid = h.catalog::regclass AND d.refobjid = h.oid AND (h.col = 0 OR d.refobjsubid = h.col))
          OR (h.col = 0 AND h.catalog = 'pg_class' AND d.refclassid = 'pg_type'::regclass
              AND d.refobjid = (SELECT reltype FROM pg_class WHERE pg_class.oid = h.oid))
     CROSS JOIN LATERAL (
       SELECT 'pg_class' AS catalog, ev_class AS oid FROM pg_rewrite
        WHERE d.classid = 'pg_rewrite'::regclass AND pg_rewrite.oid = d.objid AND ev_class <> d.refobjid
       UNION ALL
       SELECT 'pg_proc', d.objid WHERE d.classid = 'pg_proc'::regclass
       UNION ALL
       SELECT 'pg_policy', oid FROM pg_policy
        WHERE d.classid = 'pg_policy'::regclass AND pg_policy.oid = d.objid
          AND NOT (h.col = 0 AND polrelid = h.oid)
       UNION ALL
       SELECT 'pg_constraint', oid FROM pg_constraint
        WHERE d.classid = 'pg_constraint'::regclass AND pg_constraint.oid = d.objid AND contype IN ('f', 'u', 'x', 'c')
          AND NOT (h.col = 0 AND h.catalog = 'pg_class' AND conrelid = h.oid) AND conparentid = 0
       UNION ALL
       SELECT 'pg_class', c.oid FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
        WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
          AND NOT (h.col = 0 AND i.indrelid = h.oid)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND contype IN ('p', 'u', 'x'))
     ) n
     WHERE h.depth < 60)
  SELECT catalog, oid FROM hanging WHERE NOT is_start GROUP BY catalog, oid ORDER BY max(depth), oid`;

const GRANTEE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END";
const OPTION = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";

/** By catalog: what gives the `Captured` of the object with the oid $1. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  pg_class: `
    SELECT 'index' AS kind, format('%s.%s', n.nspname, c.relname) AS name,
           format('DROP INDEX %I.%I', n.nspname, c.relname) AS drop, pg_get_indexdef(c.oid) AS create, NULL::json AS rights,
           to_json(ARRAY(SELECT format('COMMENT ON INDEX %I.%I IS %L', n.nspname, c.relname, obj_description(c.oid, 'pg_class'))
                          WHERE obj_description(c.oid, 'pg_class') IS NOT NULL)) AS then,
           false AS own
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1 AND c.relkind = 'i'
    UNION ALL
    SELECT k.kind, format('%s.%s', n.nspname, c.relname),
           format('DROP %s %I.%I', upper(k.kind), n.nspname, c.relname),
           format('CREATE %s %I.%I %s AS %s', upper(k.kind), n.nspname, c.relname,
                  CASE WHEN c.reloptions IS NULL THEN '' ELSE format('WITH (%s)', array_to_string(c.reloptions, ', ')) END,
                  rtrim(pg_get_viewdef(c.oid), '; ' || chr(10)) ||
                  CASE c.relkind WHEN 'm' THEN ' WITH NO DATA' ELSE '' END),
           json_build_object('on', format('TABLE %I.%I', n.nspname, c.relname), 'catalog', 'pg_class'),
           to_json(
             ARRAY[format('ALTER %s %I.%I OWNER TO %I', upper(k.kind), n.nspname, c.relname, pg_get_userbyid(c.relowner))]
             || ARRAY(SELECT format('GRANT %s ON %I.%I TO %s%s', a.privilege_type, n.nspname, c.relname, ${GRANTEE}, ${OPTION})
                        FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a WHERE a.grantee <> c.relowner)
             || ARRAY(SELECT format('GRANT %s (%I) ON %I.%I TO %s%s', a.privilege_type, t.attname, n.nspname, c.relname, ${GRANTEE}, ${OPTION})
                        FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid AND NOT t.attisdropped)
             || ARRAY(SELECT format('COMMENT ON %s %I.%I IS %L', upper(k.kind), n.nspname, c.relname, obj_description(c.oid, 'pg_class'))
                        WHERE obj_description(c.oid, 'pg_class') IS NOT NULL)
             || ARRAY(SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, t.attname, col_description(c.oid, t.attnum))
                        FROM pg_attribute t WHERE t.attrelid = c.oid AND col_description(c.oid, t.attnum) IS NOT NULL)
             || ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid)),
           pg_get_userbyid(c.relowner) = '${ACCESS}'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
           LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind) k
     WHERE c.oid = $1 AND c.relkind IN ('v', 'm')`,
  pg_proc: `
    SELECT 'function' AS kind, p.oid::regprocedure::text AS name,
           format('DROP %s %s', w.word, p.oid::regprocedure) AS drop, pg_get_functiondef(p.oid) AS create,
           json_build_object('on', format('FUNCTION %s', p.oid::regprocedure), 'catalog', 'pg_proc') AS rights,
           to_json(
             ARRAY[format('ALTER %s %s OWNER TO %I', w.word, p.oid::regprocedure, pg_get_userbyid(p.proowner))]
             || ARRAY(SELECT format('GRANT %s ON %s %s TO %s%s', a.privilege_type, w.word, p.oid::regprocedure, ${GRANTEE}, ${OPTION})
                        FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner)
             || ARRAY(SELECT format('COMMENT ON %s %s IS %L', w.word, p.oid::regprocedure, obj_description(p.oid, 'pg_proc'))
                        WHERE obj_description(p.oid, 'pg_proc') IS NOT NULL)) AS then
      FROM pg_proc p, LATERAL (SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS word) w
     WHERE p.oid = $1 AND p.prokind IN ('f', 'w', 'p')`,
  pg_policy: `
    SELECT 'policy' AS kind, format('%s on %s', p.polname, p.polrelid::regclass) AS name,
           format('DROP POLICY IF EXISTS %I ON %s', p.polname, p.polrelid::regclass) AS drop,
           format('DROP POLICY IF EXISTS %1$I ON %2$s; %3$s%4$s%5$s', p.polname, p.polrelid::regclass, h.head,
                  coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
                  coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) AS create,
           NULL::json AS rights, '[]'::json AS then,
           format('DROP POLICY IF EXISTS %1$I ON %2$s; %3$s%4$s', p.polname, p.polrelid::regclass, h.head,
                  CASE p.polcmd WHEN 'a' THEN ' WITH CHECK (false)' ELSE ' USING (false)' END) AS otherwise
      FROM pg_policy p, LATERAL (
        SELECT format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname, p.polrelid::regclass,
                      CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                      (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ')
                         FROM unnest(p.polroles) r)) AS head) h
     WHERE p.oid = $1`,
  pg_constraint: `
    SELECT 'constraint' AS kind, format('%s on %s', c.conname, c.conrelid::regclass) AS name,
           format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', c.conrelid::regclass, c.conname) AS drop,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS create,
           NULL::json AS rights, '[]'::json AS then,
           c.contype = 'f' AND starts_with(c.conname::text, '${OWN_REFERENCE}') AS own
      FROM pg_constraint c WHERE c.oid = $1`,
};
