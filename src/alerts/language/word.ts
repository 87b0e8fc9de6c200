import type { Expr } from './expr.ts';
import type { Item } from './stack.ts';
import { asDouble, asDuration, asExpr, asInteger, asList, asQuery, asText, asTexts } from './stack.ts';

/** What a word may take. `series`: an expression, a query, or a number. */
export interface Kinds {
  any: Item;
  text: string;
  texts: string[];
  list: NonNullable<ReturnType<typeof asList>>;
  integer: number;
  number: number;
  duration: number;
  query: NonNullable<ReturnType<typeof asQuery>>;
  series: Expr;
}

export type Kind = keyof Kinds;

/** Reads an item as a kind; undefined: it is not of it. */
export const READ: { readonly [K in Kind]: (item: Item) => Kinds[K] | undefined } = {
  any: (item) => item,
  text: asText,
  texts: asTexts,
  list: asList,
  integer: asInteger,
  number: asDouble,
  duration: asDuration,
  query: asQuery,
  series: asExpr,
};

/** How each kind is called in messages and in the list of words. */
export const KIND_WORDS: { readonly [K in Kind]: string } = {
  any: 'anything',
  text: 'a text',
  texts: 'a list of texts',
  list: 'a list',
  integer: 'a whole number',
  number: 'a number',
  duration: 'a length of time such as 5m',
  query: 'a query',
  series: 'a series',
};

/** What a word does with the machine that runs it. */
export interface Machine {
  /** The top is the last. */
  stack: Item[];
  readonly variables: Map<string, Item>;
  /** Runs the items of a list as a program. */
  run(items: readonly Item[]): void;
  freeze(): void;
}

/** One form of a word. Of forms with one name, the first whose arguments are on the stack is taken. */
export interface Word {
  readonly name: string;
  /** What it takes, the top of the stack last. */
  readonly takes: readonly Kind[];
  /** One line for the list of words. */
  readonly does: string;
  /** A further condition on the arguments. */
  readonly when?: (args: never[]) => boolean;
  /**
   * Takes the arguments and gives what is pushed.
   * @throws WordFault for arguments that it cannot use
   */
  apply(args: never[], machine: Machine): readonly Item[];
}

/** Why a word cannot use its arguments; the machine adds the place. */
export class WordFault extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

type Arguments<K extends readonly Kind[]> = { -readonly [I in keyof K]: Kinds[K[I]] };

/** A word whose arguments have the types of their kinds. */
export function word<const K extends readonly Kind[]>(
  name: string,
  takes: K,
  does: string,
  apply: (args: Arguments<K>, machine: Machine) => readonly Item[],
  when?: (args: Arguments<K>) => boolean,
): Word {
  return {
    name,
    takes,
    does,
    apply: apply as unknown as Word['apply'],
    ...(when ? { when: when as unknown as NonNullable<Word['when']> } : {}),
  };
}
