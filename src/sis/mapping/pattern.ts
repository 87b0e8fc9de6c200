/**
 * Names in DMS's mapping rules: `%` any run of characters, `_` exactly one, `[_]` an underscore, `[ab]` and
 * `[a-d]` one of a set or a range. Case counts. (AWS DMS User Guide, "Wildcards in table mapping".)
 */
export interface NamePattern {
  /** The one name that it stands for, where it has no wildcard: lets a thousand rules be looked up at once. */
  readonly literal?: string;
  matches(name: string): boolean;
}

const WILD = /[%_[]/;

/** @throws SyntaxError when a bracket is not closed or holds nothing */
export function compilePattern(text: string): NamePattern {
  if (!WILD.test(text)) return literal(text);
  const pieces: string[] = [];
  let plain = '';
  let wild = false;
  const characters = [...text];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '[') {
      const end = characters.indexOf(']', at + 1);
      if (end <= at + 1) throw new SyntaxError(`"${text}" has a bracket that is empty or not closed`);
      const inside = characters.slice(at + 1, end);
      at = end;
      if (inside.length > 1) wild = true;
      plain += inside[0];
      pieces.push(`[${inside.map((one) => (one === '-' ? one : escaped(one))).join('')}]`);
    } else if (character === '%' || character === '_') {
      wild = true;
      pieces.push(character === '%' ? '.*' : '.');
    } else {
      plain += character;
      pieces.push(escaped(character));
    }
  }
  if (!wild) return literal(plain);
  const expression = new RegExp(`^${pieces.join('')}$`, 'su');
  return { matches: (name) => expression.test(name) };
}

/** A pattern that stands for this name only. */
export function exactly(name: string): string {
  return name.replace(/[%_[]/g, '[$&]');
}

/** Whether the text is the exact name of one table, as filters and table settings demand. */
export function isExact(text: string): boolean {
  return !text.replaceAll('[_]', '').match(/[%[]/);
}

export function literal(name: string): NamePattern {
  return { literal: name, matches: (other) => other === name };
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
