import { DatabaseError } from 'pg';
import { SisConnectionError } from '../../../sis/errors.ts';
import { endsConnection, LOCKED, meaningOf } from '../../../sis/sqlstate.ts';
import {
  CopyConnectionError,
  CopyError,
  LockedTableError,
  LongRowError,
  UnreadableValueError,
} from './errors.ts';
import type { Part } from './parts.ts';

/**
 * An error of PostgreSQL, DuckDB or the system as one that names the table. Both quote lines and values: of what they
 * say only the kind is kept, and so no `cause` either.
 */
export function explainCopyError(part: Part, raw: unknown): CopyError {
  if (raw instanceof CopyConnectionError) return raw;
  if (raw instanceof CopyError && raw.about) return raw;
  if (raw instanceof SisConnectionError) return new CopyConnectionError(raw.message, { hint: raw.hint });
  const { schema, name } = part.table.source;
  const about = `${schema}.${name}`;
  const message = raw instanceof Error ? raw.message : String(raw);
  if (raw instanceof DatabaseError) return databaseError(about, raw);
  const column = /Error when converting column "c(\d+)"/.exec(message);
  if (column) {
    const mapped = part.table.columns[Number(column[1])];
    return new UnreadableValueError(
      `${about}: a value of column ${mapped?.source} (${mapped?.type}) does not fit ${mapped?.travel.lake}`,
      {
        about,
        hint: `Give the column type: varchar and copyAs: text in the catalog, or leave it out.`,
      },
    );
  }
  if (raw instanceof LongRowError || /Maximum line size|does not support a full read/i.test(message)) {
    return new LongRowError(`${about}: a row is longer than the replicator can read`, {
      about,
      hint: 'Exclude its longest column in the catalog (treatment: exclude).',
    });
  }
  if (/Timestamp\(MS\) to Timestamp\(US\)|timestamp.* out of range/i.test(message)) {
    const columns = part.table.columns.filter(({ travel }) => travel.lake === 'timestamp');
    return new UnreadableValueError(
      `${about}: a timestamp is later than the lake can hold (the year 294246), in ${columns.map(({ source }) => source).join(' or ')}`,
      { about, hint: 'Correct the row at the source, or leave the column behind in the catalog.' },
    );
  }
  if (/CSV Error|Invalid Input Error|Conversion Error|Invalid unicode/i.test(message)) {
    return new UnreadableValueError(`${about}: a row could not be read (${kindOf(message)})`, { about });
  }
  if (/Out of Memory/i.test(message)) {
    return new CopyError(`${about}: its rows do not fit into the memory given to the replicator`, {
      about,
      hint: 'Rows or values are very large: leave the longest columns out, or read with fewer connections.',
    });
  }
  if (/No space left|ENOSPC/i.test(message)) {
    return new CopyError(`${about}: the disk of the lake is full`, {
      about,
      hint: 'Make room in the lake folder and run again.',
    });
  }
  if (
    /Connection terminated|ECONNRESET|ECONNREFUSED|EPIPE|not queryable|closed|Query read timeout/i.test(
      message,
    )
  ) {
    return new CopyConnectionError('The connection to the SIS broke while its tables were copied', {
      hint: AGAIN,
    });
  }
  return new CopyError(`${about}: it could not be copied (${kindOf(message)})`, { about });
}

const AGAIN = 'Look for what cut it (a firewall, a timeout, a restart, an administrator) and run again.';

function databaseError(about: string, { code = '', message }: DatabaseError): CopyError {
  if (endsConnection(code)) {
    return new CopyConnectionError(
      `The SIS cut the connection while its tables were copied: ${meaningOf(code)}`,
      {
        hint: code === '25P04' ? TRANSACTION_TIMEOUT : AGAIN,
      },
    );
  }
  const found = `${about}: the SIS answered: ${meaningOf(code)}`;
  if (code === LOCKED) {
    return new LockedTableError(found, {
      about,
      hint: 'Look in pg_locks for who holds it, and run again.',
    });
  }
  if (code === '42501') {
    return message.includes('row-level')
      ? new CopyError(`${about}: row-level security would hide rows of it`, {
          about,
          hint: "Give the lake's user BYPASSRLS, or leave the table out.",
        })
      : new CopyError(found, { about, hint: `GRANT SELECT ON ${about} to the lake's user.` });
  }
  if (code === '22021' || code === '22P05') {
    return new CopyError(found, {
      about,
      hint: 'Of a database in SQL_ASCII nobody knows the encoding: say it as `encoding:` of the source in campus.yaml, such as WIN1252.',
    });
  }
  return new CopyError(found, { about });
}

const TRANSACTION_TIMEOUT =
  "ALTER ROLE … SET transaction_timeout = 0 for the lake's user; a pooler or the server itself may enforce a limit too.";

/** What kind of error DuckDB or Node says it is, without what it says of it. */
function kindOf(message: string): string {
  return /^(?:[A-Z][A-Za-z]*(?: [A-Za-z]+){0,2} Error|E[A-Z]{3,})/.exec(message)?.[0] ?? 'unknown error';
}
