import type { Ast } from '../tree.ts';

/** What is wrong: where (a node, or words of the text where the tree keeps no place), what to say, how to write it. */
export type ShapeFinding = readonly [at: Ast | undefined | RegExp, message: string, hint?: string];

/** A call by its name, which the tree does not place. */
export const callIn = (name: string, after = ''): RegExp =>
  new RegExp(`${after && `\\b${after.replace(' ', '\\s+')}\\b[\\s\\S]*?`}\\b(${name}\\s*\\()`, 'i');
