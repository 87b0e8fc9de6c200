/** A word, a sign or a literal of a statement. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'unknown';
  /** As it is written; of a quoted name and of a text (`'…'`, `X'…'`, `U&'…'`) what stands between the quotes, doubled quotes once. */
  readonly value: string;
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
}

/** In the order in which they are tried. Source: the lexical rules at the end of Trino's grammar, SqlBase.g4 (476). */
const RULES: readonly (readonly [kind: Token['kind'] | undefined, pattern: RegExp])[] = [
  [undefined, /\s+/y],
  [undefined, /--[^\r\n]*/y],
  [undefined, /\/\*[\s\S]*?\*\//y],
  ['text', /(?:[xX]|[uU]&)?'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  // Signs of other engines that begin like one of Trino's, before those; a run of them is one sign.
  ['unknown', /<=>|<<|>>|->>|::|:=|==|!~~?\*?|\*\*|\/\/|\|\|\/|\|\/|&&|@>|<@|\?\||\?&|~~?\*?|!!/y],
  ['sign', /<>|!=|<=|>=|\|\||->|=>|[-+*/%=<>.,()[\];:?]/y],
  ['unknown', /[\s\S]/uy],
];

/** A statement in the words of Trino's lexical grammar: comments and blanks left out, unknown signs kept as such. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    for (const [kind, pattern] of RULES) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      if (kind !== undefined) tokens.push({ kind, value: contentOf(kind, found), at });
      at += found.length;
      break;
    }
  }
  return tokens;
}

function contentOf(kind: Token['kind'], written: string): string {
  if (kind === 'text') return written.slice(written.indexOf("'") + 1, -1).replaceAll("''", "'");
  if (kind === 'quoted') return written.slice(1, -1).replaceAll('""', '"');
  return written;
}
