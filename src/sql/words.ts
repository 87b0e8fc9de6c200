/** A piece of a statement's text, as its author wrote it. */
export interface Word {
  /**
   * `word`: a bare word. `name`: one in double quotes, or in the back quotes of Hive. `text`: one in single quotes. `open`: a quotation or a comment
   * that is never closed, to the end of the text.
   */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'sign' | 'open';
  readonly text: string;
  /** Offset in characters, as the parser counts them, not in UTF-16 units. */
  readonly start: number;
}

/** Order matters: the first that fits is taken. White space and comments are no words. */
const SHAPES: readonly (readonly [kind: Word['kind'] | undefined, shape: RegExp])[] = [
  [undefined, /\s+|--[^\n]*|\/\*[\s\S]*?\*\//uy],
  ['open', /\/\*[\s\S]*/uy],
  ['text', /'(?:[^']|'')*'/uy],
  ['name', /"(?:[^"]|"")*"|`[^`]*`/uy],
  ['open', /['"][\s\S]*/uy],
  ['word', /[\p{L}_$@][\p{L}\p{N}_$@]*/uy],
  ['number', /[\d.]*\d[\w.]*/uy],
  ['parameter', /:[\p{L}_][\p{L}\p{N}_]*|\?/uy],
  ['sign', /::|<>|!=|<=|>=|==|\|\||->|\{\{|\}\}|[\s\S]/uy],
];

/** The words of a statement, without white space and comments. Any text has some: what is no SQL is signs. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let start = 0;
  for (let at = 0; at < text.length; ) {
    for (const [kind, shape] of SHAPES) {
      shape.lastIndex = at;
      const found = shape.exec(text)?.[0];
      if (found === undefined) continue;
      if (kind !== undefined) words.push({ kind, text: found, start });
      at += found.length;
      start += [...found].length;
      break;
    }
  }
  return words;
}

/** Whether this is the bare word, in any case. */
export const isWord = (word: Word | undefined, ...texts: readonly string[]): boolean =>
  word?.kind === 'word' && texts.includes(word.text.toUpperCase());
