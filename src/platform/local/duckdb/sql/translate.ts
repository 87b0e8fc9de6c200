import type { Dialect } from '@polyglot-sql/sdk';
import { SqlError } from '../../../../models/errors.ts';
import type { ParsedStatement } from '../../../../models/parse-select.ts';
import { polyglot } from '../../../../models/polyglot.ts';
import { type Ast, type AstObject, isObject, placeOf, rewrite } from '../../../../models/sql-ast.ts';
import { fromJodaPattern, fromMysqlPattern } from './time-patterns.ts';

/**
 * Athena's SQL (Trino) as DuckDB's. Where the same words mean something else in DuckDB, the tree is changed first
 * to call a macro that means what Trino means (see macros.ts); the rest is the translator's work.
 */
export async function toDuckDb(statement: ParsedStatement): Promise<string> {
  const { generate, transpile } = await polyglot();
  const portable = rewrite(statement.ast, (object) => asTrinoMeans(object, statement.text));
  const trino = generate([portable], 'trino' as Dialect);
  if (!trino.success || !trino.sql?.[0]) throw untranslatable(trino.error);
  const duck = transpile(trino.sql[0], 'trino' as Dialect, 'duckdb' as Dialect);
  if (!duck.success || !duck.sql?.[0]) throw untranslatable(duck.error);
  return duck.sql[0];
}

/** Trino's names for what DuckDB calls otherwise and what cannot be a macro: aggregates, functions of functions. */
const RENAMED: { readonly [name: string]: string } = {
  arbitrary: 'any_value',
  approx_percentile: 'approx_quantile',
  transform: 'list_transform',
  filter: 'list_filter',
  contains: 'list_contains',
  array_distinct: 'list_distinct',
  array_sort: 'list_sort',
  parse_datetime: 'strptime',
};

/** Functions for which a macro `trino_<name>` stands. */
const OWN = new Set([
  'date_add',
  'date_trunc',
  'date_diff',
  'at_timezone',
  'concat',
  'greatest',
  'least',
  'sequence',
]);

type Rewriting = (data: AstObject, text: string) => Ast | undefined;

/** By kind of node. `undefined`: leave it as it is. */
const REWRITINGS: { readonly [kind: string]: Rewriting } = {
  div: ({ left, right }) => call('trino_divide', left, right),
  mod: ({ left, right }) => call('trino_modulo', left, right),
  mod_func: ({ this: left, expression }) => call('trino_modulo', left, expression),
  sub: ({ left, right }) => call(isInterval(right) ? 'trino_minus_interval' : 'trino_minus', left, right),
  add: ({ left, right }) =>
    isInterval(right)
      ? call('trino_plus', left, right)
      : isInterval(left)
        ? call('trino_plus', right, left)
        : undefined,
  at_time_zone: ({ this: time, zone }) => call('trino_at_timezone', time, zone),
  json_extract_scalar: ({ this: json, path }) => call('trino_json_extract_scalar', json, path),
  element_at: ({ this: list, expression }) => call('trino_element_at', list, expression),
  cardinality: ({ this: list }) => call('cardinality', list),
  day_of_week: ({ this: date }) => call('day_of_week', date),
  approx_distinct: ({ this: value }) => call('approx_count_distinct', value),
  cast: castAsTrino,
  function: renamed,
};

function asTrinoMeans(object: AstObject, text: string): Ast {
  for (const [kind, data] of Object.entries(object)) {
    const rewriting = REWRITINGS[kind];
    if (rewriting && isObject(data) && Object.hasOwn(REWRITINGS, kind)) {
      const changed = rewriting(data, text);
      if (changed !== undefined) return changed;
    }
  }
  return object;
}

function renamed(data: AstObject, text: string): Ast | undefined {
  const name = typeof data.name === 'string' ? data.name.toLowerCase() : '';
  const args = Array.isArray(data.args) ? data.args : [];
  if (OWN.has(name)) return { function: { ...data, name: `trino_${name}` } };
  if (name === 'date_format')
    return call('strftime', args[0], pattern(args[1], fromMysqlPattern, name, data, text));
  if (name === 'format_datetime')
    return call('strftime', args[0], pattern(args[1], fromJodaPattern, name, data, text));
  if (name === 'date_parse')
    return call('strptime', args[0], pattern(args[1], fromMysqlPattern, name, data, text));
  const other = RENAMED[name];
  return other ? { function: { ...data, name: other } } : undefined;
}

/** Casts that DuckDB makes otherwise: a text is cut to varchar(n), a half is rounded away from zero. */
function castAsTrino(data: AstObject): Ast | undefined {
  const to = data.to;
  if (!isObject(to)) return undefined;
  const type = String(to.data_type);
  if (/^(tiny|small|big)?_?int(eger)?$/.test(type)) {
    return { cast: { ...data, this: call('trino_whole', data.this) } };
  }
  if (!/^(varchar|var_char|text|string)$/.test(type)) return undefined;
  const whole = call('trino_text', data.this);
  return typeof to.length === 'number' ? call('left', whole, numberLiteral(to.length)) : whole;
}

function pattern(
  argument: Ast | undefined,
  translated: (pattern: string) => string | undefined,
  name: string,
  data: AstObject,
  text: string,
): Ast {
  const literal = isObject(argument) && isObject(argument.literal) ? argument.literal : undefined;
  const found = literal?.literal_type === 'string' ? translated(String(literal.value)) : undefined;
  if (found === undefined) {
    throw new SqlError(`The pattern of ${name} is not one that both homes understand.`, {
      place: placeOf(data, text),
      hint: 'docs/sql.md lists the letters; the pattern must be written out as a text',
    });
  }
  return { literal: { literal_type: 'string', value: found } };
}

const isInterval = (value: Ast | undefined): boolean => isObject(value) && 'interval' in value;

const numberLiteral = (value: number): Ast => ({ literal: { literal_type: 'number', value: String(value) } });

const call = (name: string, ...args: (Ast | undefined)[]): Ast => ({
  function: {
    name,
    args: args.map((argument) => argument ?? null),
    distinct: false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  },
});

function untranslatable(cause: string | undefined): SqlError {
  return new SqlError('This SQL cannot be translated for the engine on this machine.', {
    hint: 'see docs/sql.md for what both homes understand',
    cause,
  });
}
