import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';

/**
 * What Redshift keeps of roles, policies, masks and column grants, and how it refuses what does not fit: a second of the
 * same name, a part of something that is not there, an object on which another hangs.
 * Source: https://docs.aws.amazon.com/redshift/latest/dg/, the pages of these statements
 */
export class RedshiftModel {
  readonly client = new RedshiftDataClient({ region: 'us-east-1' });
  readonly statements: string[] = [];
  readonly roles = new Set<string>();
  /** The conditions of policies, by name. */
  readonly policies = new Map<string, string>();
  readonly masks = new Set<string>();
  /** `policy ON table TO grantee`. */
  readonly attached = new Set<string>();
  /** `mask ON table (column) TO role`. */
  readonly masked = new Set<string>();
  readonly isProtected = new Set<string>();
  /** Columns by `table TO role`. */
  readonly grants = new Map<string, string>();
  /** Tables of `lake_access`, and whether they hold rows. */
  readonly copies = new Map<string, boolean>();
  #applied: string[][] = [];
  readonly #ended = new Map<string, { error?: string; rows?: string[][] }>();
  /** The number of the statement before which the process dies. */
  killAt = Number.POSITIVE_INFINITY;
  /** Statements that it refuses. */
  refuses: RegExp = /^$/;
  /** Called after each statement, and each transaction of several. */
  watch: () => void = () => {};

  constructor() {
    this.client.send = ((command: unknown) => this.#send(command)) as RedshiftDataClient['send'];
  }

  /** All that is kept, for comparison. */
  get state() {
    const { roles, policies, masks, attached, masked, isProtected, grants, copies } = this;
    const sorted = (all: Iterable<unknown>) => [...all].map(String).sort();
    return {
      roles: sorted(roles),
      policies: sorted(policies),
      masks: sorted(masks),
      attached: sorted(attached),
      masked: sorted(masked),
      isProtected: sorted(isProtected),
      grants: sorted(grants),
      copies: sorted(copies),
      applied: this.#applied.map((row) => row.join('|')).sort(),
    };
  }

  async #send(command: unknown): Promise<unknown> {
    if (command instanceof ExecuteStatementCommand) return this.#begin([command.input.Sql!]);
    if (command instanceof BatchExecuteStatementCommand) return this.#begin(command.input.Sqls!);
    const { Id } = (command as DescribeStatementCommand).input;
    const { error, rows } = this.#ended.get(Id!)!;
    if (command instanceof DescribeStatementCommand)
      return { Status: error ? 'FAILED' : 'FINISHED', Error: error, HasResultSet: rows !== undefined };
    return { Records: rows!.map((row) => row.map((stringValue) => ({ stringValue }))) };
  }

  #begin(statements: readonly string[]): { Id: string } {
    const Id = String(this.#ended.size);
    let ended: { error?: string; rows?: string[][] } = {};
    if (this.statements.length + statements.length >= this.killAt) throw new Error('killed');
    for (const sql of statements) {
      this.statements.push(sql);
      try {
        if (this.refuses.test(sql)) throw new Error('syntax error');
        const rows = this.#run(sql);
        ended = rows ? { rows } : {};
      } catch (error) {
        ended = { error: `ERROR: ${(error as Error).message}` };
        break;
      }
    }
    if (!ended.error) this.watch();
    this.#ended.set(Id, ended);
    return { Id };
  }

  #run(sql: string): string[][] | undefined {
    for (const [pattern, work] of this.#known) {
      const match = pattern.exec(sql);
      if (match) return work(...match.slice(1).map(String)) ?? undefined;
    }
    throw new Error(`unknown statement: ${sql}`);
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: most statements answer nothing
  readonly #known: readonly (readonly [RegExp, (...parts: string[]) => string[][] | void])[] = [
    [/^CREATE SCHEMA IF NOT EXISTS lake_access$/, () => {}],
    [/^CREATE TABLE IF NOT EXISTS lake_access\.(?:applied|logins) /, () => {}],
    [
      /^CREATE TABLE IF NOT EXISTS (lake_access\.\S+) /,
      (name) => void this.copies.set(name!, this.copies.get(name!) ?? false),
    ],
    [
      /^DROP TABLE (lake_access\.\S+)$/,
      (name) => {
        for (const using of this.policies.values())
          if (using.includes(name!)) throw new Error(`cannot drop ${name}`);
        gone(this.copies.delete(name!), `table ${name}`);
      },
    ],
    [/^DELETE FROM (lake_access\."\S+)$/, (name) => void this.copies.set(name!, false)],
    [/^INSERT INTO (lake_access\."\S+) /, (name) => void this.copies.set(name!, true)],
    [
      /^SELECT tablename FROM pg_tables WHERE schemaname = :schema AND tablename = :name$/,
      () => [['applied']],
    ],
    [
      /^SELECT name, digest, undo FROM lake_access\.applied ORDER BY rank, name, step$/,
      () =>
        this.#applied
          .toSorted(
            (a, b) => Number(a[0]) - Number(b[0]) || compare(a[1]!, b[1]!) || Number(a[3]) - Number(b[3]),
          )
          .map(([, name, digest, , undo]) => [name!, digest!, undo!]),
    ],
    [
      /^INSERT INTO lake_access\.applied .* VALUES (.*)$/,
      (values) => {
        for (const [, ...row] of values!.matchAll(
          /\((\d+), '((?:[^']|'')*)', '([^']*)', (\d+), '((?:[^']|'')*)'\)/g,
        ))
          this.#applied.push(row.map((text) => text!.replaceAll("''", "'")));
      },
    ],
    [
      /^UPDATE lake_access\.applied SET digest = '(.*)' WHERE name = '(.*)'$/,
      (digest, name) => {
        for (const row of this.#applied) if (row[1] === name!.replaceAll("''", "'")) row[2] = digest!;
      },
    ],
    [
      /^DELETE FROM lake_access\.applied WHERE name = '(.*)'$/,
      (name) => {
        this.#applied = this.#applied.filter((row) => row[1] !== name!.replaceAll("''", "'"));
      },
    ],
    [/^CREATE ROLE (\S+)$/, (role) => fresh(this.roles, role!)],
    [
      /^DROP ROLE (\S+) FORCE$/,
      (role) => {
        gone(this.roles.delete(role!), `role ${role}`);
        for (const grant of [...this.grants.keys()])
          if (grant.endsWith(` TO ${role}`)) this.grants.delete(grant);
      },
    ],
    [/^CREATE MASKING POLICY (\S+) WITH /, (mask) => fresh(this.masks, mask!)],
    [
      /^DROP MASKING POLICY (\S+)$/,
      (mask) => {
        if ([...this.masked].some((one) => one.startsWith(`${mask} `))) throw new Error('mask is attached');
        gone(this.masks.delete(mask!), `masking policy ${mask}`);
      },
    ],
    [
      /^CREATE RLS POLICY (\S+) WITH \(.*?\) AS t0 USING \((.*)\)$/,
      (name, using) => {
        if (this.policies.has(name!)) throw new Error(`policy ${name} already exists`);
        this.policies.set(name!, using!);
      },
    ],
    [
      /^DROP RLS POLICY (\S+)$/,
      (name) => {
        if ([...this.attached].some((one) => one.startsWith(`${name} `)))
          throw new Error('policy is attached');
        gone(this.policies.delete(name!), `RLS policy ${name}`);
      },
    ],
    [
      /^GRANT SELECT ON (lake_access\.\S+) TO RLS POLICY (\S+)$/,
      (_, name) => gone(this.policies.has(name!), `RLS policy ${name}`),
    ],
    [
      /^ATTACH RLS POLICY (\S+) ON (\S+) TO (?:ROLE )?(\S+)$/,
      (name, table, grantee) => {
        gone(this.policies.has(name!), `RLS policy ${name}`);
        if (grantee !== '"dashboard"') gone(this.roles.has(grantee!), `role ${grantee}`);
        fresh(this.attached, `${name} ON ${table} TO ${grantee}`);
      },
    ],
    [
      /^DETACH RLS POLICY (\S+) ON (\S+) FROM (?:ROLE )?(\S+)$/,
      (name, table, grantee) =>
        gone(this.attached.delete(`${name} ON ${table} TO ${grantee}`), `attached policy ${name}`),
    ],
    [
      /^ATTACH MASKING POLICY (\S+) ON (\S+ \(\S+\)) TO ROLE (\S+) PRIORITY 10$/,
      (mask, on, role) => {
        gone(this.masks.has(mask!), `masking policy ${mask}`);
        fresh(this.masked, `${mask} ON ${on} TO ${role}`);
      },
    ],
    [
      /^DETACH MASKING POLICY (\S+) ON (\S+ \(\S+\)) FROM ROLE (\S+)$/,
      (mask, on, role) => gone(this.masked.delete(`${mask} ON ${on} TO ${role}`), `attached policy ${mask}`),
    ],
    [/^ALTER TABLE (\S+) ROW LEVEL SECURITY ON$/, (table) => void this.isProtected.add(table!)],
    [/^ALTER TABLE (\S+) ROW LEVEL SECURITY OFF$/, (table) => void this.isProtected.delete(table!)],
    [/^GRANT USAGE ON SCHEMA \S+ TO ROLE (\S+)$/, (role) => gone(this.roles.has(role!), `role ${role}`)],
    [
      /^GRANT SELECT \((.*)\) ON (\S+) TO ROLE (\S+)$/,
      (columns, table, role) => {
        gone(this.roles.has(role!), `role ${role}`);
        this.grants.set(`${table} TO ${role}`, columns!);
      },
    ],
    [
      /^REVOKE SELECT \(.*\) ON (\S+) FROM ROLE (\S+)$/,
      (table, role) => {
        gone(this.roles.has(role!), `role ${role}`);
        this.grants.delete(`${table} TO ${role}`);
      },
    ],
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function fresh(all: Set<string>, name: string): void {
  if (all.has(name)) throw new Error(`${name} already exists`);
  all.add(name);
}

function gone(isThere: boolean, what: string): void {
  if (!isThere) throw new Error(`${what} does not exist`);
}
