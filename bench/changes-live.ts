import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type pg from 'pg';
import { readPublication } from '../src/pipeline/publication.ts';
import type { LocalStorage } from '../src/platform/local/duckdb/storage.ts';
import type { Platform } from '../src/ports/platform.ts';
import type { TableVersion } from '../src/ports/tables.ts';
import { granted } from '../test/granted.ts';
import { openFollowedCampus } from '../test/long/capture/followed-campus.ts';
import { startSisFixture } from '../test/platform/local/replication/sis-fixture.ts';

/**
 * How late a change of a SIS is seen while many flow: `lake follow` as a process of its own, and a loop that asks what is
 * published for the newest of a table of marks, which the SIS writes each second. Meanwhile a query is timed over the
 * published table and over its base alone, in turns.
 *
 *   npm run bench:changes-live -- --help
 */
const options = new Command('bench:changes-live')
  .option('--rate <n>', 'changes a second', Number, 2_000)
  .option('--seconds <n>', 'how long they flow', Number, 180)
  .option('--rows <n>', 'rows of the table before', Number, 1_000_000)
  .option('--interval <seconds>', 'of `lake follow`', Number, 20)
  .parse()
  .opts<{ rate: number; seconds: number; rows: number; interval: number }>();

const sis = await startSisFixture({ wal_level: 'logical', log_statement: 'none', max_wal_size: '4GB' });
await sis.admin.query(`ALTER ROLE lake SUPERUSER; CREATE SCHEMA b;
  CREATE TABLE b.mark (id int PRIMARY KEY);
  INSERT INTO b.mark VALUES (0);
  CREATE TABLE b.registration (id bigint PRIMARY KEY, student text, section int, status varchar(2),
    credits numeric(5,2), registered_at timestamptz, note text);
  INSERT INTO b.registration
    SELECT g, 'S' || g, g % 900, 'RE', 3, now(), repeat('n', 40) FROM generate_series(1, ${options.rows}) g`);
const campus = await openFollowedCampus(sis.source, [
  { schema: 'b', table: 'mark', key: ['id'], columns: { id: 'integer' } },
  {
    schema: 'b',
    table: 'registration',
    key: ['id'],
    columns: {
      ...{ id: 'bigint', student: 'varchar', section: 'integer', status: 'varchar' },
      ...{ credits: 'decimal(5,2)', registered_at: 'timestamp', note: 'varchar' },
    },
  },
]);
let following: ChildProcess | undefined;
let ended: Promise<unknown> | undefined;
try {
  const run = await campus.lake('run', '--json');
  if (run.code !== 0) throw new Error(run.stdout + run.stderr);
  const lake = campus.begin('follow', '--json', '--interval', String(options.interval));
  following = lake.child;
  ended = lake.ended;
  const cpu = cpuOf(following);
  const writing = flow(await sis.connect('writer'));
  const marking = marks(await sis.connect('marks'));
  const seen = await campus.look((platform) => watch(platform, marking.committed));
  const { changes } = await writing;
  const cpuSeconds = await cpu();
  const p = (of: readonly number[], share: number) =>
    of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(share * of.length))] ?? Number.NaN;
  const rounds = lake.lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'round');
  const files = await filesIn(campus.folder);
  const perDay = (n: number) => Math.round((n / options.seconds) * 86_400).toLocaleString('en-US');
  console.log(`${changes.toLocaleString('en-US')} changes in ${options.seconds} s over ${options.rows.toLocaleString('en-US')} rows, a round every ${options.interval} s, ${rounds.length} rounds

| | |
|---|---|
| commit → answered by a query, p50 | ${(p(seen.delays, 0.5) / 1000).toFixed(1)} s |
| p95 | ${(p(seen.delays, 0.95) / 1000).toFixed(1)} s |
| a round, median | ${p(
    rounds.map(({ seconds }) => seconds),
    0.5,
  ).toFixed(1)} s |
| CPU of \`lake follow\`, of one core | ${((cpuSeconds / options.seconds) * 100).toFixed(0)} % |
| its memory, most | ${seen.memory} MB |
| a query of the published table ÷ of its base alone, median | ${p(seen.ratios, 0.5).toFixed(2)}× (${seen.ratios.length} pairs) |
| files of changes in view, most | ${seen.mostFiles} |
| staged files written, a day at this rate | ${perDay(files.staged)} |
| staged bytes written, a day | ${perDay(files.bytes / 1e6)} MB |
| files in the raw zone, a day | ${perDay(files.raw)} |`);
} finally {
  following?.kill('SIGINT');
  await ended;
  await campus.close();
  await sis.stop();
}

/** Half of the changes in transactions of one row, half in transactions of many, at the rate that is asked for. */
async function flow(client: pg.Client): Promise<{ changes: number }> {
  await client.query(`CREATE PROCEDURE b.change(base bigint, many int) LANGUAGE plpgsql AS $$ BEGIN
    FOR i IN 1..many LOOP
      UPDATE b.registration SET status = 'W', registered_at = now() WHERE id = 1 + (base + i) % ${options.rows};
      COMMIT;
    END LOOP;
  END $$`);
  const half = options.rate >> 1;
  let changes = 0;
  for (let second = 0; second < options.seconds; second++) {
    const begun = Date.now();
    await client.query(`CALL b.change(${second * half}, ${half})`);
    const from = 1 + ((second * half * 7) % Math.max(1, options.rows - half));
    await client.query(`UPDATE b.registration SET note = 's${second}' WHERE id >= $1 AND id < $2`, [
      from,
      from + half,
    ]);
    changes += 2 * half;
    await sleep(Math.max(0, 1000 - (Date.now() - begun)));
  }
  return { changes };
}

/** Writes a mark each second. @returns when each was committed, epoch ms */
function marks(client: pg.Client): { committed: Map<number, number> } {
  const committed = new Map<number, number>();
  void (async () => {
    for (let id = 1; id <= options.seconds; id++) {
      await client.query('INSERT INTO b.mark VALUES ($1)', [id]);
      committed.set(id, Date.now());
      await sleep(1000);
    }
  })();
  return { committed };
}

interface Watched {
  readonly delays: number[];
  readonly ratios: number[];
  mostFiles: number;
  memory: number;
}

async function watch(platform: Platform, committed: ReadonlyMap<number, number>): Promise<Watched> {
  const found: Watched = { delays: [], ratios: [], mostFiles: 0, memory: 0 };
  const end = Date.now() + options.seconds * 1000;
  let known = 0;
  for (let n = 0; Date.now() < end; n++) {
    const publication = (await readPublication(platform))!;
    const { tables } = publication;
    const newest = Number(await first(platform, 'SELECT max(id) FROM sis.b_mark', tables));
    for (; known < newest; known++) found.delays.push(Date.now() - committed.get(known + 1)!);
    const version = tables['sis.b_registration']!;
    const storage = version.storage as unknown as LocalStorage;
    if (storage.kind === 'merged' && storage.deltas.length > 0) {
      found.mostFiles = Math.max(found.mostFiles, storage.deltas.length);
      const bare: TableVersion = { ...version, storage: { ...version.storage, deltas: [] } };
      const sql = 'SELECT status, count(*), sum(credits) FROM sis.b_registration GROUP BY status ORDER BY 1';
      const ask = async (of: TableVersion) => {
        const begun = performance.now();
        await first(platform, sql, { ...tables, 'sis.b_registration': of });
        return performance.now() - begun;
      };
      const [a, b] = n % 2 === 0 ? [bare, version] : [version, bare];
      const [one, other] = [await ask(a), await ask(b)];
      found.ratios.push(n % 2 === 0 ? other / one : one / other);
    }
    found.memory = Math.max(found.memory, await memoryOf(following!));
    await sleep(500);
  }
  // What was committed and not seen counts with the age that it has now.
  for (const [id, at] of committed) if (id > known) found.delays.push(Date.now() - at);
  return found;
}

async function first(platform: Platform, sql: string, tables: Readonly<Record<string, TableVersion>>) {
  const result = await platform.engine.query(sql, granted(tables));
  for await (const [row] of result.batches()) if (row) return row[0];
  return undefined;
}

/** Resident megabytes of a process, where Linux tells. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const text = await readStat(pid, 'status');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024);
}

/** Seconds of processor time from now until it is called. */
function cpuOf({ pid }: ChildProcess): () => Promise<number> {
  const spent = async () => {
    const parts = (await readStat(pid, 'stat')).split(') ')[1]?.split(' ') ?? [];
    return (Number(parts[11]) + Number(parts[12])) / 100;
  };
  const begun = spent();
  return async () => (await spent()) - (await begun);
}

async function readStat(pid: number | undefined, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

/** Nothing is swept within the first hour: what is there was written. Without the first, which a run wrote. */
async function filesIn(folder: string): Promise<{ staged: number; bytes: number; raw: number }> {
  const found = { staged: 0, bytes: 0, raw: 0 };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = path.join(entry.parentPath, entry.name);
    if (/\/staged\/.*-live-/.test(name)) {
      found.staged += 1;
      found.bytes += (await stat(name)).size;
    } else if (/\/raw\/(sis-changes\/|.*-live-)/.test(name)) found.raw += 1;
  }
  return found;
}
