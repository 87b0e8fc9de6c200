const TEXT = `'(?:[^']|'')*'`;
const NAME = `"(?:[^"]|"")*"`;
const BEFORE_BODY = new RegExp(`${TEXT}|(${NAME}|\\((?:${NAME}(?:, )?)+\\)) -> |${NAME}`, 'g');

/**
 * DuckDB's SQL with `LAMBDA x: …` for each `x -> …`, which is what the translator writes. DuckDB takes the arrow for an
 * operator at first, and then does not find columns of the tables before an UNNEST in the lambda.
 */
export const withLambdaKeyword = (sql: string): string =>
  sql.replaceAll(BEFORE_BODY, (found: string, parameters: string | undefined) =>
    parameters === undefined ? found : `LAMBDA ${parameters.replace(/^\((.*)\)$/s, '$1')}: `,
  );
