import type pg from 'pg';
import { databaseFault } from '../../../database-fault.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import { ident } from './sql.ts';

/**
 * Gives the new schemas and tables the rights that people have granted on the ones of the same name that they
 * will replace. Runs before the swap.
 */
export async function keepRights(client: pg.Client, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ command: string }>(
    `WITH granted AS (
       SELECT 'SCHEMA' AS kind, n.nspname, NULL AS relname, acl.grantee, acl.privilege_type, acl.is_grantable
         FROM pg_namespace n, aclexplode(n.nspacl) acl
        WHERE n.nspname = ANY ($1)
       UNION ALL
       SELECT 'TABLE', n.nspname, c.relname, acl.grantee, acl.privilege_type, acl.is_grantable
         FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_namespace fresh ON fresh.nspname = n.nspname || '__new'
         JOIN pg_class twin ON twin.relnamespace = fresh.oid AND twin.relname = c.relname,
              aclexplode(c.relacl) acl
        WHERE n.nspname = ANY ($1) AND c.relkind = 'r')
     SELECT format('GRANT %s ON %s %s TO %s%s', privilege_type, kind,
                   concat_ws('.', quote_ident(nspname || '__new'), quote_ident(relname)),
                   CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                   CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS command
       FROM granted
      WHERE grantee <> (SELECT oid FROM pg_roles WHERE rolname = current_user)`,
    [schemas],
  );
  for (const { command } of rows) await client.query(command);
}

/** A view that somebody made over tables of the schemas, outside of them. */
export interface DependentView {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
}

/** Reads the views that would go on showing the old tables after a swap. Their text names tables in full. */
export async function dependentViews(
  client: pg.Client,
  schemas: readonly string[],
): Promise<DependentView[]> {
  await client.query("SET LOCAL search_path = ''");
  const { rows } = await client.query<DependentView>(
    `SELECT DISTINCT vn.nspname AS schema, v.relname AS name, pg_get_viewdef(v.oid) AS definition
       FROM pg_depend d
       JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
       JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
       JOIN pg_namespace vn ON vn.oid = v.relnamespace
       JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
       JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE tn.nspname = ANY ($1) AND vn.nspname <> ALL ($1)`,
    [schemas],
  );
  return rows;
}

/** Makes the views read the tables that bear the names now. @throws when a column they need is gone */
export async function pointViewsAnew(client: pg.Client, views: readonly DependentView[]): Promise<void> {
  for (const { schema, name, definition } of views) {
    try {
      await client.query(`CREATE OR REPLACE VIEW ${ident(schema, name)} AS ${definition}`);
    } catch (cause) {
      const found = databaseFault(cause);
      throw new WarehouseLoadError(`the view ${schema}.${name} does not fit the new tables: ${found}`, {
        about: `${schema}.${name}`,
        hint: 'Alter or drop that view, then run again.',
        cause,
      });
    }
  }
}
