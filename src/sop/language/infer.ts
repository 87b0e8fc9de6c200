import { didYouMean } from '../../campus/nearest.ts';
import { FUNCTIONS } from './functions.ts';
import type { Place } from './problem.ts';
import type { Expression, Operator } from './tree.ts';
import { ANY, BOOLEAN, either, fits, list, NUMBER, TEXT, type Type, typeText } from './types.ts';

/** Told of each mistake in an expression. */
export type Mistake = (at: Place, code: string, message: string) => void;

/** The type of a value, and every mistake in how it is made. @param names what is known by name, and of which type */
export function inferType(expression: Expression, names: ReadonlyMap<string, Type>, mistake: Mistake): Type {
  const infer = (one: Expression): Type => inferType(one, names, mistake);
  switch (expression.kind) {
    case 'literal':
      if (typeof expression.value === 'string') return { kind: 'choice', options: [expression.value] };
      if (expression.value === null) return ANY;
      return typeof expression.value === 'number' ? NUMBER : BOOLEAN;
    case 'name': {
      const found = names.get(expression.name);
      if (found) return found;
      mistake(
        expression,
        'unknown-name',
        `Nothing is named \`${expression.name}\` here${didYouMean(expression.name, names.keys())}.`,
      );
      return ANY;
    }
    case 'field':
      return fieldType(infer(expression.of), expression, mistake);
    case 'list':
      return list(
        expression.items.map(infer).reduce<Type | undefined>((a, b) => (a ? either(a, b) : b), undefined) ??
          ANY,
      );
    case 'template':
      for (const part of expression.parts) if (typeof part !== 'string') infer(part);
      return TEXT;
    case 'not':
      wanted(expression.of, infer(expression.of), BOOLEAN, mistake);
      return BOOLEAN;
    case 'minus':
      wanted(expression.of, infer(expression.of), NUMBER, mistake);
      return NUMBER;
    case 'function':
      return functionType(expression, infer, mistake);
    case 'binary':
      return binaryType(expression, infer, mistake);
  }
}

function fieldType(
  of: Type,
  { name, line, column }: Place & { readonly name: string },
  mistake: Mistake,
): Type {
  const at = { line, column: column + 1 };
  if (of.kind === 'any') return ANY;
  if (of.kind !== 'record') {
    mistake(at, 'no-field', `A ${typeText(of)} has no field \`${name}\`.`);
    return ANY;
  }
  if (Object.hasOwn(of.fields, name)) return of.fields[name]!;
  if (!of.open)
    mistake(at, 'no-field', `There is no field \`${name}\`${didYouMean(name, Object.keys(of.fields))}.`);
  return ANY;
}

function functionType(
  { name, args, line, column }: Extract<Expression, { kind: 'function' }>,
  infer: (one: Expression) => Type,
  mistake: Mistake,
): Type {
  const types = args.map(infer);
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!found) {
    mistake(
      { line, column },
      'unknown-function',
      `There is no function \`${name}\`${didYouMean(name, Object.keys(FUNCTIONS))}.`,
    );
    return ANY;
  }
  if (args.length !== found.takes.length)
    mistake(
      { line, column },
      'arguments',
      `\`${name}\` takes ${found.takes.map(typeText).join(' and ')}, and is given ${args.length}.`,
    );
  for (const [i, type] of found.takes.entries()) if (args[i]) wanted(args[i], types[i]!, type, mistake);
  // Of a list, the item.
  if ((name === 'first' || name === 'last') && types[0]?.kind === 'list') return types[0].of;
  return found.gives;
}

const ORDERED: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=']);

function binaryType(
  { operator, left, right, line, column }: Extract<Expression, { kind: 'binary' }>,
  infer: (one: Expression) => Type,
  mistake: Mistake,
): Type {
  const [a, b] = [infer(left), infer(right)];
  const at = { line, column };
  if (operator === 'and' || operator === 'or') {
    wanted(left, a, BOOLEAN, mistake);
    wanted(right, b, BOOLEAN, mistake);
    return BOOLEAN;
  }
  if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
    wanted(left, a, NUMBER, mistake);
    wanted(right, b, NUMBER, mistake);
    return NUMBER;
  }
  if (operator === 'in') {
    if (b.kind !== 'list' && b.kind !== 'any')
      mistake(right, 'type', `\`in\` takes a list, not a ${typeText(b)}.`);
    else if (b.kind === 'list' && !fits(a, b.of)) never(at, a, b.of, mistake);
    return BOOLEAN;
  }
  if (operator === 'contains') {
    const isText = fits(a, TEXT) && fits(b, TEXT);
    if (a.kind !== 'list' && a.kind !== 'any' && !isText)
      mistake(at, 'type', `\`contains\` takes a list or a text, not a ${typeText(a)}.`);
    return BOOLEAN;
  }
  if (!fits(a, b)) never(at, a, b, mistake);
  else if (
    ORDERED.has(operator) &&
    [a, b].some(({ kind }) => kind === 'boolean' || kind === 'list' || kind === 'record')
  )
    mistake(at, 'type', `\`${operator}\` compares numbers, dates and texts.`);
  return BOOLEAN;
}

function never(at: Place, a: Type, b: Type, mistake: Mistake): void {
  const isMisspelt = a.kind === 'choice' && b.kind === 'choice' && b.options.length === 1;
  const guess = isMisspelt ? didYouMean(b.options[0]!, a.options) : '';
  const message = `This can never be: one side is ${typeText(a)}, the other ${typeText(b)}${guess || '.'}`;
  mistake(at, 'never', message);
}

function wanted(at: Place, found: Type, type: Type, mistake: Mistake): void {
  if (!fits(found, type))
    mistake(at, 'type', `Here a ${typeText(type)} is expected, not ${typeText(found)}.`);
}
