import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { FeatureModel } from '../ports/feature.ts';
import { SqlError } from '../sql/errors.ts';
import { lint } from '../sql/lint/lint.ts';
import { type ParsedStatement, parseStatement } from '../sql/parse.ts';
import { ModelError } from './errors.ts';
import { readHeader } from './header.ts';
import { CURATED, type Model } from './model.ts';

/**
 * Reads every `*.sql` file of the folder, in order of name.
 * @throws ModelError naming file, line and column of the first mistake in each file, all files at once
 */
export async function loadModels(folder: string, shipped: readonly FeatureModel[] = []): Promise<Model[]> {
  const { models, mistakes } = await readModels(folder, shipped);
  const lines = [...mistakes.values()].map(({ hint, message }) => (hint ? `${message} (${hint})` : message));
  if (lines.length > 0) throw new ModelError(lines.join('\n'), { about: folder });
  return models;
}

/** What there is to read in a folder: the models, and for every other file its first mistake, by the model's name. */
export interface ReadModels {
  readonly models: Model[];
  readonly mistakes: ReadonlyMap<string, ModelError>;
}

/**
 * Reads every `*.sql` file of the folder, and the models that come with features, in order of name; a mistake costs
 * its own model only.
 * @param shipped of one name with a file, the file counts
 */
export async function readModels(folder: string, shipped: readonly FeatureModel[] = []): Promise<ReadModels> {
  const models: Model[] = [];
  const mistakes = new Map<string, ModelError>();
  const texts = new Map<string, string | undefined>(shipped.map(({ name, sql }) => [name, sql]));
  for (const name of await modelNames(folder)) texts.set(name, undefined);
  for (const [name, sql] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = join(folder, `${name}.sql`);
    const file = sql === undefined ? shown(path) : `${name}.sql`;
    try {
      models.push(await parseModel(file, sql ?? (await readFile(path, 'utf8'))));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      mistakes.set(name, error);
    }
  }
  return { models, mistakes };
}

/** The names of the folder's models, in order, whether they can be read or not; none where there is no folder. */
export async function modelNames(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => basename(file, '.sql'))
    .sort();
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
export async function parseModel(file: string, whole: string): Promise<Model> {
  // Editors on Windows begin a file with a byte order mark; it is no part of the SQL.
  const text = whole.replace(/^\uFEFF/, '');
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
