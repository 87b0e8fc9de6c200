import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresMask, postgresType } from '../../../src/access/postgres-sql.ts';
import { SIMPLE_LAKE_TYPES } from '../../../src/campus/lake-type.ts';
import { maskTakes, parseShown, SIMPLE_VIEWS, VIEW_EXAMPLES } from '../../../src/campus/masks.ts';
import { MASK_TERMS, MASK_VECTORS } from '../../access/mask-vectors.ts';
import { openPostgresCollege, type PostgresCollege } from '../../access/postgres-college.ts';

let college: PostgresCollege;
beforeAll(async () => {
  college = await openPostgresCollege();
  await college.load('p1', '');
}, 60_000);
afterAll(() => college?.close());

const shownAs = async (
  mask: string,
  type: Parameters<typeof postgresType>[0],
  literals: readonly (readonly [literal: string, by?: string])[],
) => {
  const values = literals.map(
    ([literal, by = 'NULL'], n) =>
      `(${n}, CAST(${literal.replace(/^DOUBLE /, '')} AS ${postgresType(type)}), CAST(${by} AS varchar))`,
  );
  const terms = { ...MASK_TERMS, sibling: () => MASK_TERMS.sibling('p') };
  const rows = await college.owner<{ shown: string | null; type: string }>(
    `SELECT CAST(shown AS varchar) AS shown, CAST(pg_typeof(shown) AS varchar) AS type
       FROM (SELECT n, ${postgresMask(parseShown(mask), 'v', type, terms)} AS shown FROM (VALUES ${values.join(', ')}) AS t (n, v, p)) s
      ORDER BY n`,
  );
  return rows;
};

it.each(MASK_VECTORS)('$mask of $type shows what it shows in the lake', async ({ mask, type, values }) => {
  const rows = await shownAs(
    mask,
    type,
    values.map(([literal, , by]) => [literal, by]),
  );
  const expected = values.map(([, shown]) => (shown === null ? null : String(shown).replace(/\.000$/, '')));
  expect(rows.map(({ shown }) => shown)).toEqual(expected);
});

it.each([...SIMPLE_VIEWS, ...VIEW_EXAMPLES])('%s keeps the type of whatever it takes', async (mask) => {
  for (const type of [...SIMPLE_LAKE_TYPES, 'decimal(12,3)'] as const) {
    if (!maskTakes(parseShown(mask), type)) continue;
    const [row] = await shownAs(mask, type, [['NULL']]);
    const [whole] = await shownAs('whole', type, [['NULL']]);
    expect(row).toEqual(whole);
  }
});

it.each(['real', 'double'] as const)('a band of %s fails for no value', async (type) => {
  const [tiny, most] = type === 'real' ? ['1e-45', '3.4e38'] : ['4.9e-324', '1.797e308'];
  const values = ['NaN', 'Infinity', '-Infinity', tiny, `-${tiny}`, most, `-${most}`, '-0.0', '0'];
  const rows = await shownAs(
    'band 10',
    type,
    values.map((value) => [`'${value}'`]),
  );
  expect(rows.map(({ shown }) => Number(shown))).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -10,
    Number(most),
    -Number(most),
    0,
    0,
  ]);
});
