import type { GlueClient } from '@aws-sdk/client-glue';
import type { LakeFormationClient, Permission, Resource } from '@aws-sdk/client-lakeformation';
import type { Json } from '../../../json.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import type { Clock } from '../../../ports/platform.ts';
import type { ReachedAccess } from '../../../state/work-documents.ts';
import { listTables } from '../athena/glue-tables.ts';
import { changeGrants } from './change-grants.ts';
import { AccessModeError } from './errors.ts';
import { type Granted, listGrants } from './list-grants.ts';

/** Who decides on tables: Lake Formation for those who are opted in and IAM for the rest, or Lake Formation alone. */
export type GuardedMode = ReachedAccess['mode'];

export interface AccessModeOptions {
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly ledger: LedgerStore;
  readonly clock: Clock;
  /** The account, which is the catalog's id. */
  readonly catalog: string;
  /** Glue databases of the lake, by their whole names. */
  readonly databases: readonly string[];
  readonly mode: GuardedMode;
  /** ARNs of those who read by grants of their own: they must have them before IAM opens nothing any more. */
  readonly readers: readonly string[];
}

/** Key of the record that says which mode was reached, and verified. */
export const REACHED_ACCESS = 'access/mode';

/** Lake Formation's name for "whoever IAM lets": with it on a table, tags and grants of that table decide nothing. */
const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';

/**
 * Makes the mode true of every database and table that there is: new ones, restored ones, and those of the time before
 * the mode was chosen, which Lake Formation leaves open until somebody revokes what IAM gives. Revoked last, when the
 * grants of the pipeline and of the readers are there; then listed again, and recorded. Repeating it changes nothing.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/upgrade-glue-lake-formation.html
 * @returns how many databases and tables were changed
 * @throws AccessModeError where grants are missing (nothing was changed) or where something is not as the mode says
 */
export async function reachAccessMode(options: AccessModeOptions): Promise<{ changed: number }> {
  const before = await read(options);
  requireGrants(options, before);
  const closing = options.mode === 'lake-formation';
  const wrong = closing ? openIn(before) : await closedIn(options, before);
  await changeGrants(options, closing ? 'revoke' : 'grant', EVERYBODY, wrong);
  const after = wrong.length === 0 ? before : await read(options);
  const left = closing ? openIn(after) : await closedIn(options, after);
  if (left.length > 0) throw notReached(options, left);
  await record(options, wrong.length);
  return { changed: wrong.length };
}

/**
 * What IAM opens in these databases, as `the database campus` and `campus.students`; as far as the caller may see it.
 */
export async function openToIam(options: Pick<AccessModeOptions, 'lakeFormation' | 'catalog' | 'databases'>) {
  return openIn(await read(options)).map(nameOf);
}

/** What of the catalog is granted to whom, in databases of the lake. */
async function read({
  lakeFormation,
  catalog,
  databases,
}: Pick<AccessModeOptions, 'lakeFormation' | 'catalog' | 'databases'>): Promise<Granted[]> {
  const all = await listGrants(lakeFormation, catalog);
  return all.filter(({ database }) => databases.includes(database));
}

const openIn = (granted: readonly Granted[]): Change[] =>
  granted.filter(({ principal }) => principal === EVERYBODY);

/** A database or table, and what is given or taken on it. */
export type Change = Pick<Granted, 'database' | 'table' | 'resource' | 'permissions'>;

/** Databases and tables that IAM does not open. */
async function closedIn(
  { glue, catalog, databases }: AccessModeOptions,
  granted: readonly Granted[],
): Promise<Change[]> {
  const open = new Set(openIn(granted).map(nameOf));
  const permissions: Permission[] = ['ALL'];
  const found: Change[] = [];
  for (const database of databases) {
    const resource: Resource = { Database: { CatalogId: catalog, Name: database } };
    found.push({ database, resource, permissions });
    for (const { Name: table = '' } of await listTables(glue, database)) {
      const on: Resource = { Table: { CatalogId: catalog, DatabaseName: database, Name: table } };
      found.push({ database, table, resource: on, permissions });
    }
  }
  return found.filter((one) => !open.has(nameOf(one)));
}

/**
 * Grants come before what they replace is taken away. That those of the pipeline are listed for each database also
 * tells that it is let see who has what: a list that it may not see is empty, and would look like the end of the work.
 */
function requireGrants({ mode, databases, readers }: AccessModeOptions, granted: readonly Granted[]): void {
  if (mode !== 'lake-formation') return;
  const own = granted.filter(({ principal }) => principal !== EVERYBODY);
  const missing = databases.flatMap((database) => {
    const here = own.filter((one) => one.database === database);
    if (!here.some(({ isAllTables }) => isAllTables)) return [`the pipeline on the tables of ${database}`];
    return readers
      .filter((reader) => !here.some(({ principal, table }) => principal === reader && table === undefined))
      .map((reader) => `${reader} on ${database}`);
  });
  const [first] = missing;
  if (!first) return;
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  throw new AccessModeError(
    `Nothing was taken from IAM: Lake Formation lists no grant of ${first}${others}. Tables that were open stay open`,
    {
      about: 'lake-formation',
      hint: 'Deploy the access stack (npx cdk deploy --all), then run again. Where it is deployed, destroy it and deploy it again: docs/runbook.md.',
    },
  );
}

function notReached({ mode }: AccessModeOptions, left: readonly Change[]): AccessModeError {
  const is = mode === 'lake-formation' ? 'still open to IAM' : 'still closed to IAM';
  const others = left.length > 1 ? ` and ${left.length - 1} more` : '';
  return new AccessModeError(`aws.access.mode is ${mode}, and ${nameOf(left[0]!)} is ${is}${others}`, {
    about: 'lake-formation',
    hint: 'Run again. If it stays so, an administrator of Lake Formation must change it: docs/deploy.md, "Change the access mode".',
  });
}

async function record({ ledger, clock, mode }: AccessModeOptions, changed: number): Promise<void> {
  const had = await ledger.read<Json>(REACHED_ACCESS);
  const known = had?.value as unknown as ReachedAccess | undefined;
  if (known?.mode === mode && changed === 0) return;
  const value: ReachedAccess = { mode, at: clock.now(), changed };
  await ledger.write<Json>(REACHED_ACCESS, value, had?.version);
}

const nameOf = ({ database, table }: Pick<Granted, 'database' | 'table'>): string =>
  table === undefined ? `the database ${database}` : `${database}.${table}`;
