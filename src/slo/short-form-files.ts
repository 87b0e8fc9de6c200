import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import type { Campus } from '../campus/campus.ts';
import { findCatalogFiles } from '../campus/files.ts';
import { listPlaces } from '../campus/list-places.ts';
import { type Header, readHeader } from '../models/header.ts';
import { modelNames } from '../models/load-models.ts';
import { CURATED } from '../models/model.ts';
import { SqlError } from '../sql/errors.ts';
import type { ShortForm } from './short-forms.ts';

type Where = Pick<Campus, 'root'> & Partial<Pick<Campus, 'catalog' | 'models'>>;

/** The sentences in the catalog and in headers of models. */
export async function shortFormsOf({ root, catalog, models }: Where): Promise<ShortForm[]> {
  const found: ShortForm[] = [];
  if (catalog !== undefined)
    for (const path of await findCatalogFiles(resolve(root, catalog)))
      found.push(...inCatalog(root, path, await readFile(path, 'utf8')));
  if (models !== undefined) {
    const folder = resolve(root, models);
    for (const name of await modelNames(folder)) {
      const path = join(folder, `${name}.sql`);
      found.push(...inModel(root, path, await readFile(path, 'utf8')));
    }
  }
  return found;
}

/** The same at once, for a synthesis, which cannot wait. */
export function shortFormsAtOnce({ root, catalog, models }: Where): ShortForm[] {
  const filesIn = (folder: string | undefined, pattern: RegExp, recursive: boolean): string[] => {
    const path = folder === undefined ? undefined : resolve(root, folder);
    if (path === undefined || !existsSync(path)) return [];
    const names = readdirSync(path, { recursive, encoding: 'utf8' });
    return names
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(path, name));
  };
  const read = (path: string) => readFileSync(path, 'utf8');
  return [
    ...filesIn(catalog, /^(?:.*\/)?[^./][^/]*\.ya?ml$/i, true).flatMap((path) =>
      inCatalog(root, path, read(path)),
    ),
    ...filesIn(models, /^[^/]+\.sql$/, false).flatMap((path) => inModel(root, path, read(path))),
  ];
}

interface WrittenDataset {
  readonly name?: unknown;
  readonly owner?: unknown;
  readonly objectives?: unknown;
}

/** What was read of a file last: objectives are asked for several times in a run. */
const remembered = new Map<string, { readonly text: string; readonly forms: readonly ShortForm[] }>();

function inCatalog(root: string, path: string, text: string): readonly ShortForm[] {
  if (!/\bobjectives["']?\s*:/.test(text)) return [];
  const known = remembered.get(path);
  if (known?.text === text) return known.forms;
  const { value, places } = listPlaces(text, 'objectives');
  const { source, datasets } = (value ?? {}) as { source?: unknown; datasets?: readonly WrittenDataset[] };
  const file = relative(root, path);
  let at = 0;
  // A file that does not fit its schema is refused where it is loaded.
  const forms = (Array.isArray(datasets) ? datasets : []).flatMap(
    ({ name, owner, objectives }: WrittenDataset): ShortForm[] =>
      (Array.isArray(objectives) ? objectives : []).map((sentence: unknown) => ({
        table: `${source}.${name}`,
        ...(typeof owner === 'string' ? { owner } : {}),
        sentence: String(sentence),
        file,
        ...(places[at++] ?? { line: 1, column: 1 }),
      })),
  );
  remembered.set(path, { text, forms });
  return forms;
}

function inModel(root: string, path: string, text: string): ShortForm[] {
  if (!/^\s*--\s*objective:/m.test(text)) return [];
  const { owner, objectives = [] } = headerOf(text);
  return objectives.map((objective) => ({
    table: `${CURATED}.${basename(path, '.sql')}`,
    ...(owner === undefined ? {} : { owner }),
    sentence: objective.text,
    file: relative(root, path),
    line: objective.line,
    column: 1,
  }));
}

/** A header with a mistake is refused where the model is loaded: it promises nothing. */
function headerOf(text: string): Partial<Pick<Header, 'owner' | 'objectives'>> {
  try {
    return readHeader(text);
  } catch (error) {
    if (error instanceof SqlError) return {};
    throw error;
  }
}
