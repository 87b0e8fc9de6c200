import { parseClass } from './classes.ts';
import { escapedSign } from './escapes.ts';
import { type Anchor, type Pattern, PatternProblem, type Regexp } from './pattern.ts';

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** More than this RE2 does not repeat. */
const MOST_REPEATS = 1000;
const LOOKING = 'only Athena can look around in a text: find the whole with a group, and take the group';

/**
 * Reads a pattern.
 * @throws PatternProblem for what is no pattern, or not the same in every engine
 */
export function parseRegexp(text: string): Regexp {
  const parser = new Parser(text);
  const pattern = parser.choice({ i: false, m: false, s: false });
  if (!parser.isAtEnd)
    throw new PatternProblem('a parenthesis is closed that was not opened', 'write \\) for the sign');
  return { pattern, groups: parser.groups, names: parser.names };
}

class Parser {
  groups = 0;
  readonly names = new Map<string, number>();
  readonly #signs: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#signs = [...text];
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#signs.length;
  }

  choice(given: Flags): Pattern {
    const flags = this.#leadingFlags(given);
    const branches = [this.#sequence(flags)];
    while (this.#take('|')) branches.push(this.#sequence(flags));
    return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
  }

  /** `(?i)` holds for the rest of its group; within it Athena lets it swallow the `|` that follow, the others do not. */
  #leadingFlags(given: Flags): Flags {
    const found = /^\(\?([a-z]*)(?:-([a-z]*))?\)/.exec(this.#rest(24));
    if (!found) return given;
    this.#at += found[0].length;
    return this.#leadingFlags(changed(given, found[1]!, found[2] ?? ''));
  }

  #sequence(flags: Flags): Pattern {
    const items: Pattern[] = [];
    while (!this.isAtEnd && this.#next !== '|' && this.#next !== ')') items.push(this.#quantified(flags));
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #quantified(flags: Flags): Pattern {
    const body = this.#atom(flags);
    const [least, most] = this.#quantifier() ?? [];
    if (least === undefined || most === undefined) return body;
    if (body.kind === 'anchor') {
      throw new PatternProblem('a place in the text is repeated', 'write it once, without *, + or ?');
    }
    if ((most === Number.POSITIVE_INFINITY ? least : most) > MOST_REPEATS) {
      throw new PatternProblem(
        `something is repeated more than ${MOST_REPEATS} times`,
        'test the length apart',
      );
    }
    const lazy = this.#take('?');
    if (this.#next === '+' || this.#quantifier() !== undefined) {
      throw new PatternProblem(
        'something is repeated twice over',
        'put parentheses around it, or write one of *, + and ?',
      );
    }
    return { kind: 'repeat', body, least, most, lazy };
  }

  /** What is repeated how often; a brace that says nothing of the kind stands for itself. */
  #quantifier(): readonly [least: number, most: number] | undefined {
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(this.#rest(16));
    if (!found) return undefined;
    this.#at += found[0].length;
    const [, sign, least, comma, most] = found;
    if (sign !== undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    if (comma === undefined) return [Number(least), Number(least)];
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #atom(flags: Flags): Pattern {
    const sign = this.#signs[this.#at++]!;
    if (sign === '(') return this.#group(flags);
    if (sign === '[') {
      const { members, negated, length } = parseClass(this.#signs.slice(this.#at));
      this.#at += length;
      return { kind: 'class', members, negated, folded: flags.i };
    }
    if (sign === '.') return { kind: 'any', overLines: flags.s };
    if (sign === '^') return anchor(flags.m ? 'line-start' : 'start');
    if (sign === '$') return anchor(flags.m ? 'line-end' : 'last-line');
    if (sign === '\\') return this.#escaped(flags);
    if (/[*+?]/.test(sign)) {
      throw new PatternProblem(`there is nothing before ${sign}`, `write \\${sign} for the sign`);
    }
    return { kind: 'sign', code: sign.codePointAt(0)!, folded: flags.i };
  }

  #group(flags: Flags): Pattern {
    const special = /^\?(?:(:)|<([A-Za-z]\w*)>|([a-z]*)(?:-([a-z]*))?:)/.exec(this.#rest(40));
    if (this.#next === '?' && !special) {
      throw new PatternProblem('a group begins with a sign that not every engine knows', LOOKING);
    }
    this.#at += special?.[0].length ?? 0;
    const [, plain, name, on, off] = special ?? [];
    const isCounted = special === null || name !== undefined;
    const number = isCounted ? ++this.groups : undefined;
    if (name !== undefined && number !== undefined) {
      if (this.names.has(name)) throw new PatternProblem('two groups have one name', 'name them apart');
      this.names.set(name, number);
    }
    const own = plain === undefined && on !== undefined ? changed(flags, on, off ?? '') : flags;
    const body = this.choice(own);
    if (!this.#take(')')) throw new PatternProblem('a parenthesis is not closed', 'write \\( for the sign');
    return { kind: 'group', number, name, body };
  }

  #escaped(flags: Flags): Pattern {
    const letter = this.#signs[this.#at++];
    if (letter === undefined) throw new PatternProblem('it ends in a backslash', 'write \\\\ for the sign');
    const places: { readonly [letter: string]: Anchor } = {
      A: 'start',
      b: 'edge',
      B: 'no-edge',
      z: 'end',
      Z: 'last-line',
    };
    if (places[letter]) return anchor(places[letter]);
    if (/[dwsDWS]/.test(letter)) {
      return { kind: 'class', negated: false, members: [{ letter: letter as 'd' }], folded: flags.i };
    }
    const { code, length } = escapedSign(this.#signs.slice(this.#at - 1));
    this.#at += length - 1;
    return { kind: 'sign', code, folded: flags.i };
  }

  get #next(): string | undefined {
    return this.#signs[this.#at];
  }

  #rest(length: number): string {
    return this.#signs.slice(this.#at, this.#at + length).join('');
  }

  #take(sign: string): boolean {
    if (this.#next !== sign) return false;
    this.#at++;
    return true;
  }
}

const anchor = (at: Anchor): Pattern => ({ kind: 'anchor', at });

function changed(flags: Flags, on: string, off: string): Flags {
  if (/[^ims]/.test(on + off)) {
    throw new PatternProblem('a flag is set that not every engine knows', 'i, m and s are known');
  }
  const next = { ...flags };
  for (const flag of on) next[flag as 'i'] = true;
  for (const flag of off) next[flag as 'i'] = false;
  return next;
}
