import { expect, it } from 'vitest';
import { allFaults, faultsOf, hasFaults } from '../../src/staging/delivered-faults.ts';
import { specOf } from '../platform/local/duckdb/lake-folder.ts';

const SPEC = specOf('canvas.users', [
  { name: 'id', type: 'bigint' },
  { name: 'name_2', type: 'varchar', source: 'Name' },
]);
const file = (repaired?: Record<string, number>) => ({
  key: 'k',
  bytes: 1,
  ...(repaired ? { repaired } : {}),
});

it('counts replaced text by the names of the table, and not that of columns that are excluded', () => {
  const faults = faultsOf(SPEC, { files: [file({ Name: 2, body: 9 }), file(), file({ Name: 1 })] }, {});

  expect(faults).toEqual({ setAside: {}, replaced: { name_2: 3 } });
  expect(hasFaults(faults)).toBe(true);
  expect(hasFaults(faultsOf(SPEC, { files: [file({ body: 9 })] }, {}))).toBe(false);
});

it('adds up what several loads brought', () => {
  const one = { setAside: { n: 1 }, replaced: {} };

  expect(allFaults([one, { setAside: { n: 2, day: 1 }, replaced: { name: 1 } }])).toEqual({
    setAside: { n: 3, day: 1 },
    replaced: { name: 1 },
  });
});
