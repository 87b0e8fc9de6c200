import { call, cast, choose, closed, isNull, lambda, NULL, word } from '../../build.ts';
import { type Ast, isObject } from '../../tree.ts';
import { commonType, decimalOf, elementOf } from '../../types/sql-type.ts';
import { duckType } from '../duck-type.ts';
import { fieldAt, withValue } from '../nested-values.ts';
import { inCastableType } from '../rewriting.ts';
import { type Lambda, lambdaOf, substitute } from '../substitute.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Functions of functions. DuckDB gives an array of what a lambda says of each element; the rest is told from that. */
export const LAMBDAS: Area = {
  macros: [
    `trino_any_match(flags) AS CASE WHEN list_contains(flags, true) THEN true
       WHEN flags IS NULL OR len(flags) > list_count(flags) THEN NULL ELSE false END`,
    `trino_all_match(flags) AS CASE WHEN list_contains(flags, false) THEN false
       WHEN flags IS NULL OR len(flags) > list_count(flags) THEN NULL ELSE true END`,
    `trino_none_match(flags) AS CASE WHEN list_contains(flags, true) THEN false
       WHEN flags IS NULL OR len(flags) > list_count(flags) THEN NULL ELSE true END`,
    `trino_any_flag(flags) AS coalesce(list_contains(flags, true), false)`,
    `trino_zip(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_zip(trino_part(a), trino_part(b)) END,
       (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE list_zip(trino_part(a), trino_part(b), trino_part(c)) END,
       (a, b, c, d) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL THEN NULL
       ELSE list_zip(trino_part(a), trino_part(b), trino_part(c), trino_part(d)) END,
       (a, b, c, d, e) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL OR d IS NULL OR e IS NULL THEN NULL
       ELSE list_zip(trino_part(a), trino_part(b), trino_part(c), trino_part(d), trino_part(e)) END`,
    `trino_pair(a, b) AS row(a, b)`,
    `trino_alone(x) AS [x]`,
    `trino_places(list) AS CASE WHEN len(list) > 2000
       THEN error('An array of more than 2,000 elements is sorted by a lambda. Sort it by a value of its elements.')
       ELSE list END`,
    // What a comparison says of each other element, and where that one stands: how many come before this one.
    `trino_before(signs, place) AS CASE
       WHEN len(signs) > list_count(signs) OR len(list_filter(signs, lambda e_sign: e_sign NOT IN (-1, 0, 1))) > 0
       THEN error('A comparison of array_sort gives -1, 0 or 1.')
       ELSE len(list_filter(signs, lambda e_sign, i_sign:
         i_sign <> place AND (e_sign = -1 OR (e_sign = 0 AND i_sign < place)))) END`,
    `trino_by_places(list, places) AS CASE WHEN list IS NOT NULL THEN list_transform(
       list_sort(list_zip(places, range(1, len(list) + 1))), lambda p_place: list[p_place[2]]) END`,
  ],
  kinds: {
    // An arrow binds more than the operators of its body do.
    lambda: ({ data }) => ({ lambda: { ...data, body: closed(data.body ?? null) } }),
  },
  calls: {
    all_match: matched('trino_all_match'),
    any_match: matched('trino_any_match'),
    array_sort: (given) => (given.args.length === 2 ? sorted(given) : undefined),
    filter: ({ args }) => call('list_filter', ...args),
    none_match: matched('trino_none_match'),
    reduce: reduced,
    transform: ({ args }) => call('list_transform', ...args),
    zip: ({ args }) => call('trino_zip', ...args),
    zip_with: (given) => {
      const { parameters, body } = lambdaAt(given, 2);
      const pair = `p_${parameters.join('_')}`;
      const values = new Map(parameters.map((name, i) => [name, fieldAt(word(pair), i)]));
      return call(
        'list_transform',
        call('trino_zip', given.args[0], given.args[1]),
        lambda([pair], closed(substitute(body, values))),
      );
    },
  },
};

function matched(name: string): (given: RewrittenCall) => Ast {
  return ({ args }) => call(name, call('list_transform', ...args));
}

/** The lambda that is an argument, in DuckDB's words. */
function lambdaAt({ args, refuse }: RewrittenCall, index: number): Lambda {
  return lambdaOf(args[index]) ?? refuse('a function is expected here', 'write it as x -> …, or (x, y) -> …');
}

/** Each element's place is the number of those before it: the lambda is asked of every two. */
function sorted(given: RewrittenCall): Ast {
  const { parameters, body } = lambdaAt(given, 1);
  const [one = 'x', other = 'y'] = parameters;
  const [list, place] = [word(`l_${one}_${other}`), `i_${one}_${other}`];
  const signs = call('list_transform', list, lambda([one], closed(body)));
  const places = call(
    'list_transform',
    call('trino_places', list),
    lambda([other, place], call('trino_before', signs, word(place))),
  );
  return withValue(given.args[0]!, `l_${one}_${other}`, call('trino_by_places', list, places));
}

const isNothing = (node: Ast | undefined): boolean =>
  isObject(node) && ('null' in node || (isObject(node.cast) && isNothing(node.cast.this)));

/**
 * DuckDB reduces an array to a value of its elements' type: each element goes beside an empty state, and the state
 * beside an element that is not looked at.
 */
function reduced(given: RewrittenCall): Ast {
  const [list, start] = given.args;
  const step = lambdaAt(given, 2);
  const end = lambdaAt(given, 3);
  const element = elementOf(given.argType(0));
  const [first, next] = [given.argType(1), given.typeOf(bodyOf(given.written[2]))];
  const state = commonType(first, next);
  if (element === undefined || state === undefined || (decimalOf(state) && first !== next)) {
    return given.refuse(
      'reduce starts with a value of another type than its function gives',
      'CAST both to one type: reduce(a, CAST(0 AS double), (s, x) -> s + x, s -> s)',
    );
  }
  // DuckDB computes what is known before it runs, and forgets the type of an empty state.
  if (isNothing(list)) return cast(NULL, duckType(given.type ?? state));
  const [sum = 's', each = 'x'] = step.parameters;
  const [before, after] = [`p_${sum}_${each}`, `q_${sum}_${each}`];
  const values = new Map([
    [sum, fieldAt(word(before), 0)],
    [each, fieldAt(word(after), 1)],
  ]);
  const inState = (value: Ast) => cast(value, duckType(state));
  const inElement = (value: Ast) => cast(value, duckType(element));
  const pairs = call(
    'list_transform',
    list,
    lambda(['e_reduce'], call('trino_pair', inState(NULL), inElement(word('e_reduce')))),
  );
  const last = call(
    'list_reduce',
    pairs,
    lambda(
      [before, after],
      call('trino_pair', inState(substitute(step.body, values)), fieldAt(word(after), 1)),
    ),
    call('trino_pair', inState(start!), inElement(NULL)),
  );
  const result = fieldAt(last, 0);
  const ended = isParameter(end)
    ? result
    : choose(isNull(list!), NULL, withValue(result, end.parameters[0] ?? 's', end.body));
  return inCastableType(ended, given.type);
}

const bodyOf = (node: Ast | undefined): Ast | undefined =>
  isObject(node) && isObject(node.lambda) ? node.lambda.body : undefined;

/** Whether a lambda gives what it was given. */
function isParameter({ parameters, body }: Lambda): boolean {
  const inner = isObject(body) && isObject(body.paren) ? body.paren.this : body;
  const column = isObject(inner) && isObject(inner.column) ? inner.column : undefined;
  const name = column && isObject(column.name) ? String(column.name.name).toLowerCase() : undefined;
  return name !== undefined && !isObject(column?.table) && name === parameters[0];
}
