import { afterAll, beforeAll, expect, it } from 'vitest';
import { maskSql } from '../../src/access/portable-sql.ts';
import { SIMPLE_LAKE_TYPES } from '../../src/campus/lake-type.ts';
import {
  maskTakes,
  parseShown,
  SIMPLE_VIEWS,
  SMALL_ZIP3,
  shownText,
  VIEW_EXAMPLES,
} from '../../src/campus/masks.ts';
import { granted } from '../granted.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';
import { shareOf } from '../property-runs.ts';
import { MASK_TERMS, MASK_VECTORS, valuesOf } from './mask-vectors.ts';

/** Whatever column is asked for is `p`. */
const ANY_TERMS = { ...MASK_TERMS, sibling: () => MASK_TERMS.sibling('p') };

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

it.each(shareOf(MASK_VECTORS))('$mask of $type', async (vector) => {
  const shown = maskSql(parseShown(vector.mask), 'v', vector.type, MASK_TERMS);
  const rows = await lake.rows(`SELECT ${shown} AS shown FROM (${valuesOf(vector)}) ORDER BY n`, {});
  expect(rows.map(([cell]) => (typeof cell === 'bigint' ? String(cell) : cell))).toEqual(
    vector.values.map(([, expected]) => expected),
  );
});

it.each(shareOf([...SIMPLE_VIEWS, ...VIEW_EXAMPLES]))(
  '%s keeps the type of whatever it takes',
  async (mask) => {
    const shown = parseShown(mask);
    expect(shownText(shown)).toBe(mask);
    const types = ([...SIMPLE_LAKE_TYPES, 'decimal(12,3)'] as const).filter((type) => maskTakes(shown, type));
    const masked = types.map((type, i) => `${maskSql(shown, `v${i}`, type, ANY_TERMS)} AS s${i}`);
    const values = types.map((type, i) => `CAST(NULL AS ${type}) AS v${i}`);
    const { columns } = await lake.engine.query(
      `SELECT ${masked.join(', ')} FROM (SELECT ${values.join(', ')}, '' AS p)`,
      granted({}),
    );
    expect(columns).toEqual(types.map((type, i) => ({ name: `s${i}`, type })));
  },
);

it('the small post codes are those of the guidance: seventeen', () => {
  expect(new Set(SMALL_ZIP3).size).toBe(17);
});

it.each(['pseudonym student', 'shift 183 by p'])('%s is not made without a key', (mask) => {
  const terms = { ...MASK_TERMS, context: { year: 2026 } };
  const type = mask.startsWith('shift') ? 'date' : 'varchar';
  expect(maskSql(parseShown(mask), 'v', type, terms)).toBeUndefined();
});

it('dates are not shifted by a column that there is not, or that holds no id', () => {
  const shown = parseShown('shift 183 by q');
  expect(maskSql(shown, 'v', 'date', MASK_TERMS)).toBeUndefined();
  const terms = { ...MASK_TERMS, sibling: () => ({ sql: 'q', type: 'double' as const }) };
  expect(maskSql(shown, 'v', 'date', terms)).toBeUndefined();
});
