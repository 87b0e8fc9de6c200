import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { Ast } from './tree.ts';

type Polyglot = typeof import('@polyglot-sql/sdk');

/**
 * The translator is a WebAssembly module of 22 MB, of which a statement needs a small part. V8 therefore checks a
 * function when it is first called, not all of them at the start (0.1 s), and does not optimise: it would spend half a
 * second of processor time and hundreds of megabytes on the largest functions, which no command lives long enough to
 * gain from. What the first flag implies is said too: at this time, V8 of Node 24 draws no conclusion from it any more.
 */
const V8_FLAGS = [
  '--liftoff-only',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  '--wasm-lazy-validation',
];

let loaded: Promise<Polyglot> | undefined;

/** The SQL translator, loaded when it is first needed. */
export function polyglot(): Promise<Polyglot> {
  loaded ??= load();
  return loaded;
}

/**
 * The package's CommonJS form reads its WebAssembly as a file. Its ES module fetches it, for which Node loads its whole
 * HTTP client, and compiles it as it streams in: 0.2 s more for every command that reads a statement.
 */
async function load(): Promise<Polyglot> {
  for (const flag of V8_FLAGS) setFlagsFromString(flag);
  const translator = createRequire(import.meta.url)('@polyglot-sql/sdk') as Polyglot;
  await translator.init();
  return translator;
}

/**
 * A tree as the list of statements of which `generate` makes text. It takes an array property by property out of
 * JavaScript, which costs twice the rest of its work, and anything else as JSON: so this is no array until it is JSON.
 */
export const asStatements = (tree: Ast): unknown => ({ toJSON: () => [tree] });
