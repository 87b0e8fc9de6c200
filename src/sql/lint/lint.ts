import type { TableSet } from '../../ports/tables.ts';
import { placeOfCall, unknownFunction } from '../admission/shape.ts';
import { callOf } from '../calls.ts';
import { type SourceLocation, SqlError } from '../errors.ts';
import { REFUSED_FUNCTIONS, SHARED_FUNCTIONS } from '../functions/all.ts';
import type { ParsedStatement } from '../parse.ts';
import { perColumns } from '../per-columns.ts';
import { placeOfPart } from '../place.ts';
import { type Ast, type AstObject, isObject, nameOf, placeOf, visit } from '../tree.ts';
import { inferTypes } from '../types/infer.ts';
import type { Finding } from './finding.ts';
import { findJson } from './json-rules.ts';
import { findNested } from './nested-rules.ts';
import { refuseShapes } from './shape-rules.ts';
import { findIntervalLiteral, findTimeLiteral } from './time-literals.ts';
import { findByTypes, findInCast } from './type-rules.ts';
import { findZoned } from './zoned-rules.ts';

type Rule = (object: AstObject) => Finding | undefined;

const RULES: readonly Rule[] = [
  (object) => {
    const name = nameOfCall(object);
    if (name === undefined || SHARED_FUNCTIONS.has(name) || name === 'grouping sets') return undefined;
    if (name === 'table') return ['table functions cannot be called here', 'ask a table, or UNNEST an array'];
    const refused = Object.hasOwn(REFUSED_FUNCTIONS, name) ? REFUSED_FUNCTIONS[name] : undefined;
    if (refused) return [`${name} is not for every engine: ${refused[0]}`, refused[1]];
    return unknownFunction(name);
  },
  ({ column }) => {
    const name = isObject(column) ? nameOf(column.name) : undefined;
    return name !== undefined && /^_col\d+$/i.test(name)
      ? ['a column that was given no name cannot be asked for', 'name it where it is made: count(*) AS n']
      : undefined;
  },
  ({ cast, try_cast }) => {
    const data = isObject(cast) ? cast : isObject(try_cast) ? try_cast : undefined;
    return isObject(data?.to) ? findInCast(data.to) : undefined;
  },
  (object) => {
    const call = callOf(object);
    const [first, , third] = call?.args ?? [];
    return call?.name === 'date_add' && literalOf(first) === 'millisecond' && isCoarse(third)
      ? [
          'a timestamp that is written without milliseconds has none in Athena',
          "write them: TIMESTAMP '… 08:00:00.000'",
        ]
      : undefined;
  },
  (object) => {
    const call = callOf(object);
    const pattern = /^date_(format|parse)$/.test(call?.name ?? '') ? literalOf(call?.args[1]) : undefined;
    return pattern !== undefined && JODA_FIELD.test(pattern) && !pattern.includes('%')
      ? [
          `the pattern of ${call?.name} has no field: without % its letters stand for themselves`,
          `write date_format(t, '%Y-%m-%d %H:%i:%s'), date_parse(x, '%Y-%m-%d') or format_datetime(t, 'yyyy-MM-dd')`,
        ]
      : undefined;
  },
  ({ column }) => {
    const name = isObject(column) ? nameOf(column.name) : undefined;
    return name?.startsWith('$')
      ? [`the hidden column "${name}" exists only in Athena`, 'ask ops.loads for what was delivered when']
      : undefined;
  },
  findTimeLiteral,
  findIntervalLiteral,
];

/** Fields as format_datetime writes them. */
const JODA_FIELD = /y{2,4}|Y{4}|MM|dd|HH|hh|mm|ss/;

/** The name by which a function was called. */
function nameOfCall(object: AstObject): string | undefined {
  const call = callOf(object);
  const written = call?.data.original_name ?? call?.data.name;
  return typeof written === 'string' ? written.toLowerCase() : call?.name;
}

const literalOf = (node: Ast | undefined): string | undefined => {
  const literal = isObject(node) && isObject(node.literal) ? node.literal : undefined;
  return literal === undefined ? undefined : String(literal.value);
};

const isCoarse = (node: Ast | undefined): boolean =>
  isObject(node) &&
  isObject(node.literal) &&
  node.literal.literal_type === 'timestamp' &&
  !/\.\d{3}/.test(String(node.literal.value));

/**
 * Refuses what cannot mean the same in Athena, in Spark and on one machine.
 * @param tables those whose columns are known, so that types can be checked. Default: none
 * @throws SqlError naming the reason and the portable way
 */
export const lint = perColumns((statement: ParsedStatement, tables: TableSet): true => {
  refuseShapes(statement);
  const types = inferTypes(statement, tables);
  visit(statement.ast, (object, above) => {
    const findings = RULES.map((rule) => rule(object));
    const finding = [
      ...findings,
      findByTypes(object, types),
      findZoned(object, above, types),
      findNested(object, above, types),
      findJson(object, above, types),
    ].find((found) => found !== undefined);
    if (!finding) return;
    const [what, portable, code] = finding;
    throw new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
      place: placeOfFinding(object, above, statement.text),
      hint: portable,
      code,
    });
  });
  return true;
});

/** A function's own name has no place in the tree: it is looked for in the text. */
function placeOfFinding(
  object: AstObject,
  above: readonly AstObject[],
  text: string,
): SourceLocation | undefined {
  const call = [object.function, object.aggregate_function].find(isObject);
  const called = call && typeof call.name === 'string' ? placeOfCall(text, call.name) : undefined;
  return (
    called ??
    placeOfPart(object, text) ??
    above.map((o) => placeOf(o, text)).find((place) => place !== undefined) ??
    above.map((o) => placeOfPart(o, text)).find((place) => place !== undefined)
  );
}
