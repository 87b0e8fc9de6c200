import type { PolicyRole } from '../../access/policy.ts';
import { noRole } from '../../access/rules.ts';
import { tableAccess } from '../../access/table-access.ts';
import { shownText } from '../../campus/masks.ts';
import { didYouMean, oneOf } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { OpenPolicy } from '../../pipeline/open-policy.ts';

/** What a role sees of a table, in the words of access.yaml. */
export interface ExplainedTable {
  readonly table: string;
  readonly role: string;
  readonly purpose: string;
  /** The condition that its rows meet, or `all`. Absent: the table does not exist for the role. */
  readonly rows?: string;
  /** The line that decides, such as `access.yaml:12`, or why there is none. */
  readonly by: string;
  readonly columns: readonly { readonly name: string; readonly shown: string; readonly by: string }[];
}

export interface AccessQuestion {
  readonly role: string;
  /** Default: the first of the role. */
  readonly purpose?: string;
  /** Default: all tables. */
  readonly table?: string;
}

/**
 * What a role sees, and by which line of access.yaml.
 * @throws InputError for a role, purpose or table that there is not
 */
export function explainAccess(
  { policy, known }: OpenPolicy,
  { role: name, purpose, table }: AccessQuestion,
): ExplainedTable[] {
  const role = policy.roles.get(name);
  if (!role) throw noRole(name, policy.roles.keys());
  if (purpose !== undefined && !role.purposes.includes(purpose))
    throw new InputError(
      `The role ${name} cannot be used for "${purpose}"${didYouMean(purpose, role.purposes)}`,
      {
        hint: `its purposes are ${oneOf(role.purposes)} (${role.line})`,
      },
    );
  if (table !== undefined && !known.has(table))
    throw new InputError(`There is no table "${table}"${didYouMean(table, known.keys())}`, {
      hint: '`lake tables` lists the tables',
    });
  const tables = table === undefined ? [...known.keys()].sort() : [table];
  return tables.map((each) => explainTable({ policy, known }, role, purpose ?? role.purposes[0]!, each));
}

/** Every table for every role, each under each of its purposes. */
export function explainAll(open: OpenPolicy): ExplainedTable[] {
  return [...open.policy.roles.values()].flatMap(({ name, purposes }) =>
    purposes.flatMap((purpose) => explainAccess(open, { role: name, purpose })),
  );
}

function explainTable(
  { policy, known }: OpenPolicy,
  role: PolicyRole,
  purpose: string,
  table: string,
): ExplainedTable {
  const access = tableAccess(policy, role, purpose, table, known.get(table)!);
  return {
    table,
    role: role.name,
    purpose,
    ...(access.rows ? { rows: access.rows.text } : {}),
    by: access.by,
    columns: access.columns.map(({ name, shown, by }) => ({ name, shown: shownText(shown), by })),
  };
}
