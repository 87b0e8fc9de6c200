import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { AREAS } from '../../src/sql/duckdb/areas/all.ts';
import { NOT_IN_SPARK, REFUSED_FUNCTIONS, SHARED_FUNCTIONS } from '../../src/sql/functions/all.ts';
import { familyOf } from '../../src/sql/functions/families.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const trino = JSON.parse(readFileSync(join(ROOT, 'src/sql/signatures/trino-functions.json'), 'utf8')) as {
  readonly version: string;
  readonly functions: { readonly [name: string]: readonly string[] };
};

/** What is no function to `SHOW FUNCTIONS`, and is written like one. */
const SPECIAL = [
  'coalesce',
  'extract',
  'grouping',
  'if',
  'nullif',
  'json_exists',
  'json_query',
  'json_value',
  'row',
  'try',
  'try_cast',
  'current_date',
  'current_timestamp',
  'localtimestamp',
];

const rewritten = new Set([
  ...AREAS.flatMap(({ calls }) => Object.keys(calls ?? {})),
  ...AREAS.flatMap(({ macros }) => macros.map((text) => text.slice(0, text.indexOf('(')))),
]);

type Row = readonly [name: string, kind: 'same' | 'rewritten' | 'refused', note: string];

function rowOf(name: string): Row {
  const lower = name.toLowerCase();
  if (SHARED_FUNCTIONS.has(lower)) {
    const note = NOT_IN_SPARK.has(lower) ? 'not in models with `engine: glue`' : '';
    return [lower, rewritten.has(lower) ? 'rewritten' : 'same', note];
  }
  const [why, portable] = REFUSED_FUNCTIONS[lower] ?? familyOf(lower) ?? [];
  return [lower, 'refused', why === undefined ? 'not translated yet' : `${why}; ${portable}`];
}

const WORDS = {
  same: 'same',
  rewritten: 'same, by a rewrite or a macro in DuckDB',
  refused: 'refused',
};

it('docs/sql-functions.md lists every function of Trino (written by `vitest -u`)', async () => {
  const names = [
    ...new Set([...Object.keys(trino.functions), ...SPECIAL].map((name) => name.toLowerCase())),
  ].sort();
  const rows = names.map(rowOf);
  const count = (kind: Row[1]) => rows.filter((row) => row[1] === kind).length;
  const page = `# Functions of Athena, and what the lake does with them

The functions of Trino ${trino.version} as \`SHOW FUNCTIONS\` lists them, with what is written like one. Of ${rows.length}, ${count('same')} mean
the same in DuckDB as they stand, ${count('rewritten')} by a rewrite or a macro, and ${count('refused')} are refused, with the way that works
everywhere. [sql.md](sql.md) has the rules.

| function | on one machine | |
|---|---|---|
${rows.map(([name, kind, note]) => `| \`${name}\` | ${WORDS[kind]} | ${note.replaceAll('|', '\\|')} |`).join('\n')}
`;
  await expect(page).toMatchFileSnapshot('../../docs/sql-functions.md');
});

it('every function that the lake has is one of Trino', () => {
  const known = new Set([
    ...Object.keys(trino.functions).map((name) => name.toLowerCase()),
    ...SPECIAL,
    'cube',
    'rollup',
  ]);
  expect([...SHARED_FUNCTIONS].filter((name) => !known.has(name))).toEqual([]);
});
