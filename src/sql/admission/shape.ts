import { nearest } from '../../campus/nearest.ts';
import { SqlError } from '../errors.ts';
import { SHARED_FUNCTIONS } from '../functions/all.ts';
import { familyOf } from '../functions/families.ts';
import { placeOfPart } from '../place.ts';
import { type Ast, type AstObject, isObject, placeAt, placeOf } from '../tree.ts';
import { FOREIGN_KINDS, FOREIGN_PARTS } from './foreign.ts';
import { FOREIGN_FUNCTIONS, type Reason } from './foreign-words.ts';

/** Where a value of the tree stands. */
export interface Position {
  /** The statement as its author wrote it. */
  readonly text: string;
  /** The part that holds the value: `select.top`. */
  readonly part: string;
  /** The objects above, nearest first. */
  readonly above: readonly AstObject[];
}

/** What a value of the tree may be. @throws SqlError for every other value */
export type Shape = (value: Ast | undefined, at: Position) => void;

/** Refuses the statement, at the nearest place that the parser has kept. */
export function refuse([what, portable]: Reason, at: Position, value?: Ast): never {
  const places = [value, ...at.above].map((object) =>
    isObject(object) ? placeOf(object, at.text) : undefined,
  );
  throw new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
    place: places.find((place) => place !== undefined) ?? placeOfPart(value, at.text),
    hint: portable,
  });
}

export const DOCUMENTED = 'docs/sql.md says what a statement can be made of';

/** A part that nobody wrote: the parser gives every node all of its fields. */
const isUnset = (value: Ast | undefined): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);

/** Fields that mean nothing: where a node stood, and its comments, which are taken out before the tree is used. */
const SILENT = /comments?$|^span$/;

/** An object with these fields; a field that is not named must be unset. */
export function record(fields: { readonly [field: string]: Shape }): Shape {
  return (value, at) => {
    if (!isObject(value)) refuse(unknownPart(at.part), at);
    const kind = at.part.split('.').at(-1)!;
    for (const [field, inner] of Object.entries(value)) {
      if (SILENT.test(field)) continue;
      const part = `${kind}.${field}`;
      const shape = Object.hasOwn(fields, field) ? fields[field]! : unset;
      shape(inner, { text: at.text, part, above: [value, ...at.above] });
    }
    for (const [field, shape] of Object.entries(fields)) {
      if (!Object.hasOwn(value, field)) shape(undefined, { ...at, part: `${kind}.${field}` });
    }
  };
}

const unset: Shape = (value, at) => {
  if (!isUnset(value)) refuse(unknownPart(at.part), at, value);
};

const unknownPart = (part: string): Reason => {
  const field = part.split('.').at(-1)!;
  const known = [part, field].find((name) => Object.hasOwn(FOREIGN_PARTS, name));
  return known === undefined
    ? [
        `this use of ${part.replaceAll('.', ' with ').replaceAll('_', ' ')} is not known to mean the same everywhere`,
        DOCUMENTED,
      ]
    : FOREIGN_PARTS[known]!;
};

export const maybe =
  (shape: Shape): Shape =>
  (value, at) => {
    if (!isUnset(value)) shape(value, at);
  };

export const list =
  (shape: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) refuse(unknownPart(at.part), at, value);
    for (const item of value) shape(item, at);
  };

/** Two values side by side. */
export const pair =
  (first: Shape, second: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value) || value.length !== 2) refuse(unknownPart(at.part), at, value);
    first(value[0], at);
    second(value[1], at);
  };

const when =
  (isRight: (value: Ast | undefined) => boolean): Shape =>
  (value, at) => {
    if (!isRight(value)) refuse(unknownPart(at.part), at, value);
  };

/** Said or not: both mean something that is kept, or nothing at all. */
export const flag: Shape = when(
  (value) => value === undefined || value === null || typeof value === 'boolean',
);
export const text: Shape = when((value) => typeof value === 'string');
export const matching = (pattern: RegExp): Shape =>
  when((value) => typeof value === 'string' && pattern.test(value));
export const oneOf = (...words: readonly (string | boolean)[]): Shape =>
  when((value) => (typeof value === 'string' || typeof value === 'boolean') && words.includes(value));
export const whole: Shape = when(
  (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
);

/** The first shape whose test fits. */
export const either =
  (isFirst: (value: Ast | undefined) => boolean, first: Shape, second: Shape): Shape =>
  (value, at) =>
    (isFirst(value) ? first : second)(value, at);

/** For shapes that hold each other. */
export const later =
  (shape: () => Shape): Shape =>
  (value, at) =>
    shape()(value, at);

/** A node, `{ kind: data }`, of one of these kinds; every other kind is refused, with the portable way where it is known. */
export function node(kinds: { readonly [kind: string]: Shape }, role: string): Shape {
  return (value, at) => {
    const entries = isObject(value) ? Object.entries(value) : [];
    const [[kind, data] = ['', undefined]] = entries;
    if (entries.length !== 1) refuse(unknownPart(at.part), at, value);
    if (!Object.hasOwn(kinds, kind)) refuse(unknownKind(kind, role, at), at, value);
    kinds[kind]!(data, { text: at.text, part: kind, above: [value as AstObject, ...at.above] });
  };
}

function unknownKind(kind: string, role: string, { text: statement }: Position): Reason {
  if (Object.hasOwn(FOREIGN_KINDS, kind)) return FOREIGN_KINDS[kind]!;
  const name = kind
    .replace(/_func$/, '')
    .replace(/^(?:[a-z]_)+[a-z](?=_)/, (letters) => letters.replaceAll('_', ''));
  if (new RegExp(`\\b${name}\\s*\\(`, 'i').test(statement) || Object.hasOwn(FOREIGN_FUNCTIONS, name)) {
    return unknownFunction(name);
  }
  return [`${name.replaceAll('_', ' ')} cannot be used as ${role}`, DOCUMENTED];
}

/** Why a function that is on no list is refused. */
export function unknownFunction(name: string): Reason {
  if (Object.hasOwn(FOREIGN_FUNCTIONS, name)) return [`Athena has no ${name}`, FOREIGN_FUNCTIONS[name]!];
  const family = familyOf(name);
  if (family) return [`${name} is not for every engine: ${family[0]}`, family[1]];
  const guess = nearest(name, SHARED_FUNCTIONS);
  return [
    `there is no function "${name}" that every engine has`,
    guess === undefined
      ? 'docs/sql.md lists the functions'
      : `did you mean "${guess}"? docs/sql.md lists them all`,
  ];
}

/** Where a function is called in the text: its own name has no place in the tree. */
export function placeOfCall(statement: string, name: string) {
  const found = new RegExp(`\\b${name.replaceAll(/\W/g, '')}\\s*\\(`, 'i').exec(statement);
  return found ? placeAt(statement, [...statement.slice(0, found.index)].length) : undefined;
}
