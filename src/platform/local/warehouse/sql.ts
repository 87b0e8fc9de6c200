import pg from 'pg';

/** PostgreSQL cuts longer names without a word. */
const NAME_LIMIT = 63;

/** A quoted identifier. @throws RangeError when PostgreSQL would cut it */
export function ident(...parts: readonly string[]): string {
  for (const part of parts) {
    if (Buffer.byteLength(part) > NAME_LIMIT) {
      throw new RangeError(`The name ${part} is longer than the ${NAME_LIMIT} bytes that PostgreSQL keeps`);
    }
  }
  return parts.map((part) => pg.escapeIdentifier(part)).join('.');
}

export const literal = (text: string): string => pg.escapeLiteral(text);

/** `campus.students` as schema and table. */
export function splitName(table: string): { schema: string; name: string } {
  const dot = table.indexOf('.');
  if (dot < 1) throw new RangeError(`${table} is not the name of a table: expected database.table`);
  return { schema: table.slice(0, dot), name: table.slice(dot + 1) };
}

/** Runs `work` in one transaction. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be gone; the server then rolls back by itself.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
