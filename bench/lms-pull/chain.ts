import { join } from 'node:path';
import PQueue from 'p-queue';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { openCanvas } from '../../src/lms/canvas/canvas-source.ts';
import { lmsCommit, lmsFetch, lmsPoll, lmsStart } from '../../src/lms/steps.ts';
import { readState } from '../../src/loads/dataset-state.ts';
import { stagedOf } from '../../src/loads/state.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import type { Lake } from '../../src/ports/step.ts';
import { stage } from '../../src/staging/stage.ts';

/**
 * Tables of Canvas into staged tables, by the lake's own steps from start to stage, every column kept.
 *
 * Arguments: url, client id, client secret, folder, run, tables. Says the rows of every table.
 */
const [url = '', clientId = '', clientSecret = '', folder = '', run = '', tables = ''] =
  process.argv.slice(2);

const config = {
  kind: 'canvas',
  url,
  clientId: { env: clientId },
  clientSecret: { env: clientSecret },
  namespaces: ['canvas'],
  format: 'jsonl',
  jobsPerMinute: 100_000,
  concurrentDownloads: 8,
} as const;
const platform = {
  home: 'local',
  clock: systemClock,
  objects: openLocalObjects(folder),
  ledger: openLocalLedger(join(folder, 'ledger')),
  engine: await openLocalEngine({ root: folder }),
  limits: openLocalRateLimits(systemClock),
  secrets: { get: async (ref: object) => String(Object.values(ref)[0]) },
} as const;
const source = openCanvas('canvas', config, platform);
const datasets = new Map<string, CatalogDataset>();
// As much of a lake as these steps look at.
const lake = {
  campus: { sources: { canvas: config }, privacy: { defaults: {} } },
  catalog: { get: (id: string) => datasets.get(id)! },
  platform,
  lms: () => source,
  report: { note: () => {}, progress: () => {} },
  signal: new AbortController().signal,
} as unknown as Lake;

async function describe(table: string): Promise<CatalogDataset> {
  const { columns } = await source.schema({ namespace: 'canvas', table });
  return {
    id: `canvas.${table}`,
    source: 'canvas',
    name: table,
    namespace: 'canvas',
    table,
    key: columns.filter((c) => c.section === 'key').map((c) => c.name),
    columns: columns.map(({ name, type }) => ({ name, type, privacy: 'none' })),
  };
}

async function load(table: string): Promise<[string, number]> {
  const dataset = await describe(table);
  datasets.set(dataset.id, dataset);
  const item = { run, dataset: dataset.id };
  await lmsStart.run(item, lake);
  for (;;) {
    const polled: { [key: string]: unknown } = await lmsPoll.run(item, lake);
    if (polled.done !== false) break;
    await systemClock.sleep(Number(polled.retryAfterSeconds) * 1000);
  }
  await lmsFetch.run(item, lake);
  await lmsCommit.run(item, lake);
  await stage.run(item, lake);
  const { state } = await readState(platform.ledger, dataset.id);
  return [table, stagedOf(state)?.version.rows ?? 0];
}

const queue = new PQueue({ concurrency: 24 });
const rows = await queue.addAll(tables.split(',').map((table) => () => load(table)));
await platform.engine.close();
process.stdout.write(`${JSON.stringify(Object.fromEntries(rows))}\n`);
process.exit(0);
