import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// A Node that does not read TypeScript would have every module, of the program and of its packages, pass through tsx.
// What esbuild makes of the program is kept for it instead, and made again when a file of the program has changed.

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ENTRIES = ['bin/lake.ts', 'bin/demo/college-main.ts'];
/** `npm ci` removes it. The packages that the program imports are found from there. */
const CACHE = join(ROOT, 'node_modules/.cache/campus-lake');
/** Of another checkout that shares node_modules, or of another version of this file, nothing is taken. */
const INDEX = join(CACHE, `${digest(ROOT, readFileSync(fileURLToPath(import.meta.url)))}.json`);
/** Nothing runs longer that may still import a part of what it was begun with. */
const KEPT_DAYS = 30;

/**
 * The address of what to import for an entry of the program; undefined where it cannot be made or kept, and where stack
 * traces are asked for, which are to name the sources.
 * @param {string} entry path from the root, `bin/lake.ts`
 * @returns {Promise<string | undefined>}
 */
export async function compiled(entry) {
  if (process.env.LAKE_DEBUG_LOG || process.execArgv.some((flag) => flag.startsWith('--inspect')))
    return undefined;
  const name = entry.replace(/\.ts$/, '.mjs');
  try {
    return pathToFileURL(join(kept() ?? (await make()), name)).href;
  } catch {
    return undefined;
  }
}

/** The folder of what was made of the program as it is now. */
function kept() {
  try {
    const { folder, inputs } = JSON.parse(readFileSync(INDEX, 'utf8'));
    const isSame = ([path, stamp]) => stampOf(path) === stamp;
    return Object.entries(inputs).every(isSame) && statSync(join(CACHE, folder)).isDirectory()
      ? join(CACHE, folder)
      : undefined;
  } catch {
    return undefined;
  }
}

async function make() {
  const { build } = await import('esbuild');
  const began = Date.now();
  const draft = join(CACHE, `draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  try {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ENTRIES,
      outbase: ROOT,
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      chunkNames: 'parts/[name]-[hash]',
      bundle: true,
      splitting: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      tsconfigRaw: {},
      keepNames: true,
      metafile: true,
      logLevel: 'silent',
      define: { 'import.meta.url': '__url', 'import.meta.dirname': '__dirname' },
      plugins: [{ name: 'places', setup: (made) => void made.onLoad({ filter: /\.ts$/ }, withItsPlace) }],
    });
    const inputs = Object.fromEntries(Object.keys(metafile.inputs).map((path) => [path, stampOf(path)]));
    // One that was written meanwhile may be of another time than what was made of it.
    if (Object.keys(inputs).some((path) => statSync(join(ROOT, path)).ctimeMs >= began))
      throw new Error('changed');
    const folder = `program-${digest(ROOT, JSON.stringify(inputs))}-${randomUUID().slice(0, 8)}`;
    renameSync(draft, join(CACHE, folder));
    writeFileSync(`${draft}.json`, JSON.stringify({ folder, inputs }));
    renameSync(`${draft}.json`, INDEX);
    removeOld(folder);
    return join(CACHE, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** A module that knows where its source is, wherever what was made of it lies. */
function withItsPlace({ path }) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes('import.meta')) return { contents: text, loader: 'ts' };
  const place = `const __url = ${JSON.stringify(pathToFileURL(path).href)}, __dirname = ${JSON.stringify(dirname(path))};`;
  return { contents: `${place}${text.replace(/^#!.*/, '')}`, loader: 'ts' };
}

function removeOld(folder) {
  for (const name of readdirSync(CACHE)) {
    if (name === folder || !/^(program|draft)-/.test(name)) continue;
    const path = join(CACHE, name);
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > KEPT_DAYS * 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Another one after every change of the file, whatever is done to its times. */
function stampOf(path) {
  const { size, mtimeMs, ctimeMs, ino } = statSync(join(ROOT, path));
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 16);
}
