import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ModelError, SqlError } from './errors.ts';
import { readHeader } from './header.ts';
import { lint } from './lint.ts';
import { CURATED, type Model } from './model.ts';
import { type ParsedStatement, parseStatement } from './parse-select.ts';

/**
 * Reads every `*.sql` file of the folder, in order of name.
 * @throws ModelError naming file, line and column of the first mistake in each file, all files at once
 */
export async function loadModels(folder: string): Promise<Model[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.sql')).sort();
  const models: Model[] = [];
  const mistakes: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      models.push(await parseModel(shown(path), await readFile(path, 'utf8')));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      mistakes.push(error.hint ? `${error.message} (${error.hint})` : error.message);
    }
  }
  if (mistakes.length > 0) throw new ModelError(mistakes.join('\n'), { about: folder });
  return models;
}

/** One model of the folder; undefined where there is none of that name. @throws ModelError */
export async function loadModel(folder: string, name: string): Promise<Model | undefined> {
  const path = join(folder, `${name}.sql`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseModel(shown(path), text);
}

/** A model from the text of its file. @throws ModelError */
export async function parseModel(file: string, text: string): Promise<Model> {
  const name = basename(file, '.sql');
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new ModelError(`${file}: the file's name becomes a table's: lower-case letters, digits and _.`, {
      about: name,
    });
  }
  try {
    const statement = await checked(text);
    return { name, table: `${CURATED}.${name}`, file, text, statement, ...readHeader(text) };
  } catch (error) {
    throw asModelError(file, error);
  }
}

/** An error in a model's SQL as one that names the file, line and column. */
export function asModelError(file: string, error: unknown): unknown {
  if (!(error instanceof SqlError)) return error;
  const place = error.place ? `:${error.place.line}:${error.place.column}` : '';
  return new ModelError(`${file}${place}: ${error.message}`, {
    hint: error.hint,
    about: file,
    code: error.code,
    file,
    line: error.place?.line,
    column: error.place?.column,
    cause: error,
  });
}

async function checked(text: string): Promise<ParsedStatement> {
  const statement = await parseStatement(text);
  if (statement.kind !== 'select')
    throw new SqlError('A model is one SELECT.', { place: { line: 1, column: 1 } });
  lint(statement);
  return statement;
}

const shown = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
};
