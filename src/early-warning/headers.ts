import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Campus } from '../campus/campus.ts';
import { CURATED } from '../models/model.ts';
import type { DescribedText } from '../ports/feature.ts';
import { LIVE_HEADER, LIVE_SCORES } from './live/tables.ts';
import { SCORE_HEADER } from './score-header.ts';
import { SCORES } from './tables.ts';

/** What describes the tables of early warning: the files of its models, and the header of the scores. */
export async function headersOf({
  root,
  models,
}: Pick<Campus, 'root' | 'models'>): Promise<readonly DescribedText[]> {
  const folder = resolve(root, models, 'early-warning');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  const texts = files.map(async (name) => ({
    table: `${CURATED}.${basename(name, '.sql')}`,
    text: await readFile(join(folder, name), 'utf8'),
  }));
  return [
    ...(await Promise.all(texts)),
    { table: SCORES, text: SCORE_HEADER.trim() },
    { table: LIVE_SCORES, text: LIVE_HEADER.trim() },
  ];
}
