import type { Vectors } from './vectors.ts';

/** Plain texts, empty and null ones, lines, and one that ends in a line feed. */
const ROWS = "(VALUES 'abc', '', NULL, 'a1-b22', 'x, y', 'aab' || chr(10) || 'b', 'AbC', ' a ') AS t(s)";
const LINES =
  "(VALUES 'abc' || chr(10), 'abc', 'abc' || chr(10) || chr(10), 'abc' || chr(13) || chr(10), chr(10)) AS t(s)";

export const REGEXP: Vectors = {
  answered: {
    'find anything': `SELECT regexp_like(s, ''), regexp_like(s, '.'), regexp_like(s, '^$') FROM ${ROWS}`,
    'by no pattern': `SELECT regexp_like(s, NULL), regexp_extract(s, NULL), regexp_replace(s, NULL) FROM ${ROWS}`,
    'the end of the last line, tested': `SELECT regexp_like(s, 'c$'), regexp_like(s, 'c\\Z'), regexp_like(s, 'c\\z'), regexp_like(s, '^c') FROM ${LINES}`,
    'the end of the last line, taken': `SELECT regexp_extract(s, 'c$'), regexp_replace(s, 'bc$', 'X'), regexp_replace(s, '\\s+$'), regexp_count(s, 'c$') FROM ${LINES}`,
    'the ends of all lines':
      "SELECT regexp_replace('a' || chr(10) || 'a', '(?m)^a', 'b'), regexp_count('a' || chr(10) || 'a' || chr(10), '(?m)a$')",
    'any sign is none that ends a line': `SELECT regexp_like(chr(n), '^.$'), regexp_like(chr(n), '^(?s:.)\\z'), regexp_like(chr(n), '^\\s\\z'), regexp_like(chr(n), '^\\S\\z'), regexp_like(chr(n), '^[\\s]\\z'), regexp_like(chr(n), '^[^\\S]\\z')
      FROM (VALUES 9, 10, 11, 12, 13, 28, 32, 65, 133, 160, 8232) AS t(n)`,
    'letters and digits are plain ones': `SELECT regexp_like(s, '^\\w$'), regexp_like(s, '^\\d$'), regexp_like(s, '^\\W$'), regexp_like(s, '^[^a]$') FROM (VALUES 'é', 'a', '1', '١', '_', '李', '👩') AS t(s)`,
    'edges of words': `SELECT regexp_replace(s, '\\ba', 'X'), regexp_count(s, '\\w\\b'), regexp_like(s, 'a\\B') FROM ${ROWS}`,
    'without regard to case': `SELECT regexp_like(s, '(?i)BC'), regexp_like(s, 'a(?i:B)c'), regexp_replace(s, '(?i)[a-b]+', '_') FROM ${ROWS}`,
    'without regard to case beyond ASCII':
      "SELECT regexp_like('ÀB', '(?i)àb'), regexp_like('K', '(?i)^k$'), regexp_like(U&'\\017f', '(?i)^[r-t]$'), regexp_like(U&'\\017f', '(?i)^\\w$')",
    'a flag over a choice': "SELECT regexp_extract('B', '(?i)a|b'), regexp_extract('B', '((?i)a|b)c?', 1)",
    'classes with signs that are commands elsewhere':
      "SELECT regexp_replace('a-b.c]d^e\\f[g', '[]\\[\\\\^.-]', '_'), regexp_replace('a-b', '[a-]', '_'), regexp_replace('a^', '[\\^]', '_')",
    'braces that repeat nothing':
      "SELECT regexp_like('a{,2}', 'a{,2}'), regexp_like('a{x}', 'a{x}'), regexp_like('a{', 'a{')",
    'signs by their number':
      "SELECT regexp_like('é', '^\\x{e9}$'), regexp_like('é', '^\\u00e9$'), regexp_like('A', '\\x41'), regexp_like('a/b', 'a\\/b')",
    'as few as can be': `SELECT regexp_extract(s, '.+?'), regexp_extract(s, 'a{1,2}?'), regexp_extract(s, '(a??)b', 1) FROM ${ROWS}`,
    'the first of a choice': "SELECT regexp_extract('foobar', 'foo|foobar'), regexp_extract('foobar', 'x|')",
    'groups that take part or not': `SELECT regexp_extract(s, '(x)?a', 1), regexp_extract(s, '(b*)c', 1), regexp_extract(s, '(a)|(b)', 2), regexp_extract(s, '(?:(a)|b)+', 1) FROM ${ROWS}`,
    'groups with names': `SELECT regexp_extract('ab', '(?<x>a)(b)', 2), regexp_replace('ab', '(?<x>a)(?<y>b)', '\${y}$1')`,
    'a group that the pattern has not': "regexp_extract('abc', 'b', 1)",
    'a group before the first': "regexp_extract('abc', '(b)', -1)",
    'put in with groups': `SELECT regexp_replace(s, '(b)(c)?', '[$2$1]'), regexp_replace(s, 'a', '$0$0') FROM ${ROWS}`,
    'put in with signs that are commands':
      "SELECT regexp_replace('price 5', '5', '\\$5'), regexp_replace('abc', '(b)', '\\1\\1'), regexp_replace('ab', '(a)(b)', '$12'), regexp_replace('a', 'a', '\\\\')",
    'a name turned round': "regexp_replace('Doe, Jane', '^(.*), (.*)$', '$2 $1')",
    'put in with a group that is not there': "regexp_replace('x', '(x)', '$2')",
    'put in with a $ alone': "regexp_replace('x', 'x', '$')",
    'put in with a name that is not there': `regexp_replace('x', 'x', '\${a}')`,
    'put in with a backslash at the end': "regexp_replace('x', 'x', 'a\\')",
    'put in from a row':
      "SELECT regexp_replace(s, 'a', o) FROM (VALUES ('abc', 'X'), ('abc', ''), ('abc', NULL), (NULL, 'X')) AS t(s, o)",
    'taken out though it may be nothing': `SELECT regexp_replace(s, 'a*'), regexp_replace(s, '^0*', ''), regexp_replace(s, '^a*', 'X') FROM ${ROWS}`,
    'put in by a function': `SELECT regexp_replace(s, '(\\w)(\\w*)', m -> upper(m[1]) || lower(m[2])), regexp_replace(s, '(x)?b', m -> coalesce(m[1], '-')) FROM ${ROWS}`,
    'put in by a function that gives null': `SELECT regexp_replace(s, '(b)', m -> CAST(NULL AS varchar)) FROM ${ROWS}`,
    'all finds': `SELECT regexp_extract_all(s, '[a-z]'), regexp_extract_all(s, '([a-z])(\\d)?', 2), regexp_count(s, '[a-z]') FROM ${ROWS}`,
    'all finds of words': "regexp_extract_all('1a 2b 14m', '\\d+')",
    'parts between finds': `SELECT regexp_split(s, '[,b]\\s*'), regexp_split(s, 'z') FROM ${ROWS}`,
    'places of finds': `SELECT regexp_position(s, 'b'), regexp_position(s, '[^a]'), regexp_position('éab', 'b') FROM ${ROWS}`,
    'a bracket that is not closed': "regexp_like('a', '[')",
    'a parenthesis that is not closed': "regexp_like('a', '(a')",
    'nothing to repeat': "regexp_like('a', '*a')",
  },
  refused: {
    'looking ahead': "regexp_like('ab', '(?=a)ab')",
    'looking behind': "regexp_like('ab', '(?<!a)b')",
    'the same again': "regexp_like('aa', '(a)\\1')",
    'without giving back': "regexp_like('aa', 'a++')",
    'a class by name': "regexp_like('a', '[[:alpha:]]')",
    'a property of Unicode': "regexp_like('a', '\\p{L}')",
    'classes intersected': "regexp_like('b', '[a-c&&[^b]]')",
    'letters without regard to case that are not everywhere': "regexp_like('č', '(?i)Č')",
    'an empty repetition': "regexp_extract('aab', '(a*)+b', 1)",
    'something put in where nothing is': "regexp_replace('aaa', 'a*', 'x')",
    'the start of a text inside of a split': "regexp_split('abc', '^a')",
    'all finds of what can be nothing': "regexp_extract_all('abc', 'a*')",
    'a pattern of the row': "SELECT regexp_like(s, p) FROM (VALUES ('a', 'a')) AS t(s, p)",
    'a $ inside': "regexp_like('a', '(a$)+b')",
  },
};
