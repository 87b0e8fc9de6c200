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

it('counts what the copy set aside with what staging does, of columns that are in the table', () => {
  const manifest = { files: [file()], setAside: { Name: 2, body: 9 } };

  expect(faultsOf(SPEC, manifest, { setAside: { name_2: 1, id: 4 } })).toEqual({
    setAside: { name_2: 3, id: 4 },
    replaced: {},
  });
});

it('adds up what several loads brought', () => {
  const one = { setAside: { n: 1 }, replaced: {} };

  expect(allFaults([one, { setAside: { n: 2, day: 1 }, replaced: { name: 1 } }])).toEqual({
    setAside: { n: 3, day: 1 },
    replaced: { name: 1 },
  });
});
