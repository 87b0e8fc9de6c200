import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type BuildOptions, build, buildSync, type Metafile, type OutputFile } from 'esbuild';
import { FOLLOWER, FUNCTION_NAMES } from './functions.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const LAMBDA = join(ROOT, 'lambda');

/** Parts from npm that are CommonJS look for these; an ES module has none of its own. */
const BANNER = [
  "import { createRequire as createRequireOfModule } from 'node:module';",
  "import { fileURLToPath as pathOfUrl } from 'node:url';",
  'const require = createRequireOfModule(import.meta.url);',
  'const __filename = pathOfUrl(import.meta.url);',
  "const __dirname = pathOfUrl(new URL('.', import.meta.url));",
].join('');

/** What loads the SQL translator (by `require`, which esbuild does not follow), and the files of its package that it reads. */
const TRANSLATOR_LOADER = 'src/sql/polyglot.ts';
const TRANSLATOR = {
  name: '@polyglot-sql/sdk',
  files: ['package.json', 'dist/index.cjs', 'dist/polyglot_sql.wasm'],
};

/**
 * Packages that `debug` asks for and does without: colours on a terminal. One that a tool for tests brings is not to get
 * into the functions.
 */
const OPTIONAL = ['supports-color'];

/** The constructs of features, which only a deployment loads: they bring the CDK with them. */
const DEPLOYMENT_ONLY = ['*/infrastructure.ts'];

/** What no function has. */
const LEFT_OUT = [...OPTIONAL, ...DEPLOYMENT_ONLY];

/** The functions as files in memory. */
export interface Bundle {
  readonly files: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** File of each function, by its name. */
export function entries(): Record<string, string> {
  return Object.fromEntries([...FUNCTION_NAMES, FOLLOWER].map((name) => [name, join(LAMBDA, `${name}.ts`)]));
}

/** Bundles the lake's functions while this process does something else: esbuild is one of its own. */
export function bundleAhead(): Promise<Bundle> {
  return build({ ...optionsFor(entries()), outdir: '/', metafile: true, write: false }).then(
    ({ outputFiles: files, metafile }) => ({ files, metafile }),
  );
}

/** Writes a bundle into a folder. */
export function writeBundle({ files, metafile }: Bundle, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of files) writeFileSync(join(folder, basename(path)), contents);
  addTranslator(metafile, folder);
}

/**
 * Bundles the entrances of functions with everything that they need, the AWS SDK too: the runtime's own is of
 * another version on every day. Code that several share is written once.
 * @param entries file of each function, by the function's name; `<name>.mjs` exports its handler
 * @param external packages that are left out of the bundle, as esbuild takes them; the lake's own functions leave
 *   out none
 * @returns what came from where
 */
export function bundleFunctions(
  entries: Readonly<Record<string, string>>,
  folder: string,
  external: readonly string[] = [],
): Metafile {
  const { metafile } = buildSync({
    ...optionsFor(entries),
    outdir: folder,
    metafile: true,
    external: [...LEFT_OUT, ...external],
  });
  addTranslator(metafile, folder);
  return metafile;
}

function optionsFor(entries: Readonly<Record<string, string>>) {
  return {
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Names stay: errors are known by those of their classes.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: [...LEFT_OUT],
    banner: { js: BANNER },
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

function addTranslator(metafile: Metafile, folder: string): void {
  if (!Object.hasOwn(metafile.inputs, TRANSLATOR_LOADER)) return;
  const home = join(ROOT, 'node_modules', TRANSLATOR.name);
  for (const file of TRANSLATOR.files) {
    const to = join(folder, 'node_modules', TRANSLATOR.name, file);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(home, file), to);
  }
}
