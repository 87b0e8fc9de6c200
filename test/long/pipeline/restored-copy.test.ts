import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { openNightLake } from '../../end-to-end/nights.ts';
import { DAY, openSmallCampus } from '../../end-to-end/small-campus.ts';

/** The backup of a lake on one machine is a copy of its folder. */
it('a lake whose folder was lost goes on from a copy, and shows what one shows that was never lost', async () => {
  const start = currentTermWeek(5);
  const campus = await openSmallCampus(generateCollege({ students: 12, seed: 3 }), start, 'both');
  try {
    const [lost, kept] = [await openNightLake(campus, 'lost'), await openNightLake(campus, 'kept')];
    const folder = join(lost.folder, 'lake');
    const backup = join(campus.folder, 'backup');
    for (const night of [0, 1]) {
      const at = start + night * DAY;
      await campus.simulated.advanceTo(at);
      for (const lake of [lost, kept]) expect((await lake.run({ at })).failures).toEqual([]);
      if (night === 0) await cp(folder, backup, { recursive: true, preserveTimestamps: true });
    }
    await rm(folder, { recursive: true });
    await cp(backup, folder, { recursive: true, preserveTimestamps: true });
    const at = start + 2 * DAY;
    await campus.simulated.advanceTo(at);

    // What the copy shows is of its night: older, and whole.
    const old = await lost.see(at);
    expect(old.publication.id < (await kept.see(at)).publication.id).toBe(true);
    for (const lake of [lost, kept]) expect((await lake.run({ at })).failures).toEqual([]);

    const [seen, wanted] = [await lost.see(at), await kept.see(at)];
    expect(Object.keys(seen.tables)).toEqual(Object.keys(wanted.tables));
    const differing = Object.keys(wanted.tables).filter(
      (table) => JSON.stringify(seen.tables[table]?.rows) !== JSON.stringify(wanted.tables[table]?.rows),
    );
    expect(differing.filter((table) => !table.startsWith('ops.'))).toEqual([]);
  } finally {
    await campus.close();
  }
});
