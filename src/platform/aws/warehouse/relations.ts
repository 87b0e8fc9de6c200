import type { DataApi } from './data-api.ts';
import { literal } from './sql.ts';

export interface RelationColumn {
  readonly name: string;
  /** As `format_type` spells it. */
  readonly type: string;
  /** Whether a view reads it. */
  readonly isRead: boolean;
}

/** A table or view of the warehouse. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly isTable: boolean;
  readonly columns: readonly RelationColumn[];
}

/**
 * What is in some schemas, by `schema.name`. A view WITH NO SCHEMA BINDING reads by name and binds no column.
 * The catalog is that of PostgreSQL 8: https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html
 */
export async function relationsIn(api: DataApi, schemas: readonly string[]): Promise<Map<string, Relation>> {
  if (schemas.length === 0) return new Map();
  const named = schemas.map(literal).join(', ');
  const rows = await api.run(
    `SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN EXISTS (SELECT 1 FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
                               WHERE d.refobjid = c.oid AND d.refobjsubid = a.attnum AND r.ev_class <> c.oid)
                 THEN 'read' ELSE '' END
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname IN (${named}) AND c.relkind IN ('r', 'v') ORDER BY n.nspname, c.relname, a.attnum`,
  );
  const found = new Map<
    string,
    { schema: string; name: string; isTable: boolean; columns: RelationColumn[] }
  >();
  for (const [schema, name, kind, column, type, read] of rows as string[][]) {
    const key = `${schema}.${name}`;
    const relation = found.get(key) ?? { schema: schema!, name: name!, isTable: kind === 'r', columns: [] };
    relation.columns.push({ name: column!, type: type!, isRead: read === 'read' });
    found.set(key, relation);
  }
  return found;
}
