import type { RedshiftStatements, RedshiftUnit } from '../../../ports/warehouse-access.ts';
import { type DataApi, StatementError } from './data-api.ts';
import { inBatches } from './fill-tables.ts';
import { literal } from './sql.ts';

/** Where the warehouse keeps who has which login, and what of the policy is made. */
const SCHEMA = 'lake_access';
const APPLIED = `${SCHEMA}.applied`;

/** The digest of a unit that is being made or taken away. */
const UNFINISHED = '-';

/** What of the policy the warehouse holds to before a load, and the way to go on with it afterwards. */
export interface Closed {
  /** Names of the units that stand as they are wanted. */
  readonly standing: ReadonlySet<string>;
  /** Copies what rules ask: in the transaction that shows new rows. */
  readonly refresh: readonly string[];
}

const NOTHING: Closed = { standing: new Set(), refresh: [] };

/**
 * Takes away what the policy, or the columns of a table, do not want as it is, and makes the copies of what rules ask:
 * before the rows are replaced. What is taken away is closed until `openAccess`.
 * @param access absent: there is no policy any more, and nothing of one is left
 */
export async function closeAccess(api: DataApi, access: RedshiftStatements | undefined): Promise<Closed> {
  if (!access) {
    const found = await api.run(
      'SELECT tablename FROM pg_tables WHERE schemaname = :schema AND tablename = :name',
      { schema: SCHEMA, name: 'applied' },
    );
    if (found.length > 0) for (const one of (await applied(api)).reverse()) await takeAway(api, one);
    return NOTHING;
  }
  await inBatches(api, [
    ...access.base,
    `CREATE TABLE IF NOT EXISTS ${APPLIED} (rank integer NOT NULL, name varchar(1024) NOT NULL, digest varchar(64) NOT NULL, step integer NOT NULL, undo varchar(65535) NOT NULL)`,
  ]);
  const wanted = new Map([...access.copies, ...access.units].map((unit) => [unit.name, unit]));
  const standing = new Set<string>();
  for (const one of (await applied(api)).reverse()) {
    if (wanted.get(one.name)?.digest === one.digest) standing.add(one.name);
    else await takeAway(api, one);
  }
  for (const copy of access.copies) {
    if (standing.has(copy.name)) continue;
    await make(api, copy);
    standing.add(copy.name);
  }
  return { standing, refresh: access.refresh };
}

/**
 * Makes what is missing of the policy. What Redshift refuses stays closed, and so does what needs it.
 * @param isFilled whether the copies of what rules ask are those of the rows that are shown
 * @returns remarks on what is not opened
 */
export async function openAccess(
  api: DataApi,
  access: RedshiftStatements | undefined,
  { standing }: Closed,
  isFilled: boolean,
): Promise<string[]> {
  if (!access) return [];
  const missing = access.units.filter(({ name }) => !standing.has(name));
  // Of an empty copy a rule with `not in` shows every row. Pairs of statements, so that no transaction ends between two.
  if (missing.length > 0 && !isFilled) await inBatches(api, access.refresh);
  const refused = new Set<string>();
  const remarks: string[] = [];
  for (const unit of access.units) {
    if (standing.has(unit.name)) continue;
    const needed = unit.needs.find((name) => refused.has(name));
    const why = needed === undefined ? await made(api, unit) : `${needed} is missing`;
    if (why === undefined) continue;
    refused.add(unit.name);
    if (unit.opens) {
      const { role, purpose, table } = unit.opens;
      remarks.push(`${table} is not open to the role ${role} (${purpose}) in the warehouse: ${why}`);
    }
  }
  return [...remarks, ...unsaid(access)];
}

/** @returns why it is not made */
async function made(api: DataApi, unit: RedshiftUnit): Promise<string | undefined> {
  try {
    await make(api, unit);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await takeAway(api, { name: unit.name, digest: UNFINISHED, undo: unit.undo });
    return error.message;
  }
}

/** How it is taken away is written down first, so that a load that is broken off leaves nothing that nobody knows. */
async function make(
  api: DataApi,
  { name, rank, digest, make: statements, undo }: RedshiftUnit,
): Promise<void> {
  const rows = undo.map(
    (statement, step) =>
      `(${rank}, ${literal(name)}, ${literal(UNFINISHED)}, ${step}, ${literal(statement)})`,
  );
  await api.run(`INSERT INTO ${APPLIED} (rank, name, digest, step, undo) VALUES ${rows.join(', ')}`);
  // One by one: whether Redshift takes them in one transaction, it does not say.
  for (const statement of statements) await api.run(statement);
  await api.run(`UPDATE ${APPLIED} SET digest = ${literal(digest)} WHERE name = ${literal(name)}`);
}

interface Applied {
  readonly name: string;
  readonly digest: string;
  readonly undo: readonly string[];
}

/** In the order in which they were made. */
async function applied(api: DataApi): Promise<Applied[]> {
  const rows = await api.run(`SELECT name, digest, undo FROM ${APPLIED} ORDER BY rank, name, step`);
  const found = new Map<string, { name: string; digest: string; undo: string[] }>();
  for (const [name, digest, undo] of rows as string[][]) {
    const one = found.get(name!) ?? { name: name!, digest: digest!, undo: [] };
    one.undo.push(undo!);
    found.set(name!, one);
  }
  return [...found.values()];
}

/** Parts of it that are not there are gone already. */
async function takeAway(api: DataApi, { name, digest, undo }: Applied): Promise<void> {
  if (digest !== UNFINISHED)
    await api.run(`UPDATE ${APPLIED} SET digest = ${literal(UNFINISHED)} WHERE name = ${literal(name)}`);
  for (const statement of undo) {
    try {
      await api.run(statement);
    } catch (error) {
      if (!(error instanceof StatementError) || !isAbsent(error)) throw error;
    }
  }
  await api.run(`DELETE FROM ${APPLIED} WHERE name = ${literal(name)}`);
}

const isAbsent = ({ cause }: StatementError): boolean =>
  /does not exist|not attached|not found|no such/i.test((cause as Error).message);

/** One remark a role. */
function unsaid({ notOpened }: RedshiftStatements): string[] {
  const roles = new Map<string, string[]>();
  for (const { role, purpose, table } of notOpened) {
    const of = `${role} (${purpose})`;
    roles.set(of, [...(roles.get(of) ?? []), table]);
  }
  return [...roles].map(
    ([role, tables]) =>
      `the role ${role} does not see ${tables.join(', ')} in the warehouse: its rules ask for what is not there`,
  );
}
