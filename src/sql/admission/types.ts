import { type Ast, isObject } from '../tree.ts';
import { flag, later, list, maybe, oneOf, record, refuse, type Shape, text, whole } from './shape.ts';

/**
 * The types that Athena has, as a CAST names them. Whether the lake can keep a value of one is judged by the linter.
 * A type is no node of one key: the parser says its name in `data_type`.
 */
export const dataType: Shape = (value: Ast | undefined, at) => {
  const name = isObject(value) && typeof value.data_type === 'string' ? value.data_type : '';
  if (!Object.hasOwn(TYPES, name)) refuse(unknownType(name), at, value);
  record({ data_type: text, ...TYPES[name] })(value, { ...at, part: name });
};

const inner: Shape = later(() => dataType);

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
  json: {},
  uuid: {},
  array: { element_type: inner },
  map: { key_type: inner, value_type: inner },
  struct: { fields: list(record({ name: text, data_type: inner })), nested: flag },
};

/** Names of types in other engines, and Athena's for them. */
const ELSEWHERE: { readonly [name: string]: string } = {
  text: 'varchar',
  text_with_length: 'varchar(n)',
  string: 'varchar',
  blob: 'varbinary',
  binary: 'varbinary',
  float: 'real or double',
  int128: 'decimal(38,0)',
  bit: 'varbinary',
  json_b: 'json',
  list: 'array(type)',
};

const unknownType = (name: string): readonly [string, string] => [
  Object.hasOwn(ELSEWHERE, name)
    ? `Athena calls this type ${ELSEWHERE[name]}`
    : 'a type is named that Athena does not have',
  'boolean, integer, bigint, real, double, decimal(p,s), varchar, varbinary, date, time and timestamp are the types of the lake',
];
