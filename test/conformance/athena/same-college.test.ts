import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import {
  DAY,
  dump,
  openSmallCampus,
  publishedTables,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';
import { type AthenaHome, startAthenaHome } from './athena-home.ts';
import { athenaPlatform } from './athena-platform.ts';
import { trinoQuery } from './trino-client.ts';

/** Some two hundred statements on whatever machine there is. */
const NIGHT_MS = 20 * 60_000;

/**
 * One simulated college loaded into two lakes by the same steps: through DuckDB on one machine, and through Athena's
 * statements on a real Trino over Iceberg and Parquet in S3. A snapshot, then two nights of changes.
 */
describe('the same college in both targets', () => {
  let campus: SmallCampus;
  let home: AthenaHome;
  const start = currentTermWeek(5);

  beforeAll(async () => {
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), start);
    home = await startAthenaHome(['canvas', 'canvas_logs', 'sis', 'campus', 'ops']);
  });
  afterAll(async () => {
    await home?.stop();
    await campus?.close();
  });

  /** One night of the lake on AWS, and a look at what it then shows. */
  const onAws = <T>(look: (platform: Platform) => Promise<T>, isNight = true) =>
    campus.look('aws', async (local, loaded) => {
      const platform = athenaPlatform(local, home);
      if (isNight) {
        const events = openEvents();
        const lake = openLake({
          ...loaded,
          platform,
          session: PIPELINE,
          features: FEATURES,
          events,
          signal: new AbortController().signal,
        });
        const { failures } = await runLake({ lake, events });
        expect(failures).toEqual([]);
      }
      return look(platform);
    });

  it.each([
    ['a snapshot', 0],
    ['a night of changes', 1],
    ['another night', 2],
  ])(
    'shows the same tables, row for row and type for type, after %s',
    { timeout: NIGHT_MS },
    async (_, nights) => {
      await campus.simulated.advanceTo(start + nights * DAY);
      await campus.run('local');

      const onOneMachine = await campus.look('local', dump);
      const there = await onAws(dump);

      expect(Object.keys(there).sort()).toEqual(Object.keys(onOneMachine).sort());
      for (const table of Object.keys(onOneMachine).sort()) {
        expect({ table, rows: there[table] }).toEqual({ table, rows: onOneMachine[table] });
      }
      expect(Object.values(onOneMachine).filter((rows) => rows.length > 1).length).toBeGreaterThan(50);
    },
  );

  it('shows whoever comes in by Athena itself the same rows', async () => {
    const published = await onAws(publishedTables, false);
    for (const table of ['canvas.submissions', 'sis.registrar_terms', 'campus.students']) {
      const { rows } = await trinoQuery(home.trino, `SELECT count(*) FROM lake_${table}`);
      expect({ table, rows: Number(rows[0]![0]) }).toEqual({ table, rows: published[table]!.rows });
    }
  });
});
