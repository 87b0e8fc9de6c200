import { type Place, SyntaxFault } from './problem.ts';

export type Token = Place & {
  readonly kind: 'word' | 'tool' | 'number' | 'literal' | 'template' | 'sign' | 'end';
  /** Without quotes. */
  readonly text: string;
};

const SIGNS = ['!=', '<=', '>=', '=', '<', '>', '(', ')', '[', ']', ',', ':', '.', '+', '-', '*', '/'];

/**
 * The tokens of one line. Texts are in single quotes, or in double quotes with `{…}` for values; a quote of the same
 * kind is written twice.
 * @param from where it begins in its line, counted from 0
 * @throws SyntaxFault for a sign that has no place
 */
export function tokensOf(text: string, line: number, from = 0): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const place = (offset = at): Place => ({ line, column: from + offset + 1 });
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    if (rest.startsWith('#')) break;
    const quote = rest[0]!;
    if (quote === "'" || quote === '"') {
      const found = (quote === "'" ? /^'((?:[^']|'')*)'/ : /^"((?:[^"]|"")*)"/).exec(rest);
      if (!found) throw new SyntaxFault(`The text that begins here has no closing ${quote}.`, place());
      const inner = found[1]!.replaceAll(quote + quote, quote);
      tokens.push({ kind: quote === "'" ? 'literal' : 'template', text: inner, ...place() });
      at += found[0].length;
      continue;
    }
    const tool = /^@[a-z][\w-]*/.exec(rest)?.[0];
    const number = /^\d+(\.\d+)?(?![\w.])/.exec(rest)?.[0];
    const word = /^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}][\p{L}\p{N}_]*)*/u.exec(rest)?.[0];
    const sign = SIGNS.find((one) => rest.startsWith(one));
    const found = tool ?? number ?? word ?? sign;
    if (found === undefined)
      throw new SyntaxFault(`"${String.fromCodePoint(rest.codePointAt(0)!)}" has no meaning here.`, place());
    const kind = tool ? 'tool' : number ? 'number' : word ? 'word' : 'sign';
    tokens.push({ kind, text: tool ? found.slice(1) : found, ...place() });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: '', ...place(text.length) });
  return tokens;
}
