import type { SisSourceConfig } from '../../src/campus/campus-schema.ts';
import type { FoundTable } from '../../src/campus/discover/found.ts';
import { quoteIdentifier } from '../../src/sis/quote.ts';
import { connectSis, type SisConnection } from '../../src/sis/session.ts';

/** Values of a table by column, for judging and for nothing else. */
export type Samples = ReadonlyMap<FoundTable, ReadonlyMap<string, readonly unknown[]>>;

/** A table of so many pages (8 kB each) is sorted by hash; of a bigger one random pages are read first. */
const SMALL_PAGES = 2000;
/** A value longer than this is a text whatever follows. */
const LONGEST = 200;

/**
 * Reads up to `rows` rows of each table, picked by a hash and not from its beginning, where old rows lie. The values
 * are judged in memory; nothing of them is written anywhere.
 */
export async function sampleSis(
  config: SisSourceConfig,
  password: string,
  tables: Iterable<FoundTable>,
  rows: number,
): Promise<Samples> {
  const connection = await connectSis(config, password);
  try {
    const samples = new Map<FoundTable, Map<string, unknown[]>>();
    for (const table of tables) samples.set(table, await sampleTable(connection, table, rows));
    return samples;
  } finally {
    await connection.end();
  }
}

async function sampleTable(
  connection: SisConnection,
  table: FoundTable,
  rows: number,
): Promise<Map<string, unknown[]>> {
  const name = `${quoteIdentifier(table.namespace)}.${quoteIdentifier(table.table)}`;
  const columns = table.columns.filter((c) => c.type !== 'varbinary');
  const list = columns.map((c, i) => `left(t.${quoteIdentifier(c.name)}::text, ${LONGEST}) AS c${i}`);
  const size = await connection.query(
    `SELECT relkind AS kind, pg_relation_size(oid) / current_setting('block_size')::int AS pages
     FROM pg_class WHERE oid = $1::regclass`,
    [name],
  );
  const { kind, pages } = size.rows[0] as { kind: string; pages: string };
  const share = (100 * SMALL_PAGES) / Math.max(Number(pages), SMALL_PAGES);
  const some = kind === 'r' && share < 100 ? ` TABLESAMPLE SYSTEM (${share}) REPEATABLE (1)` : '';
  const answer = await connection.query(
    `SELECT ${list.join(', ') || '1'} FROM ${name} AS t${some} ORDER BY hashtext(t::text) LIMIT ${rows}`,
  );
  const values = answer.rows as Record<string, unknown>[];
  return new Map(columns.map((c, i) => [c.name, values.map((row) => row[`c${i}`])]));
}
