import type { SisSourceConfig } from '../../src/campus/campus-schema.ts';
import { connectSis } from '../../src/sis/session.ts';
import { count, type Finding, fail, ok, type Patient, some, warn } from './finding.ts';

const USER = `
SELECT rolsuper AS super, rolbypassrls AS bypass, rolconnlimit AS limit, pg_database_size(current_database()) AS bytes
FROM pg_roles WHERE rolname = current_user`;

const TABLES = `
SELECT n.nspname AS schema, c.relname AS name,
  has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS reads,
  has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes,
  row_security_active(c.oid) AS hidden
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

interface User {
  readonly super: boolean;
  readonly bypass: boolean;
  readonly limit: number;
  readonly bytes: string;
}

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly hidden: boolean;
}

/** The user of the SIS may read everything that the catalog wants, sees every row, and may write nothing. */
export async function checkSisUser(
  patient: Patient,
  name: string,
  config: SisSourceConfig,
): Promise<Finding[]> {
  const connection = await connectSis(config, await patient.secrets.get(config.password));
  let user: User;
  let tables: Table[];
  try {
    user = (await connection.query(USER)).rows[0] as User;
    tables = (await connection.query(TABLES)).rows as Table[];
  } finally {
    await connection.end();
  }
  patient.expectedBytes += Number(user.bytes);
  const wanted = new Set(patient.catalog.of(name).map((d) => `${d.namespace}.${d.table}`));
  const named = (list: readonly Table[]) => list.map((t) => `${t.schema}.${t.name}`);
  const mine = tables.filter((t) => wanted.has(`${t.schema}.${t.name}`));
  const unreadable = named(mine.filter((t) => !t.reads));
  const hidden = named(mine.filter((t) => t.hidden));
  const writable = named(tables.filter((t) => t.writes));
  const findings: Finding[] = [];

  if (unreadable.length > 0)
    findings.push(
      fail(
        name,
        `the user ${config.user} may not read ${some(unreadable)}`,
        `GRANT USAGE ON SCHEMA … and GRANT SELECT ON … TO ${config.user}, or set load: off on them`,
      ),
    );
  if (hidden.length > 0)
    findings.push(
      fail(
        name,
        `row security hides rows of ${some(hidden)} from the user ${config.user}`,
        `ALTER ROLE ${config.user} BYPASSRLS, or load them knowing that rows are missing`,
      ),
    );
  if (user.super || writable.length > 0)
    findings.push(
      warn(
        name,
        user.super
          ? `the user ${config.user} is a superuser`
          : `the user ${config.user} may write to ${count(writable.length, 'table')}, such as ${some(writable, 2)}`,
        'give the lake a user of its own that may read and nothing else',
      ),
    );
  if (config.connections !== undefined && user.limit >= 0 && user.limit <= config.connections)
    findings.push(
      warn(
        name,
        `the user ${config.user} may open ${user.limit} connections, and a load needs ${config.connections + 1}`,
        `lower sources.${name}.connections, or ALTER ROLE ${config.user} CONNECTION LIMIT …`,
      ),
    );
  if (findings.length === 0)
    findings.push(ok(name, `the user ${config.user} may read what is loaded, and may write nothing`));
  return [...findings, ...encryption(name, config)];
}

function encryption(name: string, { ssl, host }: SisSourceConfig): Finding[] {
  if (ssl === 'verify-full' || /^(localhost|127\.|::1$)/.test(host)) return [];
  const hint = `set sources.${name}.ssl: verify-full, and NODE_EXTRA_CA_CERTS to the campus's own authority if it has one`;
  return ssl === 'disable'
    ? [warn(name, `student data travel unencrypted from ${host}`, hint)]
    : [warn(name, `the connection to ${host} is encrypted, and its certificate is not checked`, hint)];
}
