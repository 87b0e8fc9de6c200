import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyTexts, STORED_SHIFT } from '../../src/access/mask-keys.ts';
import { STORED_MASK_PATTERN } from '../../src/campus/masks.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { MASK_VECTORS, type MaskVector } from '../access/mask-vectors.ts';
import { exact, specOf } from '../platform/local/duckdb/lake-folder.ts';
import { at, type OpenHome, PSEUDONYM_KEYS } from './query-engine-home.ts';

const TABLE = 'canvas.people';

/** Days are shifted by another key than in the vectors; see below. */
const STORED = MASK_VECTORS.filter(({ mask }) => STORED_MASK_PATTERN.test(mask) && !mask.startsWith('shift'));

/** A literal of Athena's as a source delivers it. */
function delivered(literal: string): unknown {
  if (literal === 'NULL') return null;
  const quoted = /'((?:[^']|'')*)'/.exec(literal)?.[1]?.replaceAll("''", "'");
  if (/^(DOUBLE|DECIMAL|CAST)/.test(literal)) return exact(quoted!);
  return quoted ?? exact(literal);
}

/** What a day is shifted by, computed apart from the SQL: the first eight digits of the token of the person's id. */
function shifted(day: string, person: string, days: number): string {
  const { inner, outer } = keyTexts(PSEUDONYM_KEYS.at(-1)!, STORED_SHIFT);
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const place = Number(
    BigInt(`0x${sha(outer + sha(inner + person.trim().toLowerCase())).slice(0, 8)}`) % BigInt(2 * days),
  );
  const by = place < days ? place - days : place - days + 1;
  return new Date(Date.parse(`${day}Z`) + by * 86_400_000).toISOString().slice(0, 10);
}

/** Columns that are stored by a mask of the catalog. */
export function masksContract(home: OpenHome): void {
  const { raw, rows, fresh } = home;

  it('stores what the masks make of values, the same as they are shown by access.yaml', async () => {
    const spec = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      ...STORED.map(({ mask, type }, i) => ({ name: `v${i}`, type, treatment: 'mask' as const, mask })),
    ]);
    const longest = Math.max(...STORED.map(({ values }) => values.length));
    const valueAt = (n: number, pick: (value: MaskVector['values'][number]) => unknown) =>
      STORED.map(({ values }) => (values[n] ? pick(values[n]) : null));
    const places = Array.from({ length: longest }, (_, n) => n);
    const record = (n: number, ts: string) => ({
      ts,
      key: { id: BigInt(n) },
      value: Object.fromEntries(
        valueAt(n, ([literal]) => delivered(literal)).map((value, i) => [`v${i}`, value]),
      ),
    });
    const snapshot = await raw(places.map((n) => record(n, at(1))));
    const expected = places.map((n) => [BigInt(n), ...valueAt(n, ([, shown]) => shown)]);

    const { version } = await home.engine.replace(spec, [snapshot], fresh());

    const plain = (found: Cell[][]) =>
      found.map(([id, ...cells]) => [
        id,
        ...cells.map((cell) => (typeof cell === 'bigint' ? String(cell) : cell)),
      ]);
    const all = `SELECT * FROM ${TABLE} ORDER BY id`;
    expect(plain(await rows(all, { [TABLE]: version }))).toEqual(expected);
    expect(version.columns).toEqual(spec.columns.map(({ name, type }) => ({ name, type })));

    const increment = await raw([{ ...record(0, at(2)), action: 'U', key: { id: 99n } }]);
    const merged = await home.engine.merge(version, spec, [increment], fresh());

    expect(plain(await rows(`${all} DESC LIMIT 1`, { [TABLE]: merged.version }))).toEqual([
      [99n, ...expected[0]!.slice(1)],
    ]);
  });

  it('shifts the days of a person by one number, and keeps neither the day nor what it was shifted by', async () => {
    const spec = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'person', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
      { name: 'born', type: 'date', treatment: 'mask', mask: 'shift 183 by person' },
      { name: 'seen', type: 'timestamp', treatment: 'mask', mask: 'shift 30 by login' },
      { name: 'login', type: 'bigint' },
    ]);
    const file = await raw([
      {
        ts: at(1),
        key: { id: 1n },
        value: { person: 'S1', born: '2004-02-29', seen: '2026-01-01T08:00:00Z', login: 17n },
      },
      {
        ts: at(1),
        key: { id: 2n },
        value: { person: ' s1', born: '2004-03-01', seen: '2026-01-02T08:00:00Z', login: 18n },
      },
      { ts: at(1), key: { id: 3n }, value: { born: '2004-03-01' } },
    ]);

    const { version } = await home.engine.replace(spec, [file], fresh());

    const token = pseudonymOf('S1', 'person', PSEUDONYM_KEYS);
    const seen = (day: string, login: string) => `${shifted(day, login, 30)} 08:00:00.000`;
    expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
      [1n, token, shifted('2004-02-29', 'S1', 183), seen('2026-01-01', '17'), 17n],
      [2n, token, shifted('2004-03-01', 'S1', 183), seen('2026-01-02', '18'), 18n],
      [3n, null, null, null, null],
    ]);
    expect(shifted('2004-02-29', 'S1', 183)).not.toBe('2004-02-29');
  });
}
