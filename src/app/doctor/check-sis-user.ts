import type { CatalogDataset } from '../../campus/campus.ts';
import type { SisSourceConfig } from '../../campus/campus-schema.ts';
import { treatmentOf } from '../../campus/treatment.ts';
import { connectSis } from '../../sis/session.ts';
import { whyUnfit } from '../../sis/unfit.ts';
import { count, type DoctorContext, type Finding, fail, ok, some, warn } from './finding.ts';

const USER = `
SELECT r.rolsuper AS super, pg_database_size(d.oid) AS bytes, r.rolconnlimit AS role, d.datconnlimit AS database,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS server,
  (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = current_user AND a.pid <> pg_backend_pid())::int AS by_role,
  (SELECT count(*) FROM pg_stat_activity a WHERE a.datname = d.datname AND a.pid <> pg_backend_pid())::int AS by_database,
  (SELECT count(*) FROM pg_stat_activity a WHERE a.datid IS NOT NULL AND a.pid <> pg_backend_pid())::int AS by_all,
  pg_encoding_to_char(d.encoding) = 'SQL_ASCII' AS ascii
FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

/** `unread`: the columns that the user may not read, of tables that it may not read as a whole. */
const TABLES = `
SELECT n.nspname AS schema, c.relname AS name, a.columns, a.unread,
  has_schema_privilege(n.oid, 'USAGE') AS enters,
  has_table_privilege(c.oid, 'SELECT') AS reads,
  has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes,
  row_security_active(c.oid) AS hidden
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT coalesce(json_agg(attname) FILTER (WHERE attname IS NOT NULL), '[]') AS columns,
    coalesce(json_agg(attname) FILTER (WHERE NOT has_column_privilege(c.oid, attnum, 'SELECT')), '[]') AS unread
  FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
) a
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

interface User {
  readonly super: boolean;
  readonly bytes: string;
  /** Limits of connections, -1 for none, and how many are in use. */
  readonly role: number;
  readonly database: number;
  readonly server: number;
  readonly by_role: number;
  readonly by_database: number;
  readonly by_all: number;
  /** The database does not know the encoding of its texts. */
  readonly ascii: boolean;
}

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly unread: readonly string[];
  readonly enters: boolean;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly hidden: boolean;
}

/**
 * Whether the user of the SIS may read everything that the catalog wants, sees every row, and may write nothing: what a
 * run will find, by the same rules.
 */
export async function checkSisUser(
  context: DoctorContext,
  name: string,
  config: SisSourceConfig,
): Promise<Finding[]> {
  const connection = await connectSis(config, await context.secrets.get(config.password), context.signal);
  let user: User;
  let tables: Table[];
  try {
    user = (await connection.query(USER)).rows[0] as User;
    tables = (await connection.query(TABLES)).rows as Table[];
  } finally {
    await connection.end();
  }
  context.expectedBytes += Number(user.bytes);
  const findings = [
    ...tableFindings(context, name, config, tables),
    ...writeFindings(name, config, user, tables),
    ...connectionFindings(name, config, user, context.readersOf(config) + 1),
    ...(user.ascii && config.encoding === undefined
      ? [
          warn(
            name,
            'the database is in SQL_ASCII: a table with texts that are neither ASCII nor UTF-8 will fail',
            `set sources.${name}.encoding, such as WIN1252`,
          ),
        ]
      : []),
  ];
  if (findings.length === 0)
    findings.push(ok(name, `the user ${config.user} may read what is loaded, and may write nothing`));
  return [...findings, ...encryption(name, config)];
}

function tableFindings(
  { campus, catalog }: DoctorContext,
  name: string,
  { user, database }: SisSourceConfig,
  tables: readonly Table[],
): Finding[] {
  const there = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]));
  const absent: CatalogDataset[] = [];
  const closed: string[] = [];
  const unreadable: string[] = [];
  const hidden: string[] = [];
  const unfit: string[] = [];
  for (const dataset of catalog.of(name)) {
    const id = `${dataset.namespace}.${dataset.table}`;
    const table = there.get(id);
    if (!table) {
      absent.push(dataset);
      continue;
    }
    const kept = dataset.columns
      .filter((column) => treatmentOf(campus, column) !== 'exclude')
      .map((column) => column.source ?? column.name);
    const missing = kept.filter((column) => table.unread.includes(column));
    if (!table.enters) closed.push(id);
    else if (missing.length > 0)
      unreadable.push(missing.length === kept.length ? id : `${id} (${missing.join(', ')})`);
    if (table.hidden) hidden.push(id);
    const why = whyUnfit({ ...table, columns: kept.map((column) => ({ name: column })) });
    if (why) unfit.push(`${id}: ${why}`);
  }
  const findings: Finding[] = [];
  const schemas = new Set(tables.map(({ schema }) => schema));
  const gone = [...new Set(absent.map(({ namespace }) => namespace))].filter(
    (schema) => !schemas.has(schema),
  );
  if (gone.length > 0)
    findings.push(
      fail(
        name,
        `the database ${database} has no table in ${some(gone)}, where the catalog has ${count(absent.filter((d) => gone.includes(d.namespace)).length, 'table')}`,
        `check sources.${name}.database and namespace: in the catalog`,
      ),
    );
  const single = absent.filter(({ namespace }) => schemas.has(namespace));
  if (single.length > 0)
    findings.push(
      fail(
        name,
        `${some(single.map(({ id }) => id))}: in the catalog, and not at the source`,
        'set load: off on them, or ask what has become of them',
      ),
    );
  if (closed.length > 0)
    findings.push(
      fail(
        name,
        `the user ${user} may not enter the schema of ${some(closed)}`,
        `GRANT USAGE ON SCHEMA … TO ${user}`,
      ),
    );
  if (unreadable.length > 0)
    findings.push(
      fail(
        name,
        `the user ${user} may not read ${some(unreadable)}`,
        `GRANT SELECT ON … TO ${user}, or leave the columns behind, or set load: off`,
      ),
    );
  if (hidden.length > 0)
    findings.push(
      fail(
        name,
        `row security hides rows of ${some(hidden)} from the user ${user}: a run does not load them`,
        `ALTER ROLE ${user} BYPASSRLS, or set load: off on them`,
      ),
    );
  if (unfit.length > 0)
    findings.push(
      fail(
        name,
        `cannot be loaded as they are made: ${unfit.join('; ')}`,
        'leave one of the columns behind, or set load: off',
      ),
    );
  return findings;
}

function writeFindings(
  name: string,
  config: SisSourceConfig,
  user: User,
  tables: readonly Table[],
): Finding[] {
  const writable = tables.filter((t) => t.enters && t.writes).map((t) => `${t.schema}.${t.name}`);
  if (!user.super && writable.length === 0) return [];
  return [
    warn(
      name,
      user.super
        ? `the user ${config.user} is a superuser`
        : `the user ${config.user} may write to ${count(writable.length, 'table')}, such as ${some(writable, 2)}`,
      'give the lake a user of its own that may read and nothing else',
    ),
  ];
}

/** One connection holds the snapshot and its locks, the others read. */
function connectionFindings(name: string, config: SisSourceConfig, user: User, needed: number): Finding[] {
  const limits = [
    { of: `the user ${config.user}`, free: user.role < 0 ? Infinity : user.role - user.by_role },
    {
      of: `the database ${config.database}`,
      free: user.database < 0 ? Infinity : user.database - user.by_database,
    },
    { of: 'the server', free: user.server - user.by_all },
  ];
  const tight = limits.reduce((a, b) => (b.free < a.free ? b : a));
  if (user.super || tight.free >= needed) return [];
  const text = `${tight.of} has ${count(Math.max(tight.free, 0), 'connection')} free, and a load takes ${needed}`;
  const hint = `lower sources.${name}.maxConnections, or raise the limit`;
  return [
    tight.free < 2 ? fail(name, `${text}, at least 2`, hint) : warn(name, `${text}: it will be slower`, hint),
  ];
}

function encryption(name: string, { ssl, host }: SisSourceConfig): Finding[] {
  if (ssl === 'verify-full' || /^(localhost|127\.|::1$)/.test(host)) return [];
  const hint = `set sources.${name}.ssl: verify-full, and NODE_EXTRA_CA_CERTS to the campus's own authority if it has one`;
  return ssl === 'disable'
    ? [warn(name, `student data travel unencrypted from ${host}`, hint)]
    : [warn(name, `the connection to ${host} is encrypted, and its certificate is not checked`, hint)];
}
