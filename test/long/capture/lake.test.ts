import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import {
  answer,
  CORE_MODELS,
  DAY,
  openSmallCampus,
  type SmallCampus,
} from '../../end-to-end/small-campus.ts';

const NIGHTS = Number(process.env.CAPTURE_NIGHTS ?? 5);
describe('A lake on one machine that captures the changes of its SIS', () => {
  let campus: SmallCampus;
  let owner: pg.Client;
  let replication: string;
  let start: number;

  beforeAll(async () => {
    start = currentTermWeek(1);
    replication = 'full-load-and-cdc';
    campus = await openSmallCampus(
      generateCollege({ students: 30, seed: 7 }),
      start,
      'both',
      CORE_MODELS,
      (lake) =>
        lake === 'copied'
          ? {}
          : { replication, ...(lake === 'published' ? { publication: 'for the lake' } : {}) },
    );
    const { sis } = campus.simulated;
    const { user, password } = sis!.owner;
    owner = new pg.Client({ host: sis!.host, port: sis!.port, database: sis!.database, user, password });
    await owner.connect();
  });
  afterAll(async () => {
    await owner?.end();
    await campus?.close();
  });

  const tables = async () =>
    campus.look('copied', async (_, { catalog }) => catalog.of('sis').map(({ id, key }) => ({ id, key })));

  /** Every row of every table of the SIS, sorted. */
  const contents = (lake: string) =>
    campus.look(lake, async (platform, { catalog }) => {
      const all: Record<string, string[]> = {};
      for (const { id } of catalog.of('sis')) {
        all[id] = (await answer(platform, `SELECT * FROM ${id}`)).map((row) => row.join('|')).sort();
      }
      return all;
    });

  const kinds = (lake: string) =>
    campus.look(lake, async (platform) => {
      const rows = await platform.ledger.rows('loads');
      const last = rows.filter(({ source }) => source === 'sis').at(-1)!.run;
      return new Map(
        rows
          .filter(({ run, source }) => run === last && source === 'sis')
          .map((row) => [row.dataset, row.kind]),
      );
    });

  it('says what its user lacks, and has no slot then', async () => {
    const { failures } = await campus.run('published');
    expect(failures.map(({ message }) => message).join()).toContain('the user lake may not read the log');
    await owner.query('ALTER ROLE lake REPLICATION');
    const again = await campus.run('published');
    expect(again.failures.map(({ message }) => message).join()).toContain(
      'the database has no publication for the lake',
    );
    expect((await owner.query('SELECT FROM pg_replication_slots')).rows).toEqual([]);
  });

  it('has the tables of one that copies all of it, night after night', async () => {
    // The statement of docs/sis.md.
    const { rows } = await owner.query<{ statement: string }>(PUBLICATION);
    await owner.query(rows[0]!.statement.replace('campus_lake', '"for the lake"'));
    for (let night = 0; night < NIGHTS; night++) {
      await campus.simulated.advanceTo(start + night * DAY);
      for (const lake of ['copied', 'published']) {
        const { failures } = await campus.run(lake);
        expect(failures, `${lake}, night ${night}`).toEqual([]);
      }
      expect(await contents('published'), `night ${night}`).toEqual(await contents('copied'));
    }
    const found = await kinds('published');
    for (const { id, key } of await tables())
      expect([id, found.get(id)]).toEqual([id, key.length > 0 ? 'increment' : 'snapshot']);
  });

  it('gives back the slot when the SIS is copied whole again', async () => {
    expect((await owner.query('SELECT FROM pg_replication_slots')).rows).toHaveLength(1);
    replication = 'full-load';
    expect((await campus.run('published')).failures).toEqual([]);
    expect((await owner.query('SELECT FROM pg_replication_slots')).rows).toEqual([]);
    expect(await contents('published')).toEqual(await contents('copied'));
  });
});

/** Writes the statement that publishes every table which says of a change in which row it was. */
const PUBLICATION = `
SELECT format('CREATE PUBLICATION campus_lake FOR TABLE %s WITH (publish_via_partition_root = true)',
  string_agg(format('%I.%I', n.nspname, c.relname), ', ')) AS statement
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (c.relreplident = 'f' OR EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.oid
      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END))`;
