import { didYouMean } from '../../campus/nearest.ts';
import type { Parameter } from '../tool.ts';
import type { Mistake } from './infer.ts';
import { isWritten } from './look-at.ts';
import type { Place } from './problem.ts';
import type { Argument, Expression } from './tree.ts';
import { fits, type Type, typeText } from './types.ts';

/** What a tool or another procedure takes. */
export interface Taking {
  /** Its name, as a mistake writes it. */
  readonly what: string;
  readonly takes: Readonly<Record<string, Pick<Parameter, 'type' | 'optional' | 'written'>>>;
  /** Whether it takes arguments of other names too. Default: no */
  readonly takesMore?: boolean;
}

/** Every mistake in the arguments of a call: too many, twice, unknown, missing, of another type. */
export function checkArguments(
  at: Place,
  given: readonly Argument[],
  { what, takes, takesMore = false }: Taking,
  typeOf: (value: Expression) => Type,
  mistake: Mistake,
): void {
  const order = Object.keys(takes);
  const seen = new Set<string>();
  for (const [i, { name = order[i], value, ...place }] of given.entries()) {
    const type = typeOf(value);
    if (name === undefined) mistake(place, 'arguments', `${what} takes ${order.length} arguments.`);
    else if (seen.has(name)) mistake(place, 'arguments', `\`${name}\` is given twice.`);
    else if (!Object.hasOwn(takes, name)) {
      if (!takesMore) mistake(place, 'arguments', `${what} takes no \`${name}\`${didYouMean(name, order)}.`);
    } else if (takes[name]!.written && !isWritten(value))
      mistake(
        value,
        'written',
        `\`${name}\` of ${what} is written here as it is, without values in it: give them by name, as in \`:student\`.`,
      );
    else if (!fits(type, takes[name]!.type))
      mistake(
        value,
        'type',
        `\`${name}\` of ${what} is ${typeText(takes[name]!.type)}, not ${typeText(type)}.`,
      );
    if (name !== undefined) seen.add(name);
  }
  const missing = order.filter((name) => !takes[name]!.optional && !seen.has(name));
  if (missing.length > 0)
    mistake(at, 'arguments', `${what} needs ${missing.map((name) => `\`${name}\``).join(', ')}.`);
}
