import { setFlagsFromString } from 'node:v8';
import type { Ast } from './tree.ts';

type Polyglot = typeof import('@polyglot-sql/sdk');

let loaded: Promise<Polyglot> | undefined;

/**
 * The SQL translator, loaded when it is first needed: it is a WebAssembly module of several megabytes. V8 would
 * spend half a second of processor time on optimising it for each of the first dozen statements, which no command
 * lives long enough to gain from; V8's baseline compiler is fast enough.
 */
export function polyglot(): Promise<Polyglot> {
  if (!loaded) {
    setFlagsFromString('--liftoff-only');
    loaded = import('@polyglot-sql/sdk');
  }
  return loaded;
}

/**
 * A tree as the list of statements of which `generate` makes text. It takes an array property by property out of
 * JavaScript, which costs twice the rest of its work, and anything else as JSON: so this is no array until it is JSON.
 */
export const asStatements = (tree: Ast): unknown => ({ toJSON: () => [tree] });
