import type pg from 'pg';
import type { RoleViews } from '../../../../ports/warehouse-access.ts';
import { inQuietMoment, type LockWait } from '../quiet-moment.ts';
import { ident, literal, splitName } from '../sql.ts';
import { ACCESS, GROUP_MARK, groupOf, isLoggedIn, schemaOf } from './names.ts';

interface View {
  readonly schema: string;
  readonly name: string;
  readonly group: string;
  readonly definition: string;
}

interface StandingView {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly definition: string;
  /** Whether the view is still the one that the lake has made. */
  readonly isOurs: boolean;
}

/**
 * Makes a schema for each role with a view for each of its tables, and takes away all others. Views whose definition
 * stays are not touched; those that change are dropped at a moment in which nobody reads them.
 */
export async function keepViews(
  client: pg.Client,
  roles: readonly RoleViews[],
  lockWait: LockWait | undefined,
): Promise<void> {
  const wanted = roles.flatMap(viewsOf);
  await makeGroups(client, roles.map(groupOf));
  const schemas = new Map(wanted.map(({ schema, group }) => [schema, group]));
  await makeSchemas(client, schemas);

  const standing = await standingViews(client);
  const keyOf = ({ schema, name }: { schema: string; name: string }) => ident(schema, name);
  const now = new Map(standing.map((view) => [keyOf(view), view]));
  const wantedBy = new Map(wanted.map((view) => [keyOf(view), view]));
  const stays = (view: StandingView) =>
    view.isOurs && wantedBy.get(keyOf(view))?.definition === view.definition;
  const gone = standing.filter((view) => !stays(view));
  const fresh = wanted.filter((view) => !now.has(keyOf(view)) || gone.includes(now.get(keyOf(view))!));
  const dropped = gone.filter(({ isOurs }) => isOurs);
  if (dropped.length > 0)
    await inQuietMoment(
      client,
      [],
      dropped.map(({ oid }) => oid),
      false,
      async () => {
        for (const view of dropped) await client.query(`DROP VIEW ${keyOf(view)} CASCADE`);
      },
      lockWait,
    );
  for (const { schema, name } of gone)
    await client.query(`DELETE FROM ${ACCESS}.views WHERE schema_name = $1 AND view_name = $2`, [
      schema,
      name,
    ]);
  for (const view of fresh) await makeView(client, view);
  await dropSchemas(client, [...schemas.keys()]);
  await dropGroups(client, roles.map(groupOf));
}

/** OFFSET 0 keeps conditions of the client above the view: below it, a plan could count hidden rows by them. */
function viewsOf(views: RoleViews): View[] {
  return views.tables.map(({ table, select, hidesRows }) => {
    const { schema: database, name } = splitName(table);
    const isOpen = `EXISTS (SELECT FROM ${ACCESS}.logins AS w WHERE ${isLoggedIn(views)})`;
    const definition = `SELECT * FROM (${select}${hidesRows ? ' OFFSET 0' : ''}) AS seen WHERE ${isOpen}`;
    return { schema: schemaOf(views, database), name, group: groupOf(views), definition };
  });
}

async function standingViews(client: pg.Client): Promise<StandingView[]> {
  const { rows } = await client.query<StandingView>(
    `SELECT v.schema_name AS schema, v.view_name AS name, v.oid, v.definition, EXISTS (
              SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.oid = v.oid AND n.nspname = v.schema_name AND c.relname = v.view_name AND c.relkind = 'v'
                 AND c.relowner = '${ACCESS}'::regrole) AS "isOurs"
       FROM ${ACCESS}.views v`,
  );
  return rows;
}

async function makeView(client: pg.Client, { schema, name, group, definition }: View): Promise<void> {
  const view = ident(schema, name);
  // The owner of the view makes it: so nobody has a right by default, and operators are those of PostgreSQL.
  await client.query(`
    SET LOCAL ROLE ${ACCESS};
    SET LOCAL search_path = pg_catalog;
    DROP VIEW IF EXISTS ${view} CASCADE;
    CREATE VIEW ${view} WITH (security_barrier = true) AS ${definition};
    GRANT SELECT ON ${view} TO ${ident(group)};
    RESET ROLE;
    SET LOCAL search_path = DEFAULT;`);
  await client.query(
    `INSERT INTO ${ACCESS}.views VALUES ($1, $2, $3::regclass, $4)
     ON CONFLICT (schema_name, view_name) DO UPDATE SET oid = excluded.oid, definition = excluded.definition`,
    [schema, name, view, definition],
  );
}

async function groups(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = '${GROUP_MARK}'`,
  );
  return rows.map(({ name }) => name);
}

async function makeGroups(client: pg.Client, wanted: readonly string[]): Promise<void> {
  const standing = await groups(client);
  for (const group of wanted.filter((one) => !standing.includes(one)))
    await client.query(
      `CREATE ROLE ${ident(group)} NOLOGIN; COMMENT ON ROLE ${ident(group)} IS ${literal(GROUP_MARK)};
       DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), ${literal(group)}); END $$`,
    );
}

async function dropGroups(client: pg.Client, wanted: readonly string[]): Promise<void> {
  for (const group of (await groups(client)).filter((one) => !wanted.includes(one)))
    await client.query(`DROP OWNED BY ${ident(group)}; DROP ROLE ${ident(group)}`);
}

async function schemaNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspowner = '${ACCESS}'::regrole`,
  );
  return rows.map(({ name }) => name);
}

async function makeSchemas(client: pg.Client, wanted: ReadonlyMap<string, string>): Promise<void> {
  const standing = await schemaNames(client);
  for (const [schema, group] of wanted) {
    if (!standing.includes(schema))
      await client.query(`CREATE SCHEMA ${ident(schema)} AUTHORIZATION ${ACCESS}`);
    await client.query(`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(group)}`);
  }
}

async function dropSchemas(client: pg.Client, wanted: readonly string[]): Promise<void> {
  for (const schema of (await schemaNames(client)).filter((one) => !wanted.includes(one)))
    await client.query(`DROP SCHEMA ${ident(schema)} CASCADE`);
}
