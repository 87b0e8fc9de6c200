import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanLake } from '../../src/platform/local/scan/scan-lake.ts';
import type { Planted } from '../../src/privacy/planted.ts';
import { generateCollege } from '../../src/simulators/college/generate.ts';
import { openSmallCampus, type SmallCampus } from '../end-to-end/small-campus.ts';
import { valuesIn } from '../end-to-end/source-values.ts';

const college = generateCollege({ students: 40, seed: 11, days: 60 });

/** Values of a column that are long enough to be met by nothing else. */
function valuesOf(system: 'sis' | 'canvas', table: string, column: string): string[] {
  const found = valuesIn(college, system, table, column).filter((value) => value.length >= 8);
  expect(found.length, `${table}.${column}`).toBeGreaterThan(5);
  return found;
}

describe('The lake of the simulated college', () => {
  let campus: SmallCampus;
  beforeAll(async () => {
    campus = await openSmallCampus(college, college.closes);
    await campus.run('lake');
  }, 300_000);
  afterAll(() => campus.close());

  it('holds no planted value where the policy does not allow it', { timeout: 300_000 }, async () => {
    const root = join(campus.folder, 'lake');
    // Left behind: a SIS is not asked for them, and nothing may have them.
    const nowhere = [
      ...valuesOf('sis', 'persons', 'ssn'),
      ...valuesOf('sis', 'accounts', 'bank_routing'),
      ...valuesOf('sis', 'accounts', 'bank_account'),
    ].map((value): Planted => ({ value }));
    // Left behind, but Canvas delivers whole rows: the raw zone has them until its retention ends.
    const rawOnly = valuesOf('canvas', 'pseudonyms', 'current_login_ip').map(
      (value): Planted => ({ value, allowed: ['raw'] }),
    );
    const scanned = await scanLake({
      root,
      also: [join(root, 'notification.txt')],
      planted: [...nowhere, ...rawOnly],
    });
    expect(scanned.undecoded).toEqual([]);
    expect(scanned.columns).toBeGreaterThan(300);
    expect(scanned.found.filter(({ allowed }) => !allowed)).toEqual([]);
    // The scan does see: what is kept is found where it is kept, in the warehouse too.
    const kept = await scanLake({
      root,
      planted: valuesOf('sis', 'persons', 'person_id').map((value) => ({ value })),
    });
    expect(kept.found.map(({ zone }) => zone)).toEqual(
      expect.arrayContaining(['raw', 'staged', 'curated', 'warehouse']),
    );
  });

  it('holds none that comes into a log', async () => {
    const root = join(campus.folder, 'lake');
    const value = valuesOf('sis', 'persons', 'ssn')[0]!;
    await writeFile(join(root, 'debug.log'), `failed at ${value}\n`);
    const { found } = await scanLake({ root, planted: [{ value }] });
    expect(found).toMatchObject([{ file: 'debug.log', where: 'text', allowed: false }]);
  });
});
