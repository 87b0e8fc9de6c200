import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DescribedColumn, readHeader } from './header.ts';
import { CURATED } from './model.ts';

/**
 * What the headers of a folder's models say of their columns; SQL need not be parsed to know it. None where there is
 * no such folder.
 */
export async function modelColumns(
  folder: string,
): Promise<{ table: string; columns: readonly DescribedColumn[] }[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => ({
      table: `${CURATED}.${basename(file, '.sql')}`,
      columns: readHeader(await readFile(join(folder, file), 'utf8')).columns,
    })),
  );
}
