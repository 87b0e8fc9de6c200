import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SqlError } from '../sql/errors.ts';
import { type DescribedColumn, readHeader } from './header.ts';
import { modelNames } from './load-models.ts';
import { CURATED } from './model.ts';

/**
 * What the headers of a folder's models say of their columns; SQL need not be parsed to know it. None where there is
 * no such folder; without the models whose header cannot be read.
 */
export async function modelColumns(
  folder: string,
): Promise<{ table: string; columns: readonly DescribedColumn[] }[]> {
  const read = async (name: string) => {
    const text = await readFile(join(folder, `${name}.sql`), 'utf8');
    try {
      return [{ table: `${CURATED}.${name}`, columns: readHeader(text).columns }];
    } catch (error) {
      if (error instanceof SqlError) return [];
      throw error;
    }
  };
  return (await Promise.all((await modelNames(folder)).map(read))).flat();
}
