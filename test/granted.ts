import { PIPELINE } from '../src/access/authorize.ts';
import type { Grant, ReadAction } from '../src/ports/session.ts';
import type { TableSet } from '../src/ports/tables.ts';

/** The grant of a session that may read all of some tables. */
export const granted = (tables: TableSet, action: ReadAction = 'query'): Grant =>
  ({ session: PIPELINE, action, tables }) as Grant;
