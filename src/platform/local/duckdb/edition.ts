import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What decides how SQL is read and run, and how raw files become rows. */
const FOLDERS = ['models', 'platform/local/duckdb', 'privacy', 'quality', 'sql', 'staging'];

const SRC = resolve(import.meta.dirname, '../../..');

let edition: string | undefined;

/**
 * The edition of the engine of one machine: a digest of the program's own text and of the versions of what it is built
 * on, so that after a correction of a translation or a cast every table is made again without anybody thinking of it.
 */
export function localEdition(): string {
  edition ??= digestOfText();
  return edition;
}

function digestOfText(): string {
  const hash = createHash('sha256').update(readFileSync(join(SRC, '../package.json')));
  for (const folder of FOLDERS) {
    const files = readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      hash.update(`\n${folder}/${file}\n`).update(readFileSync(join(SRC, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
