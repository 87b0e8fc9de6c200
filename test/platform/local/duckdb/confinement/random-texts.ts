import fc from 'fast-check';

/** Words and signs that a text is spoilt with, those of other engines among them. */
const WORDS =
  `SELECT FROM WHERE GROUP BY ORDER LIMIT WITH AS MATERIALIZED UNION ALL EXCEPT JOIN LEFT CROSS NATURAL ASOF
  POSITIONAL LATERAL ON USING IN EXISTS ANY NOT NULL CASE WHEN THEN ELSE END CAST TABLE VALUES PIVOT UNPIVOT SUMMARIZE
  DESCRIBE SHOW COLUMNS EXCLUDE REPLACE QUALIFY TABLESAMPLE FOR INTO read_text read_csv read_parquet glob query_table
  getenv COPY TO ATTACH SET CREATE VIEW MACRO ( ) [ ] { } , . ; * + - / = == :: -> || ' " -- /* */ $ @ 1 'a' x`
    .trim()
    .split(/\s+/);

/**
 * Texts that name files wherever a name, a text or a number may stand: statements of many forms, whole or spoilt by words
 * that are left out, doubled, exchanged or put in.
 */
export function randomTexts(files: readonly string[]): fc.Arbitrary<string> {
  const file = fc.constantFrom(...files);
  const quoted = file.map((path) => `'${path}'`);
  const source = fc.oneof(
    { weight: 4, arbitrary: file.map((path) => `"${path}"`) },
    { weight: 3, arbitrary: quoted },
    { weight: 2, arbitrary: fc.constant('campus.students') },
    { weight: 2, arbitrary: fc.constant("(VALUES (1, 'a')) AS t(id, name)") },
    file,
    file.map((path) => `"${path.slice(0, path.lastIndexOf('/'))}/*"`),
    fc
      .tuple(
        fc.constantFrom(
          'read_text',
          'read_csv',
          'read_parquet',
          'read_json',
          'main.read_text',
          'query_table',
          'glob',
          'sniff_csv',
        ),
        quoted,
      )
      .map(([name, path]) => `${name}(${path})`),
    quoted.map((path) => `query('SELECT * FROM ' || $$${path}$$)`),
  );
  const { query } = fc.letrec<{ query: string; relation: string; value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('1', 'id', 'name', "'a'", 'NULL', 'count(*)', '*', 'COLUMNS(*)', 'x.body'),
      quoted,
      file.map((path) => `"${path}"`),
      tie('query').map((inner) => `(${inner})`),
      tie('query').map((inner) => `EXISTS (${inner})`),
      tie('query').map((inner) => `1 IN (${inner})`),
      tie('query').map((inner) => `ARRAY(${inner})`),
      tie('value').map((inner) => `{'a': ${inner}}`),
      tie('value').map((inner) => `getenv(${inner})`),
      tie('value').map((inner) => `main.read_text(${inner})`),
      tie('value').map((inner) => `(${inner}).read_text()`),
      tie('value').map((inner) => `CAST(${inner} AS varchar)`),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `CASE WHEN ${a} IS NULL THEN ${b} END`),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `coalesce(${a}, ${b})`),
      tie('value').map((inner) => `list_transform([${inner}], x -> (SELECT max(content) FROM read_text(x)))`),
    ),
    relation: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      source,
      tie('query').map((inner) => `(${inner}) AS x`),
      source.map((inner) => `(PIVOT ${inner} ON id USING max(body))`),
      source.map((inner) => `(UNPIVOT ${inner} ON COLUMNS(*))`),
      source.map((inner) => `(SUMMARIZE ${inner})`),
      source.map((inner) => `(DESCRIBE ${inner})`),
      source.map((inner) => `(FROM ${inner})`),
      source.map((inner) => `(TABLE ${inner})`),
      fc
        .tuple(
          tie('relation'),
          fc.constantFrom(
            'JOIN',
            'LEFT JOIN',
            'CROSS JOIN',
            'NATURAL JOIN',
            'POSITIONAL JOIN',
            'CROSS JOIN LATERAL',
            ',',
          ),
          source,
        )
        .map(([a, join, b]) => `${a} ${join} ${b}`),
      tie('value').map((inner) => `UNNEST(ARRAY[${inner}]) AS u(body)`),
    ),
    query: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      fc.tuple(tie('value'), tie('relation')).map(([value, from]) => `SELECT ${value} FROM ${from}`),
      tie('relation').map((from) => `SELECT * FROM ${from}`),
      tie('relation').map((from) => `FROM ${from}`),
      source.map((from) => `TABLE ${from}`),
      source.map((from) => `SUMMARIZE ${from}`),
      source.map((from) => `PIVOT ${from} ON id USING max(body)`),
      fc
        .tuple(source, tie('query'))
        .map(([name, inner]) => `WITH ${name} AS (${inner}) SELECT * FROM ${name}`),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `WITH t AS (${a}) ${b}`),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `${a} UNION ALL ${b}`),
      fc
        .tuple(tie('relation'), tie('value'))
        .map(([from, value]) => `SELECT * FROM ${from} WHERE ${value} IS NOT NULL`),
      fc
        .tuple(tie('relation'), tie('value'))
        .map(([from, value]) => `SELECT * FROM ${from} ORDER BY ${value} LIMIT 5`),
    ),
  }));
  const whole = fc.oneof(
    { weight: 8, arbitrary: query },
    fc.tuple(query, quoted).map(([inner, path]) => `COPY (${inner}) TO ${path}`),
    fc.tuple(query, query).map(([a, b]) => `${a}; ${b}`),
    query.map((inner) => `EXPLAIN ANALYZE ${inner}`),
  );
  const spoiling = fc.array(
    fc.tuple(
      fc.constantFrom('drop', 'double', 'swap', 'put', 'name'),
      fc.nat(),
      fc.nat({ max: WORDS.length - 1 }),
      file,
    ),
    { maxLength: 3 },
  );
  return fc.tuple(whole, spoiling).map(([text, changes]) => {
    const words = text.split(/(?<=[\s(),])/);
    for (const [change, at, word, path] of changes) {
      const i = at % (words.length + 1);
      if (change === 'drop') words.splice(i, 1);
      if (change === 'double') words.splice(i, 0, words[i] ?? '');
      if (change === 'swap') words.splice(i, 2, words[i + 1] ?? '', words[i] ?? '');
      if (change === 'put') words.splice(i, 0, `${WORDS[word]} `);
      if (change === 'name') words.splice(i, 0, `"${path}" `);
    }
    return words.join('');
  });
}
