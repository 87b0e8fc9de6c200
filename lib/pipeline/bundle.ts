import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/** Parts from npm that are CommonJS look for these; an ES module has none of its own. */
const BANNER = [
  "import { createRequire as createRequireOfModule } from 'node:module';",
  "import { fileURLToPath as pathOfUrl } from 'node:url';",
  'const require = createRequireOfModule(import.meta.url);',
  'const __filename = pathOfUrl(import.meta.url);',
  "const __dirname = pathOfUrl(new URL('.', import.meta.url));",
].join('');

/** The SQL translator looks for its WebAssembly beside itself. */
const TRANSLATOR = 'node_modules/@polyglot-sql/sdk/';

/**
 * Bundles the entrances of the functions with everything that they need, the AWS SDK too: the runtime's own is of
 * another version on every day. Code that several share is written once.
 * @param entries file of each function, by the function's name; `<name>.mjs` exports its handler
 * @returns what came from where
 */
export function bundleFunctions(entries: Readonly<Record<string, string>>, folder: string): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outdir: folder,
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
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'warning',
  });
  if (Object.keys(metafile.inputs).some((input) => input.includes(TRANSLATOR))) {
    const wasm = 'polyglot_sql.wasm';
    copyFileSync(createRequire(import.meta.url).resolve(`@polyglot-sql/sdk/${wasm}`), join(folder, wasm));
  }
  return metafile;
}
