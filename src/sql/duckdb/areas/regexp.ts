import { call, numberOf, textOf } from '../../build.ts';
import { constantNumber, constantText } from '../../literal.ts';
import { canBeEmpty, groupUse, isAtStart, looksBack } from '../../regexp/analyse.ts';
import { parseReplacement } from '../../regexp/replacement.ts';
import { type Ast, isObject } from '../../tree.ts';
import type { Area, RewrittenCall } from './area.ts';
import { forFinding, forTesting, readPattern, refuse, type Search } from './regexp-search.ts';

/** RE2 takes no more groups into a replacement, and DuckDB gives no further one out. */
const MOST_GROUPS = 9;

/** Patterns: RE2 has other words for them than Athena, another way to put groups in, and other ends of lines. */
export const REGEXP: Area = {
  macros: [
    `trino_regexp_like(x, pattern) AS regexp_matches(x, pattern)`,
    `trino_searchable(x, unsafe) AS CASE WHEN regexp_matches(x, unsafe)
       THEN error('The pattern means something else in this text to another engine: a text with letters beyond ASCII meets \\b or (?i), or ends in a line feed before $.')
       ELSE x END`,
    `trino_without_line_feed(x) AS CASE WHEN suffix(x, chr(10)) THEN left(x, length(x) - 1) ELSE x END`,
    `trino_line_feed(x) AS CASE WHEN suffix(x, chr(10)) THEN chr(10) ELSE '' END`,
    // A group that takes part in every find; one that takes no part is null.
    `trino_regexp_extract(x, pattern, n) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, n) END`,
    `trino_regexp_group(x, pattern, n) AS regexp_extract_all(x, pattern, n)[1]`,
    `trino_regexp_extract_all(x, pattern, n) AS regexp_extract_all(x, pattern, n)`,
    `trino_regexp_count(x, pattern) AS CAST(len(regexp_extract_all(x, pattern)) AS BIGINT)`,
    `trino_regexp_split(x, pattern) AS regexp_split_to_array(x, pattern)`,
    `trino_regexp_position(x, pattern) AS CASE WHEN regexp_matches(x, pattern)
       THEN CAST(length(regexp_extract(x, pattern, 1)) + 1 AS INTEGER) WHEN x IS NOT NULL THEN -1 END`,
    `trino_regexp_replace(x, pattern, other) AS regexp_replace(x, pattern, other, 'g')`,
    `trino_as_it_stands(other) AS CASE WHEN contains(other, '$') OR contains(other, '\\')
       THEN error('What regexp_replace puts in comes from a row and has a $ or a backslash. Use replace, or leave them out first.')
       ELSE other END`,
    `trino_regexp_join(parts, others) AS CASE WHEN len(others) > list_count(others) THEN NULL
       ELSE array_to_string(list_transform(range(1, len(parts) + 1),
         lambda i: parts[i] || coalesce(CAST(others[i] AS VARCHAR), '')), '') END`,
    `trino_regexp_finds(x, pattern, groups) AS list_transform(range(1, len(regexp_extract_all(x, pattern)) + 1),
       lambda i: list_transform(groups, lambda g: regexp_extract_all(x, pattern, g)[i]))`,
  ],
  calls: {
    regexp_like: (given) => {
      const search = forTesting(given);
      return call('trino_regexp_like', search.x, search.pattern);
    },
    regexp_extract: (given) =>
      finding(given, (search) => {
        const group = groupOf(given, search);
        const use = group === 0 ? undefined : groupUse(search.regexp.pattern, group);
        const name = group === 0 || use?.always ? 'trino_regexp_extract' : 'trino_regexp_group';
        return call(name, search.x, search.pattern, numberOf(group));
      }),
    regexp_extract_all: (given) =>
      finding(given, (search) => {
        notEmpty(given, search);
        return call('trino_regexp_extract_all', search.x, search.pattern, numberOf(groupOf(given, search)));
      }),
    regexp_count: (given) =>
      finding(given, (search) => {
        notEmpty(given, search);
        return call('trino_regexp_count', search.x, search.pattern);
      }),
    regexp_split: (given) =>
      finding(
        given,
        (search) => {
          notEmpty(given, search);
          notAtPlaces(given, search);
          return call('trino_regexp_split', search.x, search.pattern);
        },
        false,
      ),
    regexp_position: (given) =>
      finding(given, (search) => {
        notEmpty(given, search);
        if (given.args.length > 2) {
          refuse(
            given,
            'not every engine finds the place of a further find',
            'write regexp_position(x, pattern)',
          );
        }
        return call('trino_regexp_position', search.x, textOf(`^(?s:(.*?))(?:${search.text})`));
      }),
    regexp_replace: (given) => finding(given, (search) => replaced(given, search)),
  },
};

function replaced(given: RewrittenCall, search: Search): Ast {
  const [, , other] = given.args;
  const isLambda = isObject(other) && isObject(other.lambda);
  const changed = isLambda ? replacedBy(given, search, other) : replacedWith(given, search, other);
  return search.isCut ? call('trino_concat', changed, call('trino_line_feed', given.args[0])) : changed;
}

/** With a function of the groups: what lies between the finds, and what the function makes of each. */
function replacedBy(given: RewrittenCall, search: Search, made: Ast): Ast {
  const { groups } = search.regexp;
  notEmpty(given, search);
  notAtPlaces(given, search);
  if (groups === 0 || groups > MOST_GROUPS) {
    refuse(
      given,
      'the function gets the groups of the pattern, and there are none or too many',
      "put what it shall get in parentheses: regexp_replace(x, '(a)', m -> upper(m[1]))",
    );
  }
  const numbers = call('list_value', ...Array.from({ length: groups }, (_, i) => numberOf(i + 1)));
  const finds = call('trino_regexp_finds', search.x, search.pattern, numbers);
  return call(
    'trino_regexp_join',
    call('trino_regexp_split', search.x, search.pattern),
    call('list_transform', finds, made),
  );
}

function replacedWith(given: RewrittenCall, search: Search, other: Ast | undefined): Ast {
  const written = other === undefined ? '' : constantText(other);
  const { pattern } = search.regexp;
  // After a find that took signs, Athena finds an empty one at once, RE2 none: that is no matter if nothing is put in.
  if (written !== '' && canBeEmpty(pattern) && !isAtStart(pattern)) {
    refuse(
      given,
      'the pattern can be found without a sign, and not every engine finds it as often',
      'write + rather than *, so that each find takes a sign',
    );
  }
  const text =
    written === undefined
      ? call('trino_as_it_stands', other)
      : textOf(
          readPattern(given, () => parseReplacement(written, search.regexp))
            .map((piece) => spelt(given, piece))
            .join(''),
        );
  return call('trino_regexp_replace', search.x, search.pattern, text);
}

function spelt(given: RewrittenCall, piece: string | number): string {
  if (typeof piece === 'string') return piece === '\\' ? '\\\\' : piece;
  return piece > MOST_GROUPS
    ? refuse(given, `only ${MOST_GROUPS} groups can be put in here`, 'leave groups uncounted: (?:…)')
    : `\\${piece}`;
}

/** The number of the group that is asked for. */
function groupOf(given: RewrittenCall, { regexp }: Search): number {
  if (given.args[2] === undefined) return 0;
  const group = constantNumber(given.args[2]);
  if (group === undefined) {
    return refuse(
      given,
      'the number of a group must be written out',
      'write it as a number: regexp_extract(x, p, 1)',
    );
  }
  if (group < 0 || group > regexp.groups) {
    return refuse(
      given,
      `the pattern has ${regexp.groups} groups, and no ${group}`,
      'groups are in parentheses and count from 1; 0 is the whole find',
    );
  }
  return group > MOST_GROUPS
    ? refuse(given, `only the first ${MOST_GROUPS} groups can be taken here`, 'leave groups uncounted: (?:…)')
    : group;
}

function notEmpty(given: RewrittenCall, { regexp }: Search): void {
  if (!canBeEmpty(regexp.pattern)) return;
  refuse(
    given,
    'the pattern can be found without a sign, and not every engine finds it as often',
    'write + rather than *, so that each find takes a sign',
  );
}

/** DuckDB splits what is left after a find, without a view of what stood before. */
function notAtPlaces(given: RewrittenCall, { regexp }: Search): void {
  if (!looksBack(regexp.pattern)) return;
  refuse(
    given,
    'a text is split by a pattern with ^ or \\b, which not every engine can',
    'take the parts instead: regexp_extract_all(x, pattern)',
  );
}

const finding = (given: RewrittenCall, made: (search: Search) => Ast, canCut = true): Ast =>
  made(forFinding(given, canCut));
