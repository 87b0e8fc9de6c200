import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const COPY = /^COPY (\S+) FROM 's3:\/\/([^/]+)\/([^']*)' IAM_ROLE '([^']+)' FORMAT AS PARQUET$/;

/** Parquet types that COPY takes for a column, after the guide's "COPY from columnar data formats". */
const TAKES: readonly (readonly [RegExp, RegExp])[] = [
  [/^bigint$/, /^BIGINT$/],
  [/^integer$/, /^(INTEGER|SMALLINT)$/],
  [/^boolean$/, /^BOOLEAN$/],
  [/^character varying/, /^VARCHAR$/],
  [/^real$/, /^FLOAT$/],
  [/^double precision$/, /^DOUBLE$/],
  [/^numeric/, /^DECIMAL/],
  [/^date$/, /^DATE$/],
  [/^timestamp/, /^TIMESTAMP/],
  [/^bytea$/, /^BLOB$/],
];

/** Whether a statement is Redshift's COPY of Parquet; then does with PostgreSQL and DuckDB what it would do. */
export async function copyParquet(sql: string, client: pg.Client, s3: S3Client): Promise<boolean> {
  const [, target, bucket, prefix] = COPY.exec(sql) ?? [];
  if (!target) return false;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  if (Contents.length === 0) throw new Error(`The specified S3 prefix '${prefix}' does not exist`);
  const folder = await mkdtemp('/tmp/redshift-copy-');
  const duckdb = await DuckDBInstance.create();
  const connection = await duckdb.connect();
  try {
    for (const [i, { Key }] of Contents.entries()) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      await writeFile(path.join(folder, `${i}.parquet`), await Body!.transformToByteArray());
    }
    const files = `read_parquet('${folder}/*.parquet')`;
    const found = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${files}`)).getRows();
    await compare(
      target,
      client,
      found.map((row) => String(row[1])),
    );
    const csv = path.join(folder, 'rows.csv');
    await connection.run(
      `COPY (SELECT * FROM ${files}) TO '${csv}' (HEADER false, FORCE_QUOTE *, NULLSTR '')`,
    );
    await pipeline(createReadStream(csv), client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT csv)`)));
    return true;
  } finally {
    connection.closeSync();
    duckdb.closeSync();
    await rm(folder, { recursive: true });
  }
}

/** Redshift loads by position and converts nothing. */
async function compare(target: string, client: pg.Client, found: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = '${target}'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  if (rows.length !== found.length) {
    throw new Error(
      `Unmatched number of columns between table and file. Table columns: ${rows.length}, Data columns: ${found.length}`,
    );
  }
  rows.forEach(({ type }, i) => {
    const takes = TAKES.find(([column]) => column.test(type))?.[1];
    if (!takes?.test(found[i]!)) {
      throw new Error(
        `Spectrum Scan Error: column ${i + 1} is ${found[i]} in the file and ${type} in the table`,
      );
    }
  });
}
