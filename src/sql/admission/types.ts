import { type Ast, isObject } from '../tree.ts';
import { FOREIGN_TYPES, foreignType, type Reason, TYPES_OF_THE_LAKE } from './foreign-words.ts';
import {
  flag,
  later,
  list,
  matching,
  maybe,
  oneOf,
  record,
  refuse,
  type Shape,
  text,
  whole,
} from './shape.ts';

/**
 * The types that Athena has, as a CAST names them. Whether the lake can keep a value of one is decided by the linter.
 * A type is no node of one key: the parser says its name in `data_type`.
 */
export const dataType: Shape = (value: Ast | undefined, at) => {
  const name = isObject(value) && typeof value.data_type === 'string' ? value.data_type : '';
  if (!Object.hasOwn(TYPES, name)) refuse(unknownType(name), at, value);
  record({ data_type: text, ...TYPES[name] })(value, { ...at, part: name });
};

const inner: Shape = later(() => dataType);

/** The parser keeps the quotes of a field's name. */
const FIELD = /^(?:[a-z_][a-z0-9_]*|"[^"\p{Cc}]+")$/iu;
const UNIT = matching(/^(?:year|month|day|hour|minute|second)$/i);

const TYPES: { readonly [name: string]: { readonly [part: string]: Shape } } = {
  boolean: {},
  tiny_int: {},
  small_int: {},
  int: { integer_spelling: flag },
  big_int: {},
  float: { real_spelling: oneOf(true) },
  double: {},
  decimal: { precision: maybe(whole), scale: maybe(whole) },
  char: { length: maybe(whole) },
  var_char: { length: maybe(whole), parenthesized_length: flag },
  var_binary: {},
  date: {},
  time: { precision: maybe(whole), timezone: flag },
  timestamp: { precision: maybe(whole), timezone: flag },
  interval: { unit: UNIT, to: UNIT },
  json: {},
  uuid: {},
  array: { element_type: inner },
  map: { key_type: inner, value_type: inner },
  struct: { fields: list(record({ name: matching(FIELD), data_type: inner })), nested: flag },
};

const unknownType = (name: string): Reason =>
  Object.hasOwn(FOREIGN_TYPES, name)
    ? foreignType(name)
    : ['a type is named that Athena does not have', TYPES_OF_THE_LAKE];
