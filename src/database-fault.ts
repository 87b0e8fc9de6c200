import { connectionFault } from './connection-fault.ts';
import { LakeError } from './errors.ts';
import { nameOfUnexpected } from './failure.ts';
import { meaningOf } from './sis/sqlstate.ts';
import { systemError } from './system-error.ts';

interface PgError {
  readonly code?: unknown;
  readonly schema?: unknown;
  readonly table?: unknown;
  readonly column?: unknown;
  readonly constraint?: unknown;
}

/**
 * An error of a PostgreSQL, a Redshift or the way there, without the words of the server: the meaning of its SQLSTATE,
 * and the names of table, column and constraint, which it reports apart from its text, as in `two rows have the same
 * key (SQLSTATE 23505), constraint students_pkey`. An error of the lake keeps its own message.
 */
export function databaseFault(error: unknown): string {
  if (error instanceof LakeError) return error.message;
  const { code } = (error ?? {}) as PgError;
  if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) {
    return [meaningOf(code), ...namesOf(error as PgError)].join(', ');
  }
  const system = systemError(error);
  if (system) return system.message.replace(/\.$/, '');
  if (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error|timeout expired)/.test(error.message)
  ) {
    return 'the connection was lost';
  }
  const { found, certificate } = connectionFault(error);
  return certificate ? found : `an error of class ${nameOfUnexpected(error)}`;
}

/** Names that the server gives in fields of their own; they are those of its catalog. */
function namesOf(error: PgError): string[] {
  return (['schema', 'table', 'column', 'constraint'] as const).flatMap((field) => {
    const name = error[field];
    return typeof name === 'string' && name !== '' ? [`${field} ${name}`] : [];
  });
}
