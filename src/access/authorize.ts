import type { Grant, ReadAction, Session } from '../ports/session.ts';
import type { Uses } from '../ports/step.ts';

/** The role to which nothing is hidden. There is no other yet. */
export const ADMINISTRATOR = 'administrator';

/** The session of the lake's own work: a run that nobody has started by hand. */
export const PIPELINE: Session = {
  principal: 'campus-lake',
  role: ADMINISTRATOR,
  attributes: {},
  purpose: 'pipeline',
};

/**
 * Decides what the lake's session may read of some tables. This is the only place that decides, and every engine,
 * warehouse and use case takes what it returns. Today's policy: everybody may read everything.
 * @param tables by `database.table`: versions to read rows of, or descriptions to list
 *
 * @example
 * ```ts
 * import type { Uses } from '../ports/step.ts';
 * import type { TableSet } from '../ports/tables.ts';
 * import { authorize } from './authorize.ts';
 *
 * const countUsers = async (lake: Lake, tables: TableSet) =>
 *   lake.platform.engine.query('SELECT count(*) FROM canvas.users', await authorize(lake, 'query', tables));
 * ```
 */
export async function authorize<T>(
  { session }: Uses<'session'>,
  action: ReadAction,
  tables: Readonly<Record<string, T>>,
): Promise<Grant<T>> {
  return { session, action, tables } as Grant<T>;
}
