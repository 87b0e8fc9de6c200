import { InputError } from '../errors.ts';
import type { AccessRules } from '../ports/access.ts';
import type { Grant, ReadAction, Session } from '../ports/session.ts';

/** The role of the lake itself, to which nothing is hidden. The others are the college's: see `loadPolicy`. */
export const ADMINISTRATOR = 'administrator';

/** The session of the lake's own work: a run that nobody has started by hand. */
export const PIPELINE: Session = {
  principal: 'campus-lake',
  role: ADMINISTRATOR,
  attributes: {},
  purpose: 'pipeline',
};

/** Who asks, and the policy that is asked. */
export interface Asker {
  readonly session: Session;
  /** Absent: there is no role but administrator. */
  readonly access?: AccessRules;
}

/**
 * Decides what the lake's session may read of some tables. This is the only place that decides, and every engine,
 * warehouse and use case takes what it returns. The administrator reads everything; every other role, what the
 * college's access policy leaves of it.
 * @param tables by `database.table`: versions to read rows of, or descriptions to list
 * @throws InputError where the policy does not know the role, or the session lacks what it needs
 *
 * @example
 * ```ts
 * import type { Uses } from '../ports/step.ts';
 * import type { TableSet } from '../ports/tables.ts';
 * import { authorize } from './authorize.ts';
 *
 * const countUsers = async (lake: Uses<'engine' | 'session'>, tables: TableSet) =>
 *   lake.platform.engine.query('SELECT count(*) FROM canvas.users', await authorize(lake, 'query', tables));
 * ```
 */
export async function authorize<T>(
  { session, access }: Asker,
  action: ReadAction,
  tables: Readonly<Record<string, T>>,
): Promise<Grant<T>> {
  if (session.role === ADMINISTRATOR) return { session, action, tables } as Grant<T>;
  if (!access)
    throw new InputError(`There is no role "${session.role}": the lake was opened without an access policy.`);
  return { session, action, ...access.restrict(session, action, tables) } as Grant<T>;
}
