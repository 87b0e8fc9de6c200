import { InputError } from '../errors.ts';
import type { Grant, Session } from '../ports/session.ts';
import type { TableSet } from '../ports/tables.ts';
import type {
  RoleTable,
  RoleViews,
  WarehouseAccess,
  WarehouseLogin,
  WarehouseNames,
} from '../ports/warehouse-access.ts';
import { literalOfText, mismatch } from './operand-type.ts';
import type { AccessPolicy, KnownTables, PolicyRole } from './policy.ts';
import { postgresLiteral, postgresMask } from './postgres-sql.ts';
import { roleOf } from './rules.ts';
import { tableAccess, withClasses } from './table-access.ts';
import { visibleSelect, type WallSql } from './visible-select.ts';

/**
 * A policy, as a warehouse on PostgreSQL applies it to its logins.
 * @param lookups tables that rules ask and the warehouse does not serve
 * @param columns what rules ask of them
 */
export function warehouseAccess(
  policy: AccessPolicy,
  known: KnownTables,
  lookups: Grant,
  columns: ReadonlyMap<string, ReadonlySet<string>>,
): Omit<WarehouseAccess, 'redshift'> {
  const tablesOf = (
    role: PolicyRole,
    purpose: string,
    served: TableSet,
    wall: WallSql,
  ): Pick<RoleViews, 'tables' | 'notOpened'> => {
    const tables: RoleTable[] = [];
    const notOpened: string[] = [];
    for (const version of Object.values(served)) {
      const { table } = version;
      const access = tableAccess(
        policy,
        role,
        purpose,
        table,
        withClasses(version.columns, known.get(table)),
      );
      if (!access.rows) continue;
      const seen = access.columns.filter((column) => column.shown.kind !== 'hidden');
      const rows = access.rows.condition;
      const all = { ...lookups.tables, ...served };
      const select = visibleSelect(policy, { version, columns: seen, rows }, all, wall);
      if (select === undefined) notOpened.push(table);
      else
        tables.push({ table, columns: seen.map(({ name }) => name), select, hidesRows: rows !== undefined });
    }
    return { tables, notOpened };
  };

  return {
    lookups,
    lookupColumns: columns,
    postgres: (served, namesFor) =>
      [...policy.roles.values()].flatMap((role) =>
        role.purposes.map((purpose, i): RoleViews => {
          const wall = postgresWall(namesFor({ role: role.name, purpose }));
          const parts = tablesOf(role, purpose, served, wall);
          return { role: role.name, purpose, isFirstPurpose: i === 0, ...parts };
        }),
      ),
    problemOf(login, served) {
      const session: Session = { ...login, principal: login.login };
      try {
        const role = roleOf(policy, session);
        return attributeProblem(login, (wall) => void tablesOf(role, login.purpose, served, wall));
      } catch (error) {
        if (error instanceof InputError) return error.message;
        throw error;
      }
    },
  };
}

const postgresWall = ({ whole, attribute }: WarehouseNames): WallSql => ({
  whole: ({ table }) => whole(table),
  literal: postgresLiteral,
  attribute,
  mask: postgresMask,
});

/** An attribute that is not what a rule of the role compares it with. */
function attributeProblem(
  { attributes }: WarehouseLogin,
  visit: (wall: WallSql) => void,
): string | undefined {
  const problems: string[] = [];
  visit({
    ...postgresWall({ whole: (table) => table, attribute: () => 'NULL' }),
    attribute(name, type) {
      const wanted = mismatch(literalOfText(attributes[name] ?? '', type), type);
      if (wanted !== undefined) problems.push(`The attribute "${name}" must be ${wanted}.`);
      return 'NULL';
    },
  });
  return problems[0];
}
