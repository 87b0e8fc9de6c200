import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TableVersion } from '../../src/ports/tables.ts';
import { openTestLake, specOf, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

const KILLS = 12;
const TABLE = 'canvas.things';
const SPEC = specOf(TABLE, [
  { name: 'id', type: 'bigint' },
  { name: 'text', type: 'varchar' },
]);

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake({ compaction: { share: 0.15, files: 12, smallBase: 0 } });
});
afterAll(() => lake.close());

it(`a merge that is killed at any of ${KILLS} moments leaves the table as it was, and can be done again`, async () => {
  // Prepare
  const records = (day: number, ids: number[]) =>
    ids.map((id) => ({
      ts: `2026-01-0${day}T00:00:00Z`,
      action: 'U' as const,
      key: { id: BigInt(id) },
      value: { text: `${day} ${'x'.repeat(200)}` },
    }));
  const snapshot = await lake.writeRaw('snapshot', records(1, range(0, 60_000)));
  const increment = await lake.writeRaw('increment', records(2, range(30_000, 70_000)));
  const { version } = await lake.engine.replace(SPEC, [snapshot], 'v1');
  const counts = (v: TableVersion) =>
    lake.rows(`SELECT count(*), count_if(text LIKE '2%') FROM ${TABLE}`, { [TABLE]: v });
  const job = join(lake.root, 'job.mts');
  const engine = join(process.cwd(), 'src/platform/local/duckdb/engine.ts');
  await writeFile(
    job,
    `import { openLocalEngine } from ${JSON.stringify(engine)};
     const engine = await openLocalEngine({ root: ${JSON.stringify(lake.root)} });
     console.log('ready');
     await engine.merge(${JSON.stringify(version)}, ${JSON.stringify(SPEC)}, [${JSON.stringify(increment)}], 'v2');
     console.log('done');
     setInterval(() => {}, 1000);`,
  );
  const whole = await runUntil(job, 'done', 0);

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Act
    await runUntil(job, 'ready', (whole * kill) / (KILLS - 1));

    // Assess
    expect(await counts(version)).toEqual([[60_000n, 0n]]);
    const files = await readdir(join(lake.root, 'staged', TABLE));
    expect(files.filter((name) => !/^v[12]-base\.parquet$/.test(name))).toEqual([]);
  }
  const { version: merged } = await lake.engine.merge(version, SPEC, [increment], 'v2');
  expect(await counts(merged)).toEqual([[70_000n, 40_000n]]);
});

/** Runs the job, waits for a word and a while longer, kills it. @returns ms between `ready` and that word */
async function runUntil(job: string, word: string, wait: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', job], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  let readyAt = 0;
  let said = '';
  await new Promise<void>((heard, failed) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      if (readyAt === 0 && said.includes('ready')) readyAt = performance.now();
      if (said.includes(word)) heard();
    });
    child.once('exit', (code) =>
      failed(new Error(`the job ended by itself (${code}) before it said ${word}`)),
    );
  });
  const ms = performance.now() - readyAt;
  await sleep(wait);
  child.kill('SIGKILL');
  await ended;
  return ms;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
