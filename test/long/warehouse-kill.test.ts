import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveWarehouse } from '../../src/platform/local/warehouse.ts';
import { granted } from '../granted.ts';
import {
  newCampus,
  open,
  readAs,
  tableOf,
  type WarehouseCampus,
} from '../platform/local/warehouse-campus.ts';

/** Ms after the loader has begun. */
const MOMENTS = [30, 60, 120, 180, 250, 350, 500, 800, 1_300];

let campus: WarehouseCampus;
beforeAll(async () => {
  campus = await newCampus();
});
afterAll(async () => {
  await campus.engine.close();
  await rm(campus.root, { recursive: true });
});

it('the warehouse shows the old set or the new after a kill at any moment of a load', async () => {
  const sizes = [20_000, 30_000];
  const numbers = async (name: string, n: number) => ({
    [name]: await tableOf(
      campus,
      name,
      `SELECT 1000 * k + i AS n, '${n}' AS mark
       FROM UNNEST(SEQUENCE(0, ${n / 1000 - 1})) AS a(k) CROSS JOIN UNNEST(SEQUENCE(1, 1000)) AS b(i)`,
    ),
  });
  const sets = await Promise.all(
    sizes.map(async (n) => ({ ...(await numbers('campus.a', n)), ...(await numbers('campus.b', n)) })),
  );
  const setsFile = path.join(campus.root, 'sets.json');
  await writeFile(setsFile, JSON.stringify(sets));
  await open(campus).load('before', granted(sets[0]!));

  for (const [round, ms] of MOMENTS.entries()) {
    await killLoader(setsFile, `k${round}`, ms);

    const served = await serveWarehouse(campus.place);
    const [row] = await readAs(
      served.info,
      'SELECT count(*), min(a.mark), max(a.mark), min(b.mark), max(b.mark), max(publication) FROM a FULL JOIN b ON a.n = b.n, mart.lake_publication',
    );
    const size = sizes.find((n) => String(n) === row![1])!;
    expect(row!.slice(0, 5)).toEqual([String(size), ...Array(4).fill(String(size))]);
    await served.stop();
  }

  const served = await serveWarehouse(campus.place);
  await open(campus).load('after', granted(sets[1]!));
  expect(await readAs(served.info, 'SELECT count(*) FROM a')).toEqual([['30000']]);
  await served.stop();
  const left = await readdir(campus.root);
  expect(left.filter((name) => name.endsWith('.csv'))).toEqual([]);
});

/** Lets a process load the two sets in turn, and kills it some time after it has begun. */
async function killLoader(setsFile: string, name: string, ms: number): Promise<void> {
  const { directory, port } = campus.place;
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      path.join(import.meta.dirname, 'warehouse-loader.ts'),
      campus.root,
      directory,
      String(port),
      setsFile,
      name,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(createInterface({ input: child.stdout }), 'line');
  await sleep(ms);
  child.kill('SIGKILL');
  await once(child, 'exit');
}
