import type { SisSourceConfig } from '../../campus/campus-schema.ts';
import type { FoundTable } from '../../campus/discover/found.ts';
import type { SisEncoding } from '../../campus/sis-encodings.ts';
import { inUtf8 } from '../../sis/encoding.ts';
import { quoteIdentifier } from '../../sis/quote.ts';
import { connectSis, type SisConnection } from '../../sis/session.ts';
import { endsConnection, isSqlstate, meaningOf } from '../../sis/sqlstate.ts';

/** Values of a table by column, for classification only. */
export type Samples = ReadonlyMap<FoundTable, ReadonlyMap<string, readonly unknown[]>>;

/** A table of so many pages (8 kB each) is sorted by hash; of a bigger one random pages are read first. */
const SMALL_PAGES = 2000;
/** A value longer than this is a text whatever follows. */
const LONGEST = 200;

/**
 * Reads up to `rows` rows of each table, picked by a hash and not from its beginning, where old rows lie. The values
 * are evaluated in memory; nothing of them is written anywhere.
 */
export async function sampleSis(
  config: SisSourceConfig,
  password: string,
  tables: Iterable<FoundTable>,
  rows: number,
  signal?: AbortSignal,
): Promise<{ samples: Samples; skipped: string[] }> {
  const connection = await connectSis(config, password, signal);
  try {
    const samples = new Map<FoundTable, Map<string, unknown[]>>();
    const skipped: string[] = [];
    for (const table of tables) {
      try {
        samples.set(table, await sampleTable(connection, table, rows, config.encoding));
      } catch (error) {
        const reason = whySkipped(error);
        if (reason === undefined) throw error;
        skipped.push(`no values of ${table.namespace}.${table.table} were looked at: ${reason}`);
      }
    }
    return { samples, skipped };
  } finally {
    await connection.end();
  }
}

/** One table that is locked, takes too long or may not be read does not keep the others from being looked at. */
function whySkipped(error: unknown): string | undefined {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return isSqlstate(code) && !endsConnection(code) ? meaningOf(code) : undefined;
}

async function sampleTable(
  connection: SisConnection,
  table: FoundTable,
  rows: number,
  encoding?: SisEncoding,
): Promise<Map<string, unknown[]>> {
  const name = `${quoteIdentifier(table.namespace)}.${quoteIdentifier(table.table)}`;
  const columns = table.columns.filter((c) => c.type !== 'varbinary');
  // The planner's number of pages: to ask for the size itself would wait for the holder of a lock on the table.
  const size = await connection.query(
    `SELECT relkind AS kind, relpages AS pages, getdatabaseencoding() = 'SQL_ASCII' AS bytes
     FROM pg_class WHERE oid = $1::regclass`,
    [name],
  );
  const { kind, pages, bytes } = size.rows[0] as { kind: string; pages: number; bytes: boolean };
  const list = columns.map((c, i) => {
    const text = `left(t.${quoteIdentifier(c.name)}::text, ${LONGEST})`;
    return `${bytes && encoding ? inUtf8(text, encoding) : text} AS c${i}`;
  });
  const share = (100 * SMALL_PAGES) / Math.max(pages, SMALL_PAGES);
  const some = kind === 'r' && share < 100 ? ` TABLESAMPLE SYSTEM (${share}) REPEATABLE (1)` : '';
  const answer = await connection.query(
    `SELECT ${list.join(', ') || '1'} FROM ${name} AS t${some} ORDER BY hashtext(t::text) LIMIT ${rows}`,
  );
  const values = answer.rows as Record<string, unknown>[];
  return new Map(columns.map((c, i) => [c.name, values.map((row) => row[`c${i}`])]));
}
