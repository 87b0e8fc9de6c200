import { DatabaseError } from 'pg';
import { CopyConnectionError, CopyError, LongRowError, UnreadableValueError } from './errors.ts';
import type { Part } from './parts.ts';

/** Classes of SQLSTATE after which a connection is of no more use: connection exception, operator intervention. */
const CONNECTION_GONE = /^(08|57P)/;

/**
 * An error of PostgreSQL, DuckDB or the system as one that names the table. DuckDB quotes the line that it could
 * not read, and PostgreSQL may quote a value: of both only what is no data is kept, and so no `cause` either.
 */
export function explainCopyError(part: Part, raw: unknown): CopyError {
  if (raw instanceof CopyError && raw.about) return raw;
  const { schema, name } = part.table.source;
  const about = `${schema}.${name}`;
  const message = raw instanceof Error ? raw.message : String(raw);
  if (raw instanceof DatabaseError) return databaseError(about, raw);
  const column = /Error when converting column "c(\d+)"/.exec(message);
  if (column) {
    const mapped = part.table.columns[Number(column[1])];
    return new UnreadableValueError(
      `${about}: a value of column ${mapped?.source} (${mapped?.type}) does not fit ${mapped?.travel.lake}`,
      { about, hint: 'Change its type by a change-data-type rule, or leave the column out.' },
    );
  }
  if (/Maximum line size/i.test(message)) {
    return new LongRowError(`${about}: a row is longer than the replicator can read`, {
      about,
      hint: 'Leave its longest column out by a remove-column rule.',
    });
  }
  if (/CSV Error|Invalid Input Error|Conversion Error|Invalid unicode/i.test(message)) {
    return new UnreadableValueError(`${about}: a row could not be read (${firstLine(message)})`, { about });
  }
  if (/Out of Memory/i.test(message)) {
    return new CopyError(`${about}: its rows do not fit into the memory given to the replicator`, {
      about,
      hint: 'Rows or values are very large: leave the longest columns out, or read with fewer connections.',
    });
  }
  if (/Connection terminated|ECONNRESET|ECONNREFUSED|EPIPE|not queryable|closed/i.test(message)) {
    return new CopyConnectionError(`${about}: the connection to the SIS broke: ${message}`, { about });
  }
  return new CopyError(`${about}: ${firstLine(message)}`, { about });
}

function databaseError(about: string, error: DatabaseError): CopyError {
  const { code = '', message } = error;
  if (CONNECTION_GONE.test(code)) {
    return new CopyConnectionError(`${about}: the SIS ended the connection: ${message}`, { about });
  }
  if (code === '42501') {
    return new CopyError(`${about}: the SIS answered: ${message}`, {
      about,
      hint: message.includes('row-level')
        ? "Its policies hide rows: give the lake's user BYPASSRLS, or leave the table out."
        : `GRANT SELECT ON ${about} to the lake's user.`,
    });
  }
  // Class 22 (data exception) quotes the value.
  const safe = code.startsWith('22') ? message.replace(/"[\s\S]*"/, '"…"') : message;
  return new CopyError(`${about}: the SIS answered: ${safe} (SQLSTATE ${code})`, { about });
}

/** Up to the place where DuckDB begins to quote. */
function firstLine(message: string): string {
  return message
    .split('\n')[0]!
    .replace(/"[\s\S]*"/, '"…"')
    .slice(0, 200);
}
