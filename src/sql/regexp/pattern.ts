/**
 * A regular expression of Athena's (Joni, with Java's syntax), as far as every engine means the same by it or can be
 * told to. Meanings were found by asking Trino 476.
 */
export type Pattern =
  | { readonly kind: 'sign'; readonly code: number; readonly folded: boolean }
  /** Any sign; a line feed only with the flag `s`. */
  | { readonly kind: 'any'; readonly overLines: boolean }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly members: readonly Member[];
      readonly folded: boolean;
    }
  | { readonly kind: 'anchor'; readonly at: Anchor }
  | {
      readonly kind: 'group';
      readonly number: number | undefined;
      readonly name: string | undefined;
      readonly body: Pattern;
    }
  | {
      readonly kind: 'repeat';
      readonly body: Pattern;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly branches: readonly Pattern[] };

/**
 * `start` and `end` of the text; `last-line`: the end, or before a line feed there; `line-start`, `line-end` of any
 * line; `edge` of a word, and where there is none.
 */
export type Anchor = 'start' | 'end' | 'last-line' | 'line-start' | 'line-end' | 'edge' | 'no-edge';

/** Of a class: one sign or several in a row, or a class of its own by its letter. */
export type Member =
  | { readonly from: number; readonly to: number }
  | { readonly letter: 'd' | 'w' | 's' | 'D' | 'W' | 'S' };

export interface Regexp {
  readonly pattern: Pattern;
  readonly groups: number;
  /** Numbers of the groups that have a name. */
  readonly names: ReadonlyMap<string, number>;
}

/** Why a pattern is refused, and the portable way. */
export class PatternProblem extends Error {
  readonly portable: string;

  constructor(what: string, portable: string) {
    super(what);
    this.portable = portable;
  }
}
