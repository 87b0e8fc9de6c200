import type { ParsedStatement } from '../../../../sql/parse.ts';

/** What DuckDB says of a statement before it reads a row, in the lake's words. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** A name of the statement whose place is shown. */
  readonly about?: string;
}

type Words = (found: readonly string[]) => Complaint;

/**
 * What DuckDB's binder and parser say, and what is said instead. Most of it the lint has refused before; these are for
 * statements that it could not look through: a star, a table of unknown columns. Only names and counts are taken over.
 */
const COMPLAINTS: readonly (readonly [said: RegExp, words: Words])[] = [
  [
    /^Ambiguous reference to column name "([^"]+)"/,
    ([name]) => ({
      code: 'sql-ambiguous-column',
      message: `More than one table has a column "${name}".`,
      hint: 'put the table or its alias before it',
      about: name,
    }),
  ],
  [
    /^column "?([^" ]+)"? must appear in the GROUP BY/,
    ([name]) => ({
      code: 'sql-not-grouped',
      message: `The column "${name}" is neither grouped nor aggregated.`,
      hint: 'add it to GROUP BY, or take max(…), min(…) or arbitrary(…) of it',
      about: name,
    }),
  ],
  [
    /^(WHERE|GROUP BY|HAVING|JOIN|ORDER BY|LIMIT)\b.* cannot contain (aggregates|window functions)/,
    ([clause, what]) => ({
      code: 'sql-invalid',
      message: `${clause} cannot hold ${what === 'aggregates' ? 'an aggregate' : 'a window function'}.`,
      hint: 'compute it in a subquery first, and refer to its column',
    }),
  ],
  [
    /^In a DISTINCT aggregate, ORDER BY expressions must appear/,
    () => ({
      code: 'sql-out-of-reach',
      message: 'A list of distinct values is made of an expression that may stop with an error.',
      hint: 'compute it in a subquery first, and list its column',
    }),
  ],
  [
    /^aggregate function calls cannot (be nested|contain window)/,
    () => ({
      code: 'sql-invalid',
      message: 'An aggregate is taken of another aggregate or of a window function.',
      hint: 'compute the inner one in a subquery first',
    }),
  ],
  [
    /^Set operations can only apply to expressions with the same number/,
    () => ({
      code: 'sql-invalid',
      message: 'The two sides of UNION, INTERSECT or EXCEPT have different numbers of columns.',
      hint: 'name the same number of columns on both sides, in the same order',
    }),
  ],
  [
    /^Subquery returns (\d+) columns/,
    ([count]) => ({
      code: 'sql-invalid',
      message: `A subquery gives ${count} columns where one is meant.`,
      hint: 'name one column in its SELECT',
    }),
  ],
  [
    /^(GROUP BY|ORDER) term out of range - should be between 1 and (\d+)/,
    ([clause, count]) => ({
      code: 'sql-invalid',
      message: `${clause === 'ORDER' ? 'ORDER BY' : clause} asks for a column by a number that SELECT does not have.`,
      hint: `the last one is ${count}; or give the column's name`,
    }),
  ],
  [
    /^LIMIT\/OFFSET cannot be negative/,
    () => ({ code: 'sql-invalid', message: 'LIMIT and OFFSET cannot be negative.', hint: 'write LIMIT 10' }),
  ],
  [
    /^table "([^"]+)" has (\d+) columns available but (\d+) columns specified/,
    ([name, has, given]) => ({
      code: 'sql-invalid',
      message: `"${name}" has ${has} columns and is given ${given} names.`,
      hint: 'give a name to each column, or to none',
      about: name,
    }),
  ],
  [
    /^Column "([^"]+)" does not exist on (left|right) side of join/,
    ([name, side]) => ({
      code: 'sql-unknown-column',
      message: `USING names the column "${name}", which the table on the ${side} of the JOIN does not have.`,
      hint: 'write ON a.id = b.student_id where the names differ',
      about: name,
    }),
  ],
  [
    /^No columns found to join on in NATURAL JOIN/,
    () => ({
      code: 'sql-invalid',
      message: 'The tables of the NATURAL JOIN have no column of the same name.',
      hint: 'write JOIN … ON a.id = b.student_id',
    }),
  ],
  [
    /^UNNEST requires a single list|^UNNEST\(\) can only/i,
    () => ({
      code: 'sql-invalid',
      message: 'UNNEST is given something that is no array.',
      hint: "make one: UNNEST(split(x, ','))",
    }),
  ],
  [
    /^Cannot (?:mix values of type|compare values of type|combine types of) ([A-Z]\w*)(?:\([\d,]+\))? and (?:type )?([A-Z]\w*)/,
    ([one, other]) => ({
      code: 'sql-invalid',
      message: `A value of type ${typeName(one)} and one of type ${typeName(other)} are in a place where both must be of one type.`,
      hint: 'CAST one of them to the type of the other',
    }),
  ],
  [
    /^Could not choose a best candidate function/,
    () => ({
      code: 'sql-invalid',
      message: 'The types of the arguments do not say which function is meant.',
      hint: 'CAST the NULL or the parameter to its type',
    }),
  ],
];

const TYPE_NAMES: { readonly [type: string]: string } = {
  FLOAT: 'real',
  BLOB: 'varbinary',
  STRING_LITERAL: 'varchar',
};

const typeName = (type: string | undefined): string =>
  TYPE_NAMES[type ?? ''] ?? (type ?? '').replace(/_LITERAL$/, '').toLowerCase();

/** What is said instead of DuckDB's sentence, which stays in the error's cause. */
export function complaintOf(said: string): Complaint {
  for (const [shape, words] of COMPLAINTS) {
    const found = shape.exec(said);
    if (found) return words(found.slice(1).map((part) => part ?? ''));
  }
  return {
    code: 'sql-invalid',
    message: 'The statement cannot be run as it is written.',
    hint: 'docs/sql.md says what can be written; LAKE_DEBUG_LOG=<file> keeps what the engine said',
  };
}

/** A function or an operator over types that it does not take, as DuckDB writes it: `sum(VARCHAR)`. */
export function wrongTypes(call: string, { text }: ParsedStatement): Complaint {
  const [, name = '', types = ''] = /^(?:trino_)?([^(]+)\((.*)\)$/.exec(call) ?? [];
  const given = types.split(', ').filter(Boolean).map(typeName).join(', ');
  // A name that the author did not write is one of the translation.
  const isWritten = text.toLowerCase().includes(name.toLowerCase());
  return {
    code: 'sql-invalid',
    message: isWritten
      ? `No function takes ${name}(${given}).`
      : 'A function or an operator is given values of types that it does not take.',
    hint: 'CAST what is of another type; DESCRIBE shows the types of a table',
    about: /^\w+$/.test(name) && isWritten ? name : undefined,
  };
}
