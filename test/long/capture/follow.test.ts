import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { type FollowEvent, follow } from '../../../src/pipeline/live/follow.ts';
import { listPublications, readPublication } from '../../../src/pipeline/publication.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { followedSources } from '../../../src/sis/take-changes.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';

describe('Following the changes of a SIS between two runs', () => {
  let campus: SmallCampus;
  let owner: pg.Client;
  let start: number;

  beforeAll(async () => {
    start = currentTermWeek(1);
    campus = await openSmallCampus(
      generateCollege({ students: 30, seed: 7 }),
      start,
      'both',
      CORE_MODELS,
      () => ({
        replication: 'full-load-and-cdc',
        publication: 'for_lake',
      }),
    );
    const { sis } = campus.simulated;
    const { user, password } = sis!.owner;
    owner = new pg.Client({ host: sis!.host, port: sis!.port, database: sis!.database, user, password });
    await owner.connect();
    await owner.query('ALTER ROLE lake REPLICATION');
    const { rows } = await owner.query<{ statement: string }>(PUBLICATION);
    await owner.query(rows[0]!.statement);
    await campus.simulated.advanceTo(start);
    expect((await campus.run('live')).failures).toEqual([]);
  });
  afterAll(async () => {
    await owner?.end();
    await campus?.close();
  });

  const followOnce = () =>
    campus.look('live', async (platform, loaded) => {
      const events: FollowEvent[] = [];
      const lake = openLake({
        ...loaded,
        platform,
        session: PIPELINE,
        features: FEATURES,
        events: openEvents(),
        signal: new AbortController().signal,
      });
      const end = await follow(lake, {
        sources: followedSources(lake),
        intervalMs: 1000,
        once: true,
        on: (event) => events.push(event),
        isOutdated: async () => false,
      });
      expect(end).toBe('done');
      const [round] = events.filter((event) => event.type === 'round');
      return round!;
    });

  const contents = (lake: string) =>
    campus.look(lake, async (platform, { catalog }) => {
      const all: Record<string, string[]> = {};
      const published = new Set(Object.keys((await readPublication(platform))!.tables));
      for (const { id } of catalog.of('sis')) {
        if (!published.has(id)) continue;
        all[id] = (await answer(platform, `SELECT * FROM ${id}`)).map((row) => row.join('|')).sort();
      }
      return all;
    });

  it('publishes nothing where nothing came', async () => {
    const before = await campus.look('live', async (platform) => listPublications(platform.objects));
    const round = await followOnce();
    expect(round).toMatchObject({ tables: [], failed: [] });
    expect(round).not.toHaveProperty('publishedAt');
    expect(await campus.look('live', async (platform) => listPublications(platform.objects))).toEqual(before);
  });

  it('shows what has changed as a run does, and says how late', async () => {
    await campus.simulated.advanceTo(start + 3 * DAY);
    const round = await followOnce();
    expect(round.failed).toEqual([]);
    expect(round.tables.length).toBeGreaterThan(0);
    expect(round.delay!.changes).toBe(round.tables.reduce((sum, table) => sum + table.changes, 0));
    const live = await contents('live');
    expect((await campus.run('live')).failures).toEqual([]);
    expect(await contents('live')).toEqual(live);
    const rows = await campus.look('live', (platform) => platform.ledger.rows('visibility'));
    expect(rows.map((row) => row.table_name).sort()).toEqual(
      round.tables.map(({ dataset }) => dataset).sort(),
    );
  });
});

/** Publishes every table which says of a change in which row it was. */
const PUBLICATION = `
SELECT format('CREATE PUBLICATION for_lake FOR TABLE %s WITH (publish_via_partition_root = true)',
  string_agg(format('%I.%I', n.nspname, c.relname), ', ')) AS statement
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (c.relreplident = 'f' OR EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.oid
      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END))`;
