import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ValueNode,
} from 'graphql';
import { LosslessNumber } from 'lossless-json';
import type { LakeType } from '../../campus/lake-type.ts';
import { valueText } from '../sql/values.ts';

/** A cell as JSON: whole digits of numbers, and instants as ISO 8601. */
type Serialize = (cell: unknown) => unknown;

const asIs: Serialize = (cell) => cell;
const digits: Serialize = (cell) => new LosslessNumber(String(cell));

/** JSON has no number for NaN and the infinities. */
const floating: Serialize = (cell) => {
  const number = typeof cell === 'number' ? cell : Number(cell);
  return Number.isFinite(number) ? number : String(cell);
};

const scalar = (name: string, type: LakeType, description: string, serialize: Serialize): GraphQLScalarType =>
  new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: (value) => valueText(value, type),
    parseLiteral: (node) => valueText(literalOf(node), type),
  });

/** Numbers keep their digits: a literal is read as text. */
function literalOf(node: ValueNode): unknown {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING) return node.value;
  return node.kind === Kind.BOOLEAN ? node.value : undefined;
}

const SCALARS = {
  bigint: scalar('bigint', 'bigint', 'A whole number of 64 bits, with all its digits.', digits),
  numeric: scalar('numeric', 'decimal(38,10)', 'A decimal, with all its digits.', digits),
  float8: scalar('float8', 'double', 'A number of double precision.', floating),
  date: scalar('date', 'date', 'A day, as `2026-11-30`.', asIs),
  timestamp: scalar(
    'timestamp',
    'timestamp',
    'An instant in UTC without a zone, as `2026-11-30T08:00:00`.',
    (cell) => String(cell).replace(' ', 'T'),
  ),
  time: scalar('time', 'varchar', 'A time of day.', asIs),
  bytea: scalar('bytea', 'varchar', 'Bytes, as hexadecimal digits.', asIs),
};

/** The scalar of a type of the lake, named as Hasura names PostgreSQL's. */
export function scalarOf(type: LakeType): GraphQLScalarType {
  switch (type) {
    case 'varchar':
      return GraphQLString;
    case 'integer':
      return GraphQLInt;
    case 'bigint':
      return SCALARS.bigint;
    case 'boolean':
      return GraphQLBoolean;
    case 'real':
      return GraphQLFloat;
    case 'double':
      return SCALARS.float8;
    case 'date':
      return SCALARS.date;
    case 'timestamp':
      return SCALARS.timestamp;
    case 'time':
      return SCALARS.time;
    case 'varbinary':
      return SCALARS.bytea;
    default:
      return SCALARS.numeric;
  }
}

export const isNumeric = (type: LakeType): boolean => /^(integer|bigint|real|double|decimal)/.test(type);

/** Types of which the least and the greatest value are asked. */
export const isOrdered = (type: LakeType): boolean => type !== 'boolean' && type !== 'varbinary';
