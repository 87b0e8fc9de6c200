import { createHash } from 'node:crypto';
import { didYouMean, oneOf } from '../campus/nearest.ts';
import { InputError } from '../errors.ts';
import type { AccessRules, Restricted, TableView } from '../ports/access.ts';
import type { ReadAction, Session } from '../ports/session.ts';
import type { TableColumn, TableSet, TableVersion } from '../ports/tables.ts';
import { ACCESS_FILE } from './load-policy.ts';
import type { AccessPolicy, KnownTables, PolicyRole } from './policy.ts';
import { tableAccess, withClasses } from './table-access.ts';
import { tableView } from './table-view.ts';

/** What a plan tells of rows that are hidden, and what another place would show to others, no role may ask for. */
const OPEN_TO_ROLES: readonly ReadAction[] = ['query', 'export', 'describe'];

/**
 * A policy, ready to be asked.
 * @param known the privacy classes of columns, by table
 */
export function accessRules(policy: AccessPolicy, known: KnownTables): AccessRules {
  return {
    version: policyVersion(policy),
    restrict<T>(session: Session, action: ReadAction, tables: Readonly<Record<string, T>>): Restricted<T> {
      const role = roleOf(policy, session);
      if (!OPEN_TO_ROLES.includes(action))
        throw new InputError(`The role ${role.name} cannot ask for this.`, {
          hint: 'a plan tells of rows that a role does not see; ask for the rows',
        });
      const left: Record<string, T> = {};
      const views: Record<string, TableView> = {};
      for (const [table, described] of Object.entries(tables)) {
        const columns = columnsOf(described);
        if (!columns) continue;
        const access = tableAccess(
          policy,
          role,
          session.purpose,
          table,
          withClasses(columns, known.get(table)),
        );
        if (!access.rows) continue;
        const shown = access.columns.filter((column) => column.shown.kind !== 'hidden');
        const names = new Set(shown.map(({ name }) => name));
        const narrowed = columns.filter(({ name }) => names.has(name));
        if (!isVersion(described)) {
          left[table] = { ...described, columns: narrowed };
          continue;
        }
        const parts = { version: described, columns: shown, rows: access.rows.condition };
        const view = tableView(policy, session, parts, tables as unknown as TableSet);
        if (!view) continue;
        views[table] = view;
        // Neither files nor a count: what reads rows without the view finds none.
        const seen: TableVersion = {
          table,
          columns: narrowed as TableColumn[],
          rows: Number.NaN,
          storage: {},
        };
        left[table] = seen as T;
      }
      return { tables: left, views };
    },
  };
}

/** Characters that SQL cannot be given in a literal: control characters, and half of a pair of UTF-16. */
const NOT_IN_A_VALUE = /[\p{Cc}\p{Cs}]/u;

/**
 * The role of a session.
 * @throws InputError where there is no such role, or the session lacks what it needs
 */
export function roleOf({ roles }: AccessPolicy, { role: name, purpose, attributes }: Session): PolicyRole {
  const role = roles.get(name);
  if (!role) throw noRole(name, roles.keys());
  if (!role.purposes.includes(purpose))
    throw new InputError(
      purpose === ''
        ? `The role ${name} needs a purpose.`
        : `The role ${name} cannot be used for "${purpose}".`,
      {
        hint: `its purposes are ${oneOf(role.purposes)} (${role.line})`,
      },
    );
  for (const attribute of role.attributes) {
    if (Object.hasOwn(attributes, attribute) && attributes[attribute] !== '') continue;
    throw new InputError(`The role ${name} needs the attribute "${attribute}".`, {
      hint: 'who asks has to be known, since the rows of the role depend on it',
    });
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (NOT_IN_A_VALUE.test(value))
      throw new InputError(`The attribute "${attribute}" holds a character that no value of the lake has.`, {
        hint: 'control characters and halves of characters are in no name and no number',
      });
    if (role.attributes.includes(attribute)) continue;
    throw new InputError(
      `The role ${name} has no attribute "${attribute}"${didYouMean(attribute, role.attributes)}`,
      {
        hint: role.attributes.length
          ? `it has ${oneOf(role.attributes)} (${role.line})`
          : `it has none (${role.line})`,
      },
    );
  }
  return role;
}

/** A role that is not in the file. Of many roles the nearest is named, and all are listed where they are described. */
export function noRole(name: string, roles: Iterable<string>): InputError {
  const all = [...roles];
  return new InputError(`There is no role "${name}"${didYouMean(name, all)}`, {
    hint:
      all.length === 0
        ? `${ACCESS_FILE} has no roles yet`
        : '`lake access roles` lists the roles of access.yaml',
  });
}

/** A digest of all that the policy says, its lines apart. */
function policyVersion(policy: AccessPolicy): string {
  const plain = (key: string, value: unknown) =>
    key === 'line' || key === 'released' || key === 'masks'
      ? undefined
      : value instanceof Map
        ? [...value]
        : value;
  return createHash('sha256').update(JSON.stringify(policy, plain)).digest('hex').slice(0, 16);
}

/** What describes a table by its columns; of what does not nothing could be left out. */
function columnsOf(described: unknown): readonly { readonly name: string }[] | undefined {
  const columns = (described as { readonly columns?: unknown } | null)?.columns;
  return Array.isArray(columns) && columns.every((column) => typeof column?.name === 'string')
    ? columns
    : undefined;
}

const isVersion = (described: unknown): described is TableVersion =>
  typeof (described as TableVersion).storage === 'object';
