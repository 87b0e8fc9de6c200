import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Header, readHeader } from '../models/header.ts';
import { CURATED } from '../models/model.ts';
import type { DescribedText } from '../ports/feature.ts';
import type { Uses } from '../ports/step.ts';
import { SqlError } from '../sql/errors.ts';

/** A curated table, and what its header says of it. */
export interface DescribedTable extends Header {
  readonly table: string;
}

/**
 * The headers of the campus's models and of the tables of features. One that cannot be read describes nothing: the
 * table that its last good version made is served all the same.
 */
export async function describedTables(lake: Uses<'campus' | 'features'>): Promise<DescribedTable[]> {
  const texts = await headersIn(resolve(lake.campus.root, lake.campus.models));
  const ofFolder = new Set(texts.map(({ table }) => table));
  for (const { models = [], tables } of lake.features ?? []) {
    const own = models.map(({ name, sql }) => ({ table: `${CURATED}.${name}`, text: sql }));
    texts.push(...own.filter(({ table }) => !ofFolder.has(table)));
    texts.push(...((await tables?.headers(lake.campus)) ?? []));
  }
  return texts.flatMap(({ table, text }) => {
    try {
      return [{ table, ...readHeader(text) }];
    } catch (error) {
      if (error instanceof SqlError) return [];
      throw error;
    }
  });
}

async function headersIn(folder: string): Promise<DescribedText[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => ({
      table: `${CURATED}.${basename(name, '.sql')}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}
