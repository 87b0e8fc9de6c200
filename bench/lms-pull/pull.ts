import { join } from 'node:path';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { openCanvas } from '../../src/lms/canvas/canvas-source.ts';
import { lmsCommit, lmsFetch, lmsPoll, lmsStart } from '../../src/lms/steps.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import type { Lake } from '../../src/ports/step.ts';

/**
 * One load by the lake's own steps, into its own stores: every file counted, digested, unpacked to be sure that it
 * is whole, flushed and recorded.
 *
 * Arguments: url, files at once, folder, format (jsonl, parquet). Says milliseconds, bytes, seconds of
 * processor (both without the start) and the process's peak memory.
 */
const [url = '', atOnce = '1', folder = '', format = ''] = process.argv.slice(2);

const config = {
  kind: 'canvas',
  url,
  clientId: { env: 'id' },
  clientSecret: { env: 'secret' },
  namespaces: ['canvas'],
  format: format === 'parquet' ? 'parquet' : 'jsonl',
  jobsPerMinute: 5,
  concurrentDownloads: Number(atOnce),
} as const;
const platform = {
  home: 'local',
  clock: systemClock,
  objects: openLocalObjects(join(folder, 'objects')),
  ledger: openLocalLedger(join(folder, 'ledger')),
  limits: openLocalRateLimits(systemClock),
  secrets: { get: async () => 'bench' },
} as const;
const source = openCanvas('canvas', config, platform);
const dataset: CatalogDataset = {
  id: 'canvas.submissions',
  source: 'canvas',
  name: 'submissions',
  namespace: 'canvas',
  table: 'submissions',
  key: ['id'],
  columns: [],
};
// As much of a lake as the steps of an LMS look at.
const lake = {
  campus: { sources: { canvas: config } },
  catalog: { datasets: [dataset], get: () => dataset, of: () => [dataset] },
  platform,
  lms: () => source,
  report: { note: () => {}, progress: () => {} },
  signal: new AbortController().signal,
} as unknown as Lake;

const item = { run: 'bench', dataset: dataset.id };
const started = performance.now();
const before = process.cpuUsage();
await lmsStart.run(item, lake);
await lmsPoll.run(item, lake);
await lmsFetch.run(item, lake);
const { bytes } = await lmsCommit.run(item, lake);
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const { maxRSS } = process.resourceUsage();
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(`${JSON.stringify({ ms, bytes, cpuSeconds, peakMiB: maxRSS / 1024 })}\n`);
process.exit(0);
