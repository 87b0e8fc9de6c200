import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'web/page');
const ENTRY = join(PAGE, 'main.tsx');
const STYLE = join(PAGE, 'style.css');

/** The page's files, by the names under which they are served. */
export interface Bundle {
  /** What the first view loads: its script and what that imports at once. */
  readonly scripts: readonly string[];
  readonly style: string;
  /** The whole files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Bytes of the scripts of the first view, compressed. */
  readonly firstBytes: number;
}

const manifestSchema = z.object({ scripts: z.array(z.string()), style: z.string() });

/**
 * The page, made ready for a browser: bundled in well under a second, and kept under the digest of its sources, so that
 * the next start only reads it.
 * @param cache where bundles are kept. Default: among the project's packages, or, where those cannot be written, nowhere
 */
export async function bundlePage(
  cache = join(ROOT, 'node_modules/.cache/campus-lake-workbench'),
): Promise<Bundle> {
  const folder = join(cache, await digestOfSources());
  const found = await readBundle(folder).catch(() => undefined);
  if (found) return found;
  const draft = await mkdir(cache, { recursive: true })
    .then(() => mkdtemp(join(cache, 'draft-')))
    .catch(() => mkdtemp(join(tmpdir(), 'lake-workbench-')));
  try {
    await makeBundle(draft);
    const made = await readBundle(draft);
    // Another process may have made the same one: then it is already there.
    await rename(draft, folder).catch(() => {});
    return made;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(PAGE, { recursive: true }))
    .filter((name) => /\.(tsx?|css)$/.test(name))
    .sort();
  for (const file of [
    ...names.map((name) => join(PAGE, name)),
    join(ROOT, 'package-lock.json'),
    import.meta.filename,
  ])
    hash.update(relative(ROOT, file)).update(await readFile(file).catch(() => ''));
  return hash.digest('hex').slice(0, 24);
}

async function makeBundle(folder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: { main: ENTRY, style: STYLE },
    outdir: folder,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    logLevel: 'silent',
  });
  const outputs = Object.entries(metafile.outputs);
  const main = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx'))![0];
  const style = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('style.css'))![0];
  const manifest = {
    scripts: [main, ...importedAtOnce(metafile, main)].map((path) => basename(path)),
    style: basename(style),
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** What a file imports before it runs, and what those import. */
function importedAtOnce({ outputs }: Metafile, file: string, seen: Set<string> = new Set()): string[] {
  for (const { path, kind } of outputs[file]!.imports) {
    if (kind !== 'import-statement' || seen.has(path)) continue;
    seen.add(path);
    importedAtOnce({ inputs: {}, outputs }, path, seen);
  }
  return [...seen];
}

async function readBundle(folder: string): Promise<Bundle> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name));
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(join(folder, name)));
  const firstBytes = manifest.scripts.reduce((sum, name) => sum + gzipSync(files.get(name)!).length, 0);
  return { ...manifest, files, firstBytes };
}
