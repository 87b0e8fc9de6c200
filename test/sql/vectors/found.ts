import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Vectors } from './vectors.ts';

/** Statements that a random search found to be answered differently once, a JSON text a line. */
export const FOUND_FILE = fileURLToPath(new URL('found.jsonl', import.meta.url));

const statements = existsSync(FOUND_FILE)
  ? readFileSync(FOUND_FILE, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string)
  : [];

/** Each is known by its own text. */
export const FOUND: Vectors = {
  answered: Object.fromEntries(statements.map((sql) => [sql, sql])),
  refused: {},
};
