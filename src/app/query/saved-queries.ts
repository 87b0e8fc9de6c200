import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMINISTRATOR, authorize } from '../../access/authorize.ts';
import { InputError } from '../../errors.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { Uses } from '../../ports/step.ts';
import { parseStatement } from '../../sql/parse.ts';

/** The folder of saved queries, beside campus.yaml: one file each, in the repository with everything else. */
export const QUERIES_FOLDER = 'queries';

/** A SELECT that somebody has kept. */
export interface SavedQuery {
  /** The file's name without `.sql`. */
  readonly name: string;
  /** From `-- title: …` in its first line. Default: the name. */
  readonly title: string;
  readonly sql: string;
}

type Needs = Uses<'campus' | 'session' | 'access' | 'objects' | 'ledger' | 'engine'>;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;
const LONGEST = 100_000;

/**
 * The saved queries by name; of a role, those that name only tables of which it may know.
 */
export async function savedQueries(lake: Needs): Promise<SavedQuery[]> {
  const folder = join(lake.campus.root, QUERIES_FOLDER);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.sql')).sort();
  const all = await Promise.all(
    files.map(async (file) => savedAs(file.slice(0, -4), await readFile(join(folder, file), 'utf8'))),
  );
  if (lake.session.role === ADMINISTRATOR) return all;
  const { engine, ledger } = lake.platform;
  const publication = await readPublication(lake.platform);
  const known = (
    await authorize(lake, 'describe', { ...publication?.tables, ...(await engine.opsTables(ledger, [])) })
  ).tables;
  const isKnown = await Promise.all(
    all.map(async ({ sql }) => {
      const statement = await parseStatement(sql).catch(() => undefined);
      return statement?.tables.every(({ name }) => known[name] !== undefined) ?? false;
    }),
  );
  return all.filter((_, i) => isKnown[i]);
}

/**
 * Keeps a query as a file of the repository; a file of that name is replaced.
 * @throws InputError where the session is a role's, the title gives no name, or the text is no query
 */
export async function saveQuery(
  lake: Uses<'campus' | 'session'>,
  { title, sql }: { readonly title: string; readonly sql: string },
): Promise<SavedQuery> {
  if (lake.session.role !== ADMINISTRATOR)
    throw new InputError('A role cannot save queries.', {
      hint: 'the files of the repository belong to whoever runs the lake; the link of a query can be shared',
    });
  const line = title.replaceAll(/\s+/g, ' ').trim();
  const name = line
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  if (!NAME.test(name))
    throw new InputError('The title gives the file no name.', { hint: 'use letters or digits in it' });
  if (sql.trim() === '' || sql.length > LONGEST)
    throw new InputError('There is no query to save, or it is too long.');
  const body = savedAs(name, sql).sql;
  const folder = join(lake.campus.root, QUERIES_FOLDER);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `.${name}.sql.part`);
  await writeFile(draft, `-- title: ${line}\n${body.trimEnd()}\n`);
  await rename(draft, join(folder, `${name}.sql`));
  return { name, title: line, sql: body };
}

function savedAs(name: string, text: string): SavedQuery {
  const [, title] = /^-- title: (.+)\r?\n/.exec(text) ?? [];
  return title === undefined
    ? { name, title: name, sql: text }
    : { name, title: title.trim(), sql: text.slice(text.indexOf('\n') + 1) };
}
