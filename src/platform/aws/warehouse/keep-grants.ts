import type { DataApi } from './data-api.ts';
import { ident, literal } from './sql.ts';

/**
 * The statements that give new tables the rights which people have granted on those that they will replace.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html
 * @param tables `schema`, `name` of the new tables, and the schema in which they wait
 */
export async function grantsToKeep(
  api: DataApi,
  tables: readonly { readonly schema: string; readonly name: string; readonly waitsIn: string }[],
): Promise<string[]> {
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  if (schemas.length === 0) return [];
  const named = schemas.map(literal).join(', ');
  const onSchemas = await api.run(
    `SELECT namespace_name, privilege_type, identity_type, identity_name FROM svv_schema_privileges
      WHERE namespace_name IN (${named}) ORDER BY 1, 2, 3, 4`,
  );
  const onTables = await api.run(
    `SELECT namespace_name, relation_name, privilege_type, identity_type, identity_name
       FROM svv_relation_privileges WHERE namespace_name IN (${named}) ORDER BY 1, 2, 3, 4, 5`,
  );
  const waiting = new Map(
    tables.map(({ schema, name, waitsIn }) => [`${schema}.${name}`, ident(waitsIn, name)]),
  );
  const newSchema = new Map(tables.map(({ schema, waitsIn }) => [schema, ident(waitsIn)]));
  return [
    ...onSchemas.map(([schema, right, type, who]) =>
      grant(right, `SCHEMA ${newSchema.get(schema!)}`, type, who),
    ),
    ...onTables.flatMap(([schema, table, right, type, who]) => {
      const target = waiting.get(`${schema}.${table}`);
      return target ? [grant(right, target, type, who)] : [];
    }),
  ];
}

/** Grants a right to a user, a group, a role or everybody. */
function grant(
  right: string | null | undefined,
  target: string,
  type: string | null | undefined,
  who: string | null | undefined,
): string {
  const kind = type === 'group' ? 'GROUP ' : type === 'role' ? 'ROLE ' : '';
  const to = type === 'public' ? 'PUBLIC' : `${kind}${ident(who ?? '')}`;
  return `GRANT ${right} ON ${target} TO ${to}`;
}
