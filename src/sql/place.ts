import { tokensOf } from './admission/tokens.ts';
import { callOf } from './calls.ts';
import type { SourceLocation } from './errors.ts';
import { type Ast, isObject, placeAt, placeOf, visit } from './tree.ts';

/**
 * Where a part of a statement stands. The parser keeps the places of names only: a part without one is found in the text
 * by the function that it calls, or by a literal in it, where the text has that once.
 */
export function placeOfPart(part: Ast | undefined, text: string): SourceLocation | undefined {
  if (!isObject(part)) return undefined;
  return placeOf(part, text) ?? placeOfName(part, text) ?? placeOfLiteral(part, text);
}

function placeOfName(part: Ast, text: string): SourceLocation | undefined {
  const name = isObject(part) ? callOf(part)?.name : undefined;
  if (name === undefined) return undefined;
  const tokens = tokensOf(text);
  return placeOfOnly(
    tokens.filter(
      ({ kind, value }, i) => kind === 'word' && value.toLowerCase() === name && tokens[i + 1]?.value === '(',
    ),
    text,
  );
}

function placeOfLiteral(part: Ast, text: string): SourceLocation | undefined {
  const literals = new Set<string>();
  visit(part, ({ literal }) => {
    if (isObject(literal)) literals.add(String(literal.value));
  });
  const tokens = tokensOf(text);
  for (const literal of literals) {
    const found = tokens.filter(
      ({ kind, value }) => (kind === 'text' || kind === 'number') && value === literal,
    );
    const place = placeOfOnly(found, text);
    if (place) return place;
  }
  return undefined;
}

const placeOfOnly = (found: readonly { readonly at: number }[], text: string): SourceLocation | undefined =>
  found.length === 1 ? placeAt(text, [...text.slice(0, found[0]!.at)].length) : undefined;
