import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** TypeScript, pages and what the workbench shows are read where they are named. All other files outside of these folders are inputs of all. */
const NAMED_ONLY = new Set(['test', 'docs', 'examples', 'bench', 'web']);
const IGNORED = new Set(['node_modules', 'coverage', 'cdk.out']);
const CODE = /\.m?[jt]sx?$/;
const RUNNER = 'vitest.conformance.config.ts';
/** `'text'`, and what stands before it; not in an import of types, which is gone when the program runs. */
const LITERAL = /^(?:import|export) type [^;]*;|([\w.]*)[(,]?\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)/gm;
/** `..` alone is the start of a path whose parts are named on their own. */
const NAME = /^[\w./@-]{0,100}\w[\w./@-]{0,100}$/;
const MODULE = /^\.\.?\/.*\.\w+$/;

/** The files of a checkout, each read once. */
export interface Inputs {
  /**
   * The files that decide what a suite does: those it imports, and those that a test or a program names in a string,
   * from its own folder or from the root (`'../fixtures/rows.csv'`, `'bin/lake.mjs'`; a folder stands for all its
   * files). Too many rather than too few: a word that happens to be a file's name brings the file.
   * @param suite relative to the root
   * @returns relative to the root, sorted
   */
  of(suite: string): string[];
  /** Of the contents of a suite's inputs and of the Node that runs it. */
  digest(suite: string): string;
}

export function inputsIn(root: string): Inputs {
  const named = remembered((file) => namedIn(root, file));
  const digest = remembered((file) => digestOf(readFileSync(path.join(root, file))));
  const shared = [...assets(root), ...filesOf(root, RUNNER)];
  const of = (suite: string): string[] => {
    const inputs = new Set<string>();
    const open = [...shared, suite];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (inputs.has(file)) continue;
      inputs.add(file);
      // What the runner names is the suites, not what a suite reads.
      if (CODE.test(file) && file !== RUNNER) open.push(...named(file));
    }
    return [...inputs].sort();
  };
  return {
    of,
    digest: (suite) => {
      const lines = of(suite).map((file) => `${file} ${digest(file)}`);
      return digestOf([process.version, process.platform, process.arch, ...lines].join('\n'));
    },
  };
}

function namedIn(root: string, file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const here = path.dirname(file);
  return [...text.matchAll(LITERAL)].flatMap(([, before, ...texts]) => {
    const name = texts.find((one) => one !== undefined) ?? '';
    // The modules of `src` start no programs: what they name is what they import.
    if (file.startsWith('src/') && !MODULE.test(name)) return [];
    if (!NAME.test(name)) return [];
    // A word may be any word: it is a path from the root only where it is joined to the root.
    const fromRoot = name.includes('/') || before === 'ROOT' ? [name] : [];
    return [path.join(here, name), ...fromRoot].flatMap((one) => filesOf(root, path.normalize(one)));
  });
}

const assets = (root: string): string[] =>
  readdirSync(root)
    .filter((name) => !NAMED_ONLY.has(name) && !name.startsWith('.'))
    .flatMap((name) => filesOf(root, name))
    .filter((file) => !CODE.test(file) && !file.endsWith('.md'));

function filesOf(root: string, file: string): string[] {
  if (path.isAbsolute(file) || file.split(path.sep).some((name) => name === '..' || IGNORED.has(name)))
    return [];
  const found = statSync(path.join(root, file), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [file] : [];
  return readdirSync(path.join(root, file)).flatMap((name) => filesOf(root, path.join(file, name)));
}

function remembered<T>(of: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    if (!known.has(file)) known.set(file, of(file));
    return known.get(file) as T;
  };
}

const digestOf = (contents: string | Buffer): string => createHash('sha256').update(contents).digest('hex');
