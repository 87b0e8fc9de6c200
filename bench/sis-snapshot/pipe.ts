import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import type { BenchSis } from './sis.ts';

/** One DuckDB process that reads CSV from a named pipe into one Parquet file, with DuckDB's own settings. */
const { sis, schema, table, from, to } = JSON.parse(process.argv[2]!) as {
  sis: BenchSis;
  schema: string;
  table: string;
  from: string;
  to: string;
};

const client = new pg.Client(sis);
await client.connect();
const { rows } = await client.query<{ name: string; type: string }>(
  `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
   WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
  [`${schema}.${table}`],
);
await client.end();
const declared = rows.map(({ name, type }) => `'${name}': '${type}'`).join(', ');
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
console.log('ready');
await duckdb.run(
  `COPY (FROM read_csv('${from}', auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr='',
     columns={${declared}})) TO '${to}' (FORMAT parquet)`,
);
