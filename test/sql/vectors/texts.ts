import type { Vectors } from './vectors.ts';

/** Texts that do not behave: empty, null, white space, letters beyond ASCII and beyond the first plane, an accent apart. */
const ROWS = `(VALUES ('hello', 2, 1), ('', 0, 0), ('héllo', -2, 9), ('áb👩', -9, -1), (NULL, 1, 1),
  ('x', NULL, NULL), (' x', 3, 2), ('a' || chr(10), 1, 0)) AS t(s, a, b)`;
const SPACES = [9, 10, 11, 12, 13, 28, 31, 32, 133, 160, 5760, 8192, 8199, 8203, 8232, 8239, 12288];
const SPACED = `SELECT n, length(trim(chr(n) || 'x')), length(ltrim(chr(n) || 'x')), length(rtrim('x' || chr(n)))
  FROM (VALUES ${SPACES.join(', ')}) AS t(n)`;

export const TEXTS: Vectors = {
  answered: {
    'a separator in a column':
      "SELECT concat_ws(s, ARRAY['a', NULL, 'b', '']) AS a, concat_ws(s, CAST(ARRAY[] AS array(varchar))) AS b, concat_ws(s, CAST(NULL AS array(varchar))) AS c, split(x, s, 2) AS d FROM (VALUES ('a-b-c', '-'), ('a--b', '-'), ('a', NULL)) AS t(x, s)",
    'upper of nothing': "upper('')",
    'upper of a null': 'upper(CAST(NULL AS varchar))',
    'upper of letters that stay as they are': "upper('straße ŉ ǰ ﬁ')",
    'upper of letters of newer Unicode': "upper(U&'\\0264\\019b\\1c8a\\a7cd\\a7db\\+010d70\\+010d85')",
    'lower of letters of newer Unicode': "lower(U&'\\a7cb\\a7dc\\1c89\\a7cc\\a7da\\+010d50\\+010d65')",
    'lower of a dotted capital and a final sigma': "lower('İΣ')",
    'upper and lower of texts that do not behave': `SELECT upper(s), lower(upper(s)) FROM ${ROWS}`,
    'white space of every kind': SPACED,
    'white space inside stays': "trim(chr(9) || 'a b' || chr(160) || chr(10))",
    'trim by a key of a group':
      "SELECT lower(trim(k)), count(*) FROM (VALUES 'b', 'b' || chr(9), ' B', NULL) AS t(k) GROUP BY lower(trim(k))",
    'trim of letters':
      "SELECT trim(BOTH 'xy' FROM 'xyaxy'), trim(LEADING 'x' FROM 'xax'), trim(TRAILING 'x' FROM 'xax'), trim('éaé', 'é')",
    'trim of no letters, of a null, by a null':
      "SELECT trim(' a ', ''), trim(CAST(NULL AS varchar)), trim(' a', CAST(NULL AS varchar))",
    'trim of columns': `SELECT trim(s), ltrim(s, 'h'), rtrim(s, 'o'), trim(LEADING FROM s) FROM ${ROWS}`,
    'substr past both ends, from zero, backwards': `SELECT substr(s, a), substr(s, a, b) FROM ${ROWS}`,
    'substr of literals':
      "SELECT substr('hello', 0), substr('hello', -4), substr('123', -4), substr('hello', 2, -1), substr('hello', 6)",
    'substring from for': "SELECT substring('hello' FROM 0 FOR 2), substring('hello' FROM -2 FOR 9)",
    'split of texts that do not behave': `SELECT split(s, 'l'), split_part(s, 'l', 2), split_part(s, 'l', 9) FROM ${ROWS}`,
    'split_part of nothing, by nothing':
      "SELECT split_part(s, x, 1), split_part(s, x, 2), split_part(NULL, x, 1) FROM (VALUES ('', ''), ('a', ''), ('', 'a'), ('a', CAST(NULL AS varchar)), (NULL, ''), (' 7', ' 7')) AS t(s, x)",
    'split with a limit': `SELECT split(s, 'l', 1), split(s, 'l', 2), split(s, 'l', 9) FROM ${ROWS}`,
    'split by signs that are patterns elsewhere': "split('a.b|c.d', '.')",
    'split by nothing': "split('abc', '')",
    'split by nothing, of a column': "SELECT split(s, x) FROM (VALUES ('abc', '')) AS t(s, x)",
    'split to no part': "split('a,b', ',', 0)",
    'the part before the first': "split_part('a,b', ',', 0)",
    'a part from the end': "split_part('a,b', ',', -1)",
    'parts of one sign': "split_part('abc', '', 2)",
    'the place of an empty text': "strpos('abc', '')",
    'places of the second and the last find': `SELECT strpos(s, 'l', 2), strpos(s, 'l', -1), strpos(s, 'l', 9), strpos(s, '', 2), position('o' IN s) FROM ${ROWS}`,
    'finds that overlap': "SELECT strpos('aaaa', 'aa', 2), strpos('aaaa', 'aa', -2)",
    'the place of no find': "strpos('abc', 'c', 0)",
    'replace of nothing, by nothing, by a null': `SELECT replace(s, '', '-'), replace(s, 'l'), replace(s, 'l', CAST(NULL AS varchar)) FROM ${ROWS}`,
    'replace takes signs as they are': "replace('a.b\\1', '.', '$1\\')",
    'reverse goes by code points': `SELECT reverse(s), reverse(U&'e\\0301a') FROM ${ROWS}`,
    'lengths count code points': `SELECT length(s), length('👩‍👩‍👧') FROM ${ROWS}`,
    'pads cut, too': `SELECT lpad(s, 3, 'ab'), rpad(s, 7, 'é'), lpad(s, 0, 'x') FROM ${ROWS}`,
    'pads with nothing': "lpad('abc', 2, '')",
    'pads to less than nothing': "rpad('a', -1, 'x')",
    'concat of many, and a null among them': `SELECT concat(s, '1', s, '2', s, '3', s, '4'), s || '' FROM ${ROWS}`,
    'concat_ws of nulls and empty texts': `SELECT concat_ws('-', s, '', s), concat_ws(s, 'a', 'b') FROM ${ROWS}`,
    'concat_ws of a list':
      "SELECT concat_ws(',', ARRAY['a', NULL, '', 'b']), concat_ws(',', CAST(NULL AS array(varchar)))",
    'signs by number': 'SELECT chr(0), chr(233), chr(128105), chr(CAST(NULL AS bigint))',
    'a sign beyond the last': 'chr(1114112)',
    'a sign before the first': 'chr(-1)',
    'numbers of signs': "SELECT codepoint('é'), codepoint('👩')",
    'the number of no sign': "codepoint('')",
    'translate with letters twice, too few, none':
      "SELECT translate('abcabc', 'aab', 'xyz'), translate('abc', 'abc', 'x'), translate('abc', '', 'x'), translate('éà', 'éà', 'ab')",
    'starts with nothing': `SELECT starts_with(s, ''), starts_with(s, 'h') FROM ${ROWS}`,
    'distances go by code points': `SELECT levenshtein_distance(s, 'hallo'), levenshtein_distance(s, 'é👩') FROM ${ROWS}`,
    'differences go by code points':
      "SELECT hamming_distance('karolin', 'kathrin'), hamming_distance('é', 'e'), hamming_distance('', '')",
    'differences of other lengths': "hamming_distance('a', 'ab')",
    'a letter and its accent become one':
      "SELECT normalize(U&'e\\0301'), length(normalize(U&'e\\0301', NFC)), normalize('')",
    'signs by their numbers in a text': "SELECT U&'d\\0061t\\+000061', U&'!00e9!!' UESCAPE '!'",
    'LIKE of texts that do not behave': `SELECT s LIKE 'h_l%', s LIKE '', s LIKE '%', s NOT LIKE '__' FROM ${ROWS}`,
    'LIKE over lines': "SELECT ('a' || chr(10) || 'b') LIKE 'a%b', ('a' || chr(10) || 'b') LIKE 'a_b'",
    'LIKE with a backslash': "SELECT 'a\\b' LIKE 'a\\b', 'a\\%' LIKE 'a\\%'",
    'LIKE with an escape':
      "SELECT '5%' LIKE '5!%' ESCAPE '!', '5x' LIKE '5!%' ESCAPE '!', 'a!b' LIKE 'a!!b' ESCAPE '!'",
    'LIKE with an escape before a letter': "'ab' LIKE 'a!b' ESCAPE '!'",
    'LIKE with an escape at the end': "'a' LIKE 'a!' ESCAPE '!'",
    'LIKE with no escape': "'a' LIKE 'a' ESCAPE ''",
    'LIKE with a pattern and an escape of the row':
      "SELECT s LIKE p ESCAPE e FROM (VALUES ('5%', '5!%', '!'), ('5x', '5!%', '!'), (NULL, 'a', '!')) AS t(s, p, e)",
    'LIKE with a pattern of the row that ends in its escape':
      "SELECT s LIKE p ESCAPE '!' FROM (VALUES ('a', 'a!')) AS t(s, p)",
  },
  refused: {
    'another form of Unicode': "normalize('é', NFD)",
    'a text of a pattern of Java': "format('%s-%d', 'a', 5)",
    'the stem of a word': "word_stem('running')",
    'a part of a binary value': "substr(X'4142', 1)",
  },
};
