import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { type EndState, endState, killAndContinue, undisturbed } from '../../end-to-end/kill.ts';
import { CORE_MODELS, DAY, openSmallCampus, type SmallCampus } from '../../end-to-end/small-campus.ts';

/**
 * What others of the machine may do with files and folders, but for the server's own. A PostgreSQL that root starts is
 * another user's: it may pass through the two folders above its data.
 */
function openToOthers(lake: string): string[] {
  const passable = process.getuid?.() === 0 ? ['', 'warehouse'] : [];
  const names = ['', ...(readdirSync(lake, { recursive: true }) as string[])];
  return (
    names
      // What the server of the warehouse has made, and the file in which this campus wants to be told.
      .filter((name) => !name.startsWith(join('warehouse', 'data')) && name !== 'notification.txt')
      .map((name) => ({ name, mode: statSync(join(lake, name)).mode & 0o777 }))
      .filter(({ name, mode }) => (mode & (passable.includes(name) ? 0o066 : 0o077)) !== 0)
      .map(({ name, mode }) => `${name} ${mode.toString(8)}`)
  );
}

/** One of the kill points, with some of the models; test/long/kill.test.ts tries hundreds, with all. */
describe('A run that is killed', () => {
  let campus: SmallCampus;
  let right: EndState;
  let span: number;

  beforeAll(async () => {
    const start = currentTermWeek(5);
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), start, 'both', CORE_MODELS);
    expect((await campus.run('base')).failures).toEqual([]);
    await campus.simulated.advanceTo(start + 2 * DAY);
    span = await undisturbed(campus, 'base', 'undisturbed');
    right = await endState(campus, 'undisturbed');
  });
  afterAll(() => campus.close());

  it('leaves nothing that another user of the machine may read', () => {
    const lake = join(campus.folder, 'base');
    expect(readdirSync(lake)).toEqual(
      expect.arrayContaining(['curated', 'ledger', 'publications', 'raw', 'staged', 'warehouse']),
    );
    expect(openToOthers(lake)).toEqual([]);
  });

  it.each([0.45])('at %f of its way ends, once continued, as if nothing had happened', async (share) => {
    const { killed, state } = await killAndContinue(campus, 'base', 'killed', span * share);
    expect(killed).toBe(true);
    expect(Object.keys(right.published).length).toBeGreaterThan(25);
    expect(Object.keys(right.warehouse).length).toBeGreaterThan(5);
    expect(state).toEqual(right);
  });
});
