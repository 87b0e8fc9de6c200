import type { Condition } from '../../../src/access/condition.ts';
import { literalOfText } from '../../../src/access/operand-type.ts';
import type { AccessPolicy, KnownColumn, KnownTables } from '../../../src/access/policy.ts';
import {
  conditionSql,
  literalSql,
  type MaskTerms,
  maskSql,
  quoted,
} from '../../../src/access/portable-sql.ts';
import { tableAccess } from '../../../src/access/table-access.ts';
import type { Session } from '../../../src/ports/session.ts';
import { MASK_TERMS } from '../../access/mask-vectors.ts';

/** The user who sees everything, by whose rights filters read their lookups. */
export const OWNER = 'owner';

interface ColumnRule {
  readonly name: string;
  readonly allow?: false;
  readonly mask?: string;
}

/** The tables of the lake in Trino. */
export const inTrino = (table: string): string => `memory.${table}`;

/**
 * A policy as rules of Trino's file-based access control, with a user for each session. A table without a rule for its
 * user is denied; so is a column with `allow: false`.
 * Source: https://trino.io/docs/476/security/file-system-access-control.html
 */
export function trinoRules(
  policy: AccessPolicy,
  known: KnownTables,
  sessions: ReadonlyMap<string, Session>,
): object {
  const all = { user: OWNER, privileges: ['SELECT', 'INSERT', 'DELETE', 'UPDATE', 'OWNERSHIP'] };
  const tables = [...sessions].flatMap(([user, session]) => {
    const role = policy.roles.get(session.role)!;
    return [...known].flatMap(([table, columns]) => {
      const access = tableAccess(policy, role, session.purpose, table, columns);
      if (!access.rows) return [];
      const [schema, name] = table.split('.');
      const { condition } = access.rows;
      return [
        {
          user,
          catalog: 'memory',
          schema,
          table: name,
          privileges: ['SELECT'],
          ...(condition === undefined
            ? {}
            : {
                filter: filterOf(policy, known, session, condition, table),
                filter_environment: { user: OWNER },
              }),
          columns: access.columns.flatMap(({ name: column, shown }): ColumnRule[] => {
            if (shown.kind === 'whole') return [];
            if (shown.kind === 'hidden') return [{ name: column, allow: false }];
            return [
              {
                name: column,
                mask: maskSql(shown, quoted(column), columns.get(column)!.type!, termsOf(columns)),
              },
            ];
          }),
        },
      ];
    });
  });
  return {
    catalogs: [{ user: `${OWNER}|athena|${[...sessions.keys()].join('|')}`, catalog: '.*', allow: 'all' }],
    schemas: [{ user: OWNER, owner: true }],
    tables: [all, ...tables],
  };
}

const termsOf = (columns: ReadonlyMap<string, KnownColumn>): MaskTerms => ({
  ...MASK_TERMS,
  sibling(name) {
    const type = columns.get(name)?.type;
    return type && { sql: quoted(name), type };
  },
});

function filterOf(
  policy: AccessPolicy,
  known: KnownTables,
  { attributes }: Session,
  condition: Condition,
  table: string,
  depth = 0,
): string {
  const qualified = (name: string) => (depth === 0 ? quoted(name) : `t${depth}.${quoted(name)}`);
  return conditionSql(condition, {
    column: qualified,
    typeOf: (name) => known.get(table)!.get(name)!.type!,
    literal: literalSql,
    attribute: (name, type) => literalSql(literalOfText(attributes[name]!, type), type),
    comparedWith: (name) => {
      const lookup = policy.lookups.get(name)!;
      const inner = `t${depth + 1}`;
      const value = `${inner}.${quoted(lookup.column)}`;
      const where = lookup.where
        ? ` AND (${filterOf(policy, known, { attributes } as Session, lookup.where, lookup.table, depth + 1)})`
        : '';
      return `SELECT ${value} FROM ${inTrino(lookup.table)} AS ${inner} WHERE ${value} IS NOT NULL${where}`;
    },
  });
}
