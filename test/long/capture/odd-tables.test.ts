import { expect, it } from 'vitest';
import { Follower } from '../../platform/local/replication/changes/following.ts';
import { startSisFixture } from '../../platform/local/replication/sis-fixture.ts';

it('tables with odd names, made again under their name, taken out of the publication, with partitions that come and go', async () => {
  const sis = await startSisFixture({ wal_level: 'logical', log_statement: 'none' });
  try {
    const q = (s: string) => sis.admin.query(s);
    await q(`ALTER ROLE lake SUPERUSER; CREATE SCHEMA "Ünï""q";
      CREATE TABLE "Ünï""q"."t'x""y" ("a""b" int, "ke y'" text, "Op2" text, "select" int, PRIMARY KEY ("a""b", "ke y'"));
      CREATE TABLE "Ünï""q".empty (id int PRIMARY KEY);
      CREATE TABLE "Ünï""q".only (id text PRIMARY KEY);
      INSERT INTO "Ünï""q"."t'x""y" VALUES (1, 'x', 'y', 2), (2, '', NULL, NULL); INSERT INTO "Ünï""q".only VALUES (''), ('a')`);
    const f = new Follower(await sis.lake(), sis.source, 'Ünï"q');
    await f.load();
    await q(
      `UPDATE "Ünï""q"."t'x""y" SET "select" = 9, "ke y'" = 'z''"' WHERE "a""b" = 1; DELETE FROM "Ünï""q".only WHERE id = ''; INSERT INTO "Ünï""q".empty VALUES (7); DELETE FROM "Ünï""q".empty; INSERT INTO "Ünï""q".only VALUES (E'\\\\N')`,
    );
    // the clock of this machine goes back
    const real = Date.now;
    Date.now = () => real() - 86_400_000 * 400;
    await f.load();
    Date.now = real;
    expect(await f.rows(`t'x"y`, `"a""b", "ke y'"`)).toEqual([
      { 'a"b': 1, "ke y'": `z'"`, Op2: 'y', select: 9 },
      { 'a"b': 2, "ke y'": '', Op2: null, select: null },
    ]);
    expect(await f.rows('only', 'id')).toEqual([{ id: '\\N' }, { id: 'a' }]);
    expect(await f.rows('empty', 'id')).toEqual([]);
    // a second row with the same key cannot be; a table dropped and made again
    await q(
      `DROP TABLE "Ünï""q".only; CREATE TABLE "Ünï""q".only (id text PRIMARY KEY); INSERT INTO "Ünï""q".only VALUES ('new')`,
    );
    await f.load();
    await f.load();
    expect(await f.rows('only', 'id')).toEqual([{ id: 'new' }]);
    const pub = (await q('SELECT pubname FROM pg_publication')).rows[0].pubname;
    await q(`ALTER PUBLICATION ${pub} DROP TABLE "Ünï""q".only; INSERT INTO "Ünï""q".only VALUES ('unseen')`);
    await f.load();
    expect(await f.rows('only', 'id')).toEqual([{ id: 'new' }, { id: 'unseen' }]);
    await q(
      `CREATE TABLE "Ünï""q".p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE "Ünï""q".p1 PARTITION OF "Ünï""q".p FOR VALUES FROM (0) TO (10); INSERT INTO "Ünï""q".p VALUES (1)`,
    );
    await f.load();
    await q(`CREATE TABLE "Ünï""q".p2 (id int PRIMARY KEY); INSERT INTO "Ünï""q".p2 VALUES (12)`);
    await f.load();
    await q(`ALTER TABLE "Ünï""q".p ATTACH PARTITION "Ünï""q".p2 FOR VALUES FROM (10) TO (20)`);
    await f.load();
    expect(await f.rows('p', 'id')).toEqual([{ id: 1 }, { id: 12 }]);
    await q(`ALTER TABLE "Ünï""q".p DETACH PARTITION "Ünï""q".p1`);
    await f.load();
    expect(await f.rows('p', 'id')).toEqual([{ id: 12 }]);
  } finally {
    await sis.stop();
  }
});
