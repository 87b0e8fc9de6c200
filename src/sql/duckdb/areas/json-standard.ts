import { call, castBy, choose, isNull, NULL, numberOf, textOf, word } from '../../build.ts';
import { constantText } from '../../literal.ts';
import type { Ast } from '../../tree.ts';
import { decimalOf, isWhole, type SqlType } from '../../types/sql-type.ts';
import { withValue } from '../nested-values.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Of decimals that Trino keeps in 64 bits. Of longer ones its own code is not valid: "VerifyError: Bad type on operand stack". */
const MOST_DIGITS = 18;
const LONG = "error('A number of JSON has more digits than a bigint.')";
const FRACTION =
  "error('A fraction of JSON is written as text, which Athena writes differently. Add RETURNING double or decimal(p,s).')";

/**
 * `json_value` and `json_exists` with paths of the SQL standard that lead to one value, and their defaults: null, or
 * false, where there is none and where the text is no JSON. Source: JsonPathEvaluator and JsonValueFunction of Trino.
 */
export const JSON_STANDARD: Area = {
  macros: [
    // Athena reads one value, and nothing after it.
    `trino_json_read(j) AS CASE WHEN trino_json_is_right(j) THEN CAST(j AS JSON)
       WHEN j IS NOT NULL THEN CAST(trino_json_first(j) AS JSON) END`,
    `trino_json_strict_member(j, step) AS CASE json_type(j) WHEN 'OBJECT' THEN trino_json_part(j, step) END`,
    `trino_json_strict_element(j, n) AS CASE json_type(j) WHEN 'ARRAY' THEN json_extract(j, '/' || n) END`,
    // A lax path looks into the elements of a list on its way, and leads to several values.
    `trino_json_lax_members(items, step) AS list_filter(list_transform(flatten(list_transform(items,
       lambda i_list: CASE json_type(i_list) WHEN 'ARRAY' THEN json_extract(i_list, '$[*]') ELSE [i_list] END)),
       lambda i_member: trino_json_strict_member(i_member, step)), lambda i_found: i_found IS NOT NULL)`,
    `trino_json_lax_elements(items, n) AS list_filter(list_transform(items, lambda i_place: CASE json_type(i_place)
       WHEN 'ARRAY' THEN json_extract(i_place, '/' || n) ELSE CASE WHEN n = 0 THEN i_place END END), lambda i_found: i_found IS NOT NULL)`,
    `trino_json_any(items) AS items[1]`,
    // Of several values there is none.
    `trino_json_only(items) AS CASE WHEN len(items) = 1 THEN items[1] END`,
    // A whole number past 64 bits is no value; DuckDB makes a double of one past that.
    `trino_json_item(j) AS CASE json_type(j) WHEN 'UBIGINT' THEN CASE WHEN CAST(j AS UBIGINT) <= 9223372036854775807 THEN j END
       WHEN 'DOUBLE' THEN CASE WHEN abs(CAST(j AS DOUBLE)) >= 9e18 THEN ${LONG} ELSE j END ELSE j END`,
    `trino_json_item_text(j) AS CASE json_type(j) WHEN 'VARCHAR' THEN trino_json_root(j) WHEN 'BOOLEAN' THEN trino_json_root(j)
       WHEN 'UBIGINT' THEN trino_json_root(j) WHEN 'BIGINT' THEN CAST(CAST(trino_json_root(j) AS BIGINT) AS VARCHAR) WHEN 'DOUBLE' THEN ${FRACTION} END`,
  ],
  calls: {
    json_exists: (given) => {
      const path = pathOf(given);
      if (path.steps.length === 0)
        given.refuse(
          'json_exists of a whole text is true of an empty text in Athena',
          "ask for a part: json_exists(j, 'lax $.a')",
        );
      return choose(isNull(given.args[0]!), NULL, isNull(itemAt(given, path, 'trino_json_any'), true));
    },
    json_value: (given) => {
      const item = call('trino_json_item', itemAt(given, pathOf(given), 'trino_json_only'));
      return valueAs(given, item, given.type ?? 'varchar');
    },
  },
};

/** A path of the standard that leads to one value. */
interface Path {
  readonly mode: 'lax' | 'strict';
  /** Names of members, and places of elements. */
  readonly steps: readonly (string | number)[];
}

const STEP = /^(?:\.([A-Za-z_]\w*)|\."((?:[^"\\]|"")*)"|\[(\d{1,9})\])/;

function pathOf(given: RewrittenCall): Path {
  const text = constantText(given.written[1]);
  const [, mode, rest = ''] = /^\s*(lax|strict)\s+\$(.*?)\s*$/s.exec(text ?? '') ?? [];
  const steps: (string | number)[] = [];
  let left = rest;
  while (left !== '' && mode !== undefined) {
    const found = STEP.exec(left);
    if (!found) break;
    const [all, name, quoted, place] = found;
    steps.push(place === undefined ? (name ?? quoted!.replaceAll('""', '"')) : Number(place));
    left = left.slice(all.length);
  }
  if (mode === undefined || left !== '')
    return given.refuse(
      'the path is none that leads to one value',
      `write it out: 'lax $.a.b[0]', and 'lax $."a b"' for a name with other signs than letters, digits and _`,
    );
  return { mode: mode as Path['mode'], steps };
}

/** The value at a path; null where there is none. @param one the macro that takes one of those to which a lax path leads */
function itemAt(given: RewrittenCall, { mode, steps }: Path, one: string): Ast {
  const whole = call('trino_json_read', given.args[0]);
  if (steps.length === 0) return whole;
  if (mode === 'strict')
    return steps.reduce<Ast>(
      (from, step, i) =>
        withValue(
          from,
          `j_item_${i}`,
          call(`trino_json_strict_${kindOf(step)}`, word(`j_item_${i}`), stepOf(step)),
        ),
      whole,
    );
  const items = steps.reduce<Ast>(
    (from, step) => call(`trino_json_lax_${kindOf(step)}s`, from, stepOf(step)),
    call('trino_alone', whole),
  );
  return call(one, items);
}

const kindOf = (step: string | number): string => (typeof step === 'number' ? 'element' : 'member');
const stepOf = (step: string | number): Ast =>
  typeof step === 'number' ? numberOf(step) : textOf(`/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`);

/** A scalar as the type of RETURNING; null where it cannot be cast. */
function valueAs(given: RewrittenCall, item: Ast, type: SqlType): Ast {
  const by = (macro: string): Ast =>
    withValue(item, 'j_value', castBy('try_cast', call(macro, word('j_value'), NULL), type));
  if (type === 'varchar') return withValue(item, 'j_value', call('trino_json_item_text', word('j_value')));
  if (isWhole(type)) return by('trino_json_whole');
  if (type === 'double') return by('trino_json_double');
  const digits = decimalOf(type);
  if (digits && digits.precision > MOST_DIGITS)
    return given.refuse(
      `json_value gives a decimal of more than ${MOST_DIGITS} digits, at which Athena fails in comparisons`,
      'write RETURNING decimal(18,2), or read the text and CAST it',
    );
  if (digits) return by('trino_json_decimal');
  if (type === 'boolean') return by('trino_json_truth');
  return given.refuse(
    `json_value gives no ${type} here`,
    'RETURNING takes varchar, boolean, whole numbers, double and decimal(p,s); CAST that to the type',
  );
}
