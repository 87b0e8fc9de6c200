import { Command } from 'commander';
import { Follower } from '../test/platform/local/replication/changes/following.ts';
import { type SisFixture, startSisFixture } from '../test/platform/local/replication/sis-fixture.ts';

/**
 * How long a run takes to catch up with changes of a SIS, compared with the least that any reader of the log does: the
 * server decodes the same changes and sends them, and nobody keeps them. In turns, over changes of the same kind: half
 * of them in transactions of one row, half in one transaction.
 *
 *   npm run bench:changes -- --help
 */
const { changes, runs, rows } = new Command('bench:changes')
  .option('--changes <n>', 'changes of each run', Number, 100_000)
  .option('--rows <n>', 'rows of the table before', Number, 200_000)
  .option('--runs <n>', 'runs, both once in each', Number, 3)
  .parse()
  .opts<{ changes: number; runs: number; rows: number }>();

const sis = await startSisFixture({ wal_level: 'logical', log_statement: 'none', max_wal_size: '4GB' });
try {
  await sis.admin.query(`ALTER ROLE lake SUPERUSER; CREATE SCHEMA b;
    CREATE TABLE b.registration (id bigint PRIMARY KEY, student text, section int, status varchar(2),
      credits numeric(5,2), registered_at timestamptz, note text);
    INSERT INTO b.registration SELECT g, 'S' || g, g % 900, 'RE', 3, now(), repeat('n', 40) FROM generate_series(1, ${rows}) g;
    CREATE PROCEDURE b.change(many int, base int) LANGUAGE plpgsql AS $$ BEGIN
      FOR i IN 1..many LOOP
        UPDATE b.registration SET status = 'W', registered_at = now() WHERE id = base + i;
        COMMIT;
      END LOOP;
    END $$`);
  const follower = new Follower(await sis.lake(), sis.source, 'b');
  await follower.load();
  const lake: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run++) {
    await change(sis, run);
    bare.push(await seconds(() => readBare(sis)));
    lake.push(await seconds(() => follower.load()));
    console.error(`the lake ${lake.at(-1)!.toFixed(1)} s, the bare log ${bare.at(-1)!.toFixed(1)} s`);
  }
  const mid = (of: readonly number[]) => of.toSorted((a, b) => a - b)[of.length >> 1]!;
  console.log(`${changes.toLocaleString('en-US')} changes a run, ${runs} runs, medians

| | seconds | changes a second |
|---|---|---|
| a load of the lake | ${mid(lake).toFixed(2)} | ${Math.round(changes / mid(lake)).toLocaleString('en-US')} |
| the log decoded and sent, kept by nobody | ${mid(bare).toFixed(2)} | ${Math.round(changes / mid(bare)).toLocaleString('en-US')} |
| the lake ÷ the log | ${(mid(lake) / mid(bare)).toFixed(2)}× | |`);
} finally {
  await sis.stop();
}

async function change({ admin }: SisFixture, run: number): Promise<void> {
  const half = changes >> 1;
  await admin.query(`CALL b.change(${half}, ${(run * half) % rows})`);
  await admin.query(`UPDATE b.registration SET note = 'run ${run}' WHERE id <= ${half}`);
}

/** Decodes what the slot holds, by the function that the lake reads with, and throws it away. */
async function readBare({ admin }: SisFixture): Promise<void> {
  const { rows: slots } = await admin.query('SELECT slot_name AS slot FROM pg_replication_slots');
  const { slot } = slots[0] as { slot: string };
  await admin.query('BEGIN');
  await admin.query(
    `DECLARE bare NO SCROLL CURSOR FOR SELECT data FROM pg_logical_slot_peek_binary_changes(
       '${slot}', NULL, NULL, 'proto_version', '1', 'publication_names', '"${slot}"')`,
  );
  let fetched = 1;
  while (fetched > 0) fetched = (await admin.query('FETCH 5000 FROM bare')).rows.length;
  await admin.query('COMMIT');
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
