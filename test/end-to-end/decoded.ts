import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

/** Files of a folder in which, once they are decoded, one of these texts stands. Parquet is read row by row, with its footer. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const found: string[] = [];
  const hits = (text: string) => texts.some((one) => text.includes(one));
  for (const path of await filesIn(folder)) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) continue;
    let text = bytes.toString('latin1');
    if (path.endsWith('.gz')) text = gunzipSync(bytes).toString('latin1');
    if (path.endsWith('.parquet')) {
      const quoted = path.replaceAll("'", "''");
      for (const from of [`read_parquet('${quoted}')`, `parquet_metadata('${quoted}')`]) {
        const rows = await connection.runAndReadAll(`SELECT to_json(t)::VARCHAR FROM ${from} t`);
        text += rows.getRowsJson().flat().join('\n');
      }
    }
    if (hits(text)) found.push(relative(folder, path));
  }
  connection.closeSync();
  database.closeSync();
  return found.sort();
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
