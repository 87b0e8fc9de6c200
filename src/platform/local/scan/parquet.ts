import type { DuckDBConnection } from '@duckdb/node-api';
import { describe, rowsOf } from '../duckdb/session.ts';
import { ident, text } from '../duckdb/sql-text.ts';

/** A text of a Parquet file, and where in the file it is. */
export interface ParquetText {
  readonly column: string;
  readonly where: 'values' | 'statistics' | 'metadata';
  readonly text: string;
}

/**
 * Every text of a Parquet file, decoded: the distinct values of each column, whatever its type, the least and greatest
 * ones that its footer holds, and the footer's own entries.
 */
export async function* parquetTexts(connection: DuckDBConnection, path: string): AsyncGenerator<ParquetText> {
  const from = `read_parquet(${text(path)}, hive_partitioning = false)`;
  for (const { name, type } of await describe(connection, `SELECT * FROM ${from}`)) {
    yield { column: name, where: 'metadata', text: name };
    // Binary values as they are: a text in them must be seen.
    const shown = type === 'BLOB' ? `hex(${ident(name)})` : `${ident(name)}::VARCHAR`;
    const values = await connection.stream(`SELECT DISTINCT ${shown} AS v FROM ${from} WHERE v IS NOT NULL`);
    for (;;) {
      const chunk = await values.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      for (const value of chunk.getColumnValues(0)) {
        const found = String(value);
        yield {
          column: name,
          where: 'values',
          text: type === 'BLOB' ? Buffer.from(found, 'hex').toString('utf8') : found,
        };
      }
    }
  }
  const statistics = await rowsOf(
    connection,
    `SELECT path_in_schema AS c, unnest([stats_min, stats_max, stats_min_value, stats_max_value])::VARCHAR AS v
     FROM parquet_metadata(${text(path)})`,
  );
  for (const { c, v } of statistics)
    if (v !== null) yield { column: String(c).split(', ')[0]!, where: 'statistics', text: String(v) };
  const entries = await rowsOf(
    connection,
    `SELECT key::VARCHAR AS k, value::VARCHAR AS v FROM parquet_kv_metadata(${text(path)})`,
  );
  for (const { k, v } of entries) yield { column: '', where: 'metadata', text: `${k} ${v}` };
}
