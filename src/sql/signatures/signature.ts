import { rowField, typeText } from '../types/type-text.ts';
import trino from './trino-functions.json' with { type: 'json' };

/** One way in which Trino's function can be called. */
export interface Signature {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'window' | 'table';
  /** Types of the parameters in Trino's words, with variables (`T`, `decimal(p,s)`); lengths are left out. */
  readonly parameters: readonly string[];
  readonly result: string;
  /** The same with the lengths of texts. */
  readonly exactResult: string;
  /** The last parameter may be given any number of times, from none. */
  readonly isVariadic: boolean;
}

/** What the list does not say: the last parameter of these comes as often as one likes, at least so often. */
const VARIADIC: { readonly [name: string]: { readonly [parameters: string]: number } } = {
  concat: { varchar: 2, varbinary: 2, 'array(E)': 1 },
  concat_ws: { 'varchar,varchar': 2 },
  greatest: { E: 1 },
  least: { E: 1 },
  map_concat: { 'map(K,V)': 1 },
};

/** What the list does not hold: forms of the language that are called like functions. */
const FORMS: { readonly [name: string]: readonly string[] } = {
  localtime: ['scalar () time'],
  localtimestamp: ['scalar () timestamp'],
  current_time: ['scalar () time with time zone'],
  current_timestamp: ['scalar () timestamp with time zone'],
  current_user: ['scalar () varchar'],
  listagg: ['aggregate (varchar,varchar) varchar', 'aggregate (varchar) varchar'],
  normalize: ['scalar (varchar,varchar) varchar', 'scalar (varchar) varchar'],
  strpos: ['scalar (varchar,varchar) bigint', 'scalar (varchar,varchar,bigint) bigint'],
};

/** What the list holds only in part. */
const MORE: { readonly [name: string]: readonly string[] } = {
  at_timezone: ['scalar (timestamp with time zone,interval day to second) timestamp with time zone'],
};

const FUNCTIONS: { readonly [name: string]: readonly string[] } = trino.functions;
const known = new Map<string, readonly Signature[]>();

/** Whether Trino has a function of this name. */
export const isTrinoFunction = (name: string): boolean =>
  Object.hasOwn(FORMS, name) || Object.hasOwn(FUNCTIONS, name);

/** The signatures of one of Trino's functions, by its name in small letters; empty where it has none of that name. */
export function signaturesOf(name: string): readonly Signature[] {
  const before = known.get(name);
  if (before) return before;
  const listed = Object.hasOwn(FORMS, name)
    ? FORMS[name]
    : Object.hasOwn(FUNCTIONS, name)
      ? FUNCTIONS[name]
      : [];
  const more = Object.hasOwn(MORE, name) ? MORE[name]! : [];
  const signatures = [...(listed ?? []), ...more].map((text) => signature(name, text));
  known.set(name, signatures);
  return signatures;
}

function signature(name: string, text: string): Signature {
  const kind = text.slice(0, text.indexOf(' ')) as Signature['kind'];
  const from = text.indexOf('(');
  const to = closing(text, from);
  const inside = text.slice(from, to + 1);
  const parameters = typeText(`x${inside}`).parts.map(withoutLengths);
  const exactResult = text.slice(to + 2);
  return {
    name,
    kind,
    parameters,
    result: withoutLengths(exactResult),
    exactResult,
    isVariadic: Object.hasOwn(VARIADIC[name] ?? {}, parameters.join(',')),
  };
}

/** How few arguments it may be called with. */
export const fewest = ({ name, parameters, isVariadic }: Signature): number =>
  isVariadic ? VARIADIC[name]![parameters.join(',')]! : parameters.length;

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length - 1;
}

/** `varchar(x)` is `varchar` and `timestamp(p) with time zone` has no digits in the lake's types. */
const withoutLengths = (type: string): string =>
  type.replaceAll(/\b(varchar|char|timestamp|time)\(\w+\)/g, '$1');

/** Whether a word of a signature stands for a type that the arguments decide: `T`, `e`, `K1`. */
export const isVariable = (type: string): boolean => /^[A-Za-z]\d?$/.test(type);

/** The types in a `function(S,T,R)`: those of its parameters, and last the one that it gives. */
export function lambdaOf(
  type: string,
): { readonly parameters: readonly string[]; readonly result: string } | undefined {
  if (!type.startsWith('function(')) return undefined;
  const parts = typeText(type).parts;
  return { parameters: parts.slice(0, -1), result: parts.at(-1)! };
}

/** The types inside of one: of an array, of a map, of the fields of a row. */
export const partsOf = (type: string): readonly string[] => {
  const { base, parts } = typeText(type);
  return base === 'row' ? parts.map((part) => rowField(part).type) : parts;
};
