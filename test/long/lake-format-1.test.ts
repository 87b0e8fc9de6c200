import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listStates } from '../../src/loads/dataset-state.ts';
import { openNightLake } from '../end-to-end/nights.ts';
import { DAY, openSmallCampus } from '../end-to-end/small-campus.ts';
import { unpackBundle } from '../fixtures/lake-format-1/bundle.ts';
import { FIRST_NIGHT, FIXTURE_MODELS, fixtureCollege } from '../fixtures/lake-format-1/college.ts';

it('a lake of format 1 is opened, queried and loaded further, and shows what a new lake shows', async () => {
  const campus = await openSmallCampus(fixtureCollege(), FIRST_NIGHT, 'both', FIXTURE_MODELS);
  try {
    const at = FIRST_NIGHT + 2 * DAY;
    await campus.simulated.advanceTo(at);
    const old = await openNightLake(campus, 'old');
    await unpackBundle(join(old.folder, 'lake'));
    const before = await old.see(at);
    expect(before.tables['campus.students']?.rows.length).toBeGreaterThan(0);
    const waiting = await old.look(({ ledger }) => listStates(ledger));
    expect(waiting.some(({ loading }) => loading.phase === 'requested')).toBe(true);

    expect((await old.run({ at })).failures).toEqual([]);

    const fresh = await openNightLake(campus, 'fresh');
    expect((await fresh.run({ at })).failures).toEqual([]);
    const [seen, wanted] = [await old.see(at), await fresh.see(at)];
    expect(Object.keys(seen.tables).sort()).toEqual(Object.keys(wanted.tables).sort());
    // A new lake has not seen what was deleted before it began, so only the rows of tables that keep all are compared.
    for (const table of ['campus.students', 'campus.terms', 'campus.programs', 'canvas.users']) {
      expect([table, seen.tables[table]?.rows]).toEqual([table, wanted.tables[table]?.rows]);
    }
  } finally {
    await campus.close();
  }
});
