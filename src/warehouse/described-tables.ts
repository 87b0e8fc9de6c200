import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { SCORES } from '../early-warning/own-models.ts';
import { SCORE_HEADER } from '../early-warning/score-header.ts';
import { type Header, readHeader } from '../models/header.ts';
import { CURATED } from '../models/model.ts';
import type { Lake } from '../ports/step.ts';
import { SqlError } from '../sql/errors.ts';

/** A curated table, and what its header says of it. */
export interface DescribedTable extends Header {
  readonly table: string;
}

/**
 * The headers of the campus's models and of the tables of early warning. One that cannot be read describes nothing:
 * the table that its last good version made is served all the same.
 */
export async function describedTables({ campus }: Pick<Lake, 'campus'>): Promise<DescribedTable[]> {
  const folder = resolve(campus.root, campus.models);
  const texts = [
    ...(await headersIn(folder)),
    ...(await headersIn(join(folder, 'early-warning'))),
    { table: SCORES, text: SCORE_HEADER.trim() },
  ];
  return texts.flatMap(({ table, text }) => {
    try {
      return [{ table, ...readHeader(text) }];
    } catch (error) {
      if (error instanceof SqlError) return [];
      throw error;
    }
  });
}

async function headersIn(folder: string): Promise<{ table: string; text: string }[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => ({
      table: `${CURATED}.${basename(name, '.sql')}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}
