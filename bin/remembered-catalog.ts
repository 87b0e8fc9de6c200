import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RememberedFiles } from '../src/campus/read-yaml.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Beside what was made of the program; `npm ci` removes it. */
const FOLDER = join(ROOT, 'node_modules/.cache/campus-lake/catalogs');
/** Characters. Parsing a smaller file takes a few milliseconds. */
const LARGE = 200_000;

/**
 * Large catalog files as they were read and found right before: a catalog of 2,500 tables is parsed and checked in a third
 * of a second, and recalled in a twentieth. What is kept holds for one text and one version of the code that reads it, and
 * for each file only the newest. What cannot be kept or read is as if it were not there.
 */
export const rememberedCatalog: RememberedFiles = {
  recall(name, text) {
    if (text.length < LARGE) return undefined;
    try {
      const [key, value] = JSON.parse(readFileSync(placeOf(name), 'utf8')) as [string, unknown];
      return key === keyOf(text) ? value : undefined;
    } catch {
      return undefined;
    }
  },
  keep(name, text, value) {
    if (text.length < LARGE) return;
    // Two containers that share the folder may have one process id.
    const draft = `${placeOf(name)}.${randomUUID()}`;
    try {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(draft, JSON.stringify([keyOf(text), value]), { mode: 0o600 });
      renameSync(draft, placeOf(name));
    } catch {
      // The folder is read-only: every command parses the file.
    }
  },
};

const placeOf = (name: string): string => join(FOLDER, `${digest(resolve(name))}.json`);

const keyOf = (text: string): string => digest(text, readerStamp());

let stamp: string | undefined;

/**
 * Another one after every change of the code that reads catalogs, or of the libraries that it uses.
 * @throws where one of them has changed since this process began: it may read by the code before
 */
function readerStamp(): string {
  stamp ??= [
    ...['src/campus', 'src/privacy'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    ),
    'package.json',
    'node_modules/.package-lock.json',
  ]
    .sort()
    .map((path) => {
      const { size, mtimeMs, ctimeMs, ino } = statSync(join(ROOT, path));
      if (ctimeMs >= performance.timeOrigin) throw new Error('changed');
      return `${path} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    })
    .join('\n');
  return stamp;
}

function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 32);
}
