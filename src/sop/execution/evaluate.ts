import type { Json } from '../../json.ts';
import { FUNCTIONS } from '../language/functions.ts';
import type { Expression, Operator } from '../language/tree.ts';
import { MOMENT } from './check-value.ts';

/** The value of an expression. A name that is not there, and a field of what has none, are `nothing`. */
export function evaluate(expression: Expression, names: ReadonlyMap<string, Json>): Json {
  const value = (one: Expression): Json => evaluate(one, names);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return names.get(expression.name) ?? null;
    case 'field': {
      const of = value(expression.of);
      if (of === null || typeof of !== 'object' || Array.isArray(of)) return null;
      return Object.hasOwn(of, expression.name) ? of[expression.name]! : null;
    }
    case 'list':
      return expression.items.map(value);
    case 'template':
      return expression.parts.map((part) => (typeof part === 'string' ? part : shown(value(part)))).join('');
    case 'not':
      return value(expression.of) !== true;
    case 'minus':
      return numberOr(value(expression.of), (number) => -number);
    case 'function':
      return called(expression.name, expression.args.map(value));
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, value);
  }
}

/** Whether a criterion holds; `nothing` does not. */
export const holds = (criterion: Expression, names: ReadonlyMap<string, Json>): boolean =>
  evaluate(criterion, names) === true;

/** A value within a text. */
export function shown(value: Json): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object'))
    return value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** With sorted keys, so that two equal values have one text. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(',')}}`;
}

function called(name: string, args: readonly Json[]): Json {
  const found = FUNCTIONS[name]!;
  // Only a count knows what to make of what is missing.
  if (name !== 'count' && args.includes(null)) return null;
  if (found.takes.some(({ kind }, i) => kind === 'list' && args[i] !== null && !Array.isArray(args[i])))
    return null;
  if (found.takes.some(({ kind }, i) => (kind === 'text' || kind === 'date') && typeof args[i] !== 'string'))
    return null;
  const run = found.run as (...given: readonly Json[]) => Json | undefined;
  return run(...args) ?? null;
}

function binary(
  operator: Operator,
  left: Expression,
  right: Expression,
  value: (one: Expression) => Json,
): Json {
  const a = value(left);
  if (operator === 'and') return a === true && value(right) === true;
  if (operator === 'or') return a === true || value(right) === true;
  const b = value(right);
  switch (operator) {
    case '=':
      return canonical(a) === canonical(b);
    case '!=':
      return canonical(a) !== canonical(b);
    case 'in':
      return Array.isArray(b) && b.some((item) => canonical(item) === canonical(a));
    case 'contains':
      if (Array.isArray(a)) return a.some((item) => canonical(item) === canonical(b));
      return typeof a === 'string' && typeof b === 'string' && a.includes(b);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compared(operator, a, b);
    default:
      return numberOr(a, (x) => numberOr(b, (y) => computed(operator, x, y)));
  }
}

/** A day, from its beginning in UTC, or a moment: of one with another offset the text says nothing. */
const isMoment = (value: Json): value is string =>
  typeof value === 'string' && MOMENT.test(value) && Number.isFinite(Date.parse(value));

/** Numbers with numbers, moments with moments, texts with texts; anything else does not hold. */
function compared(operator: '<' | '<=' | '>' | '>=', a: Json, b: Json): boolean {
  const isSame =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!isSame) return false;
  const [x, y] = isMoment(a) && isMoment(b) ? [Date.parse(a), Date.parse(b)] : [a as number, b as number];
  if (operator === '<') return x < y;
  if (operator === '<=') return x <= y;
  return operator === '>' ? x > y : x >= y;
}

/** A division by zero gives no number, so `nothing`. */
function computed(operator: '+' | '-' | '*' | '/', x: number, y: number): Json {
  const result = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : x / y;
  return Number.isFinite(result) ? result : null;
}

const numberOr = (value: Json, then: (number: number) => Json): Json =>
  typeof value === 'number' ? then(value) : null;
