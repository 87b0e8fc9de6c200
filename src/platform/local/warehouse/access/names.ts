import { createHash } from 'node:crypto';
import type { RoleViews } from '../../../../ports/warehouse-access.ts';
import { ident, literal } from '../sql.ts';

/** Owns what roles see, reads whole tables for it, and never logs in. Also the schema of what rules ask, closed to others. */
export const ACCESS = 'lake_access';

/** Comments by which the lake knows roles of PostgreSQL that it has made for access.yaml. */
export const GROUP_MARK = 'role of access.yaml';
export const LOGIN_MARK = 'login of access.yaml';

type Part = Pick<RoleViews, 'role' | 'purpose'>;

/** The role of PostgreSQL that has the rights of a role of access.yaml under one purpose. */
export const groupOf = ({ role, purpose }: Part): string => `lake:${role}:${purpose}`;

/**
 * The schema in which a role finds the tables of a database: `adviser__campus`, and of its further purposes
 * `adviser__aid__campus`.
 */
export const schemaOf = ({ role, purpose, isFirstPurpose }: RoleViews, database: string): string =>
  isFirstPurpose ? `${role}__${database}` : `${role}__${purpose}__${database}`;

/** The table of a lookup, in full. */
export function lookupName(table: string): string {
  const mark = createHash('sha256').update(table).digest('hex').slice(0, 12);
  return ident(ACCESS, `${table.replaceAll('.', '_').slice(0, 40)}_${mark}`);
}

/** Whether who is logged in has the role under the purpose: nobody can change `session_user`. */
export const isLoggedIn = ({ role, purpose }: Part): string =>
  `w.login = SESSION_USER AND w.is_open AND w.role = ${literal(role)} AND w.purpose = ${literal(purpose)}`;
