import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildModel } from '../../src/models/build-model.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { type LocalEngine, openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { granted } from '../granted.ts';
import { lakeOf } from '../lake-of.ts';

let root: string;
let engine: LocalEngine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'nights-'));
  await writeFile(
    join(root, 'today.sql'),
    `-- Today.
SELECT as_of, as_of_date, time_zone FROM ops.run`,
  );
  engine = await openLocalEngine({ root, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

async function todayAt(asOf: string, timeZone: string): Promise<unknown[]> {
  const platform = { engine, ledger: openLocalLedger(join(root, 'ledger')), clock: { now: Date.now } };
  const campus = { root, models: '.', timeZone, sources: {}, privacy: { defaults: {} } };
  const lake = lakeOf({ campus, catalog: { datasets: [] }, platform });
  const [model] = await loadModels(root);
  const run = `run-${asOf}-${timeZone}`.replaceAll(/\W/g, '-');
  const { version } = await buildModel(lake, { run, model: model!, built: {}, asOf });
  const result = await engine.query('SELECT * FROM campus.today', granted({ 'campus.today': version }));
  for await (const [row] of result.batches()) return row!;
  return [];
}

it.each([
  // Clocks go forward on 8 March 2026 at 02:00: the day has 23 hours.
  ['2026-03-08T05:59:59Z', 'America/Chicago', '2026-03-07'],
  ['2026-03-08T06:00:00Z', 'America/Chicago', '2026-03-08'],
  ['2026-03-08T08:30:00Z', 'America/Chicago', '2026-03-08'],
  ['2026-03-09T04:59:59Z', 'America/Chicago', '2026-03-08'],
  ['2026-03-09T05:00:00Z', 'America/Chicago', '2026-03-09'],
  // Back on 1 November at 02:00: 25 hours, and 01:30 comes twice.
  ['2026-11-01T04:59:59Z', 'America/Chicago', '2026-10-31'],
  ['2026-11-01T06:30:00Z', 'America/Chicago', '2026-11-01'],
  ['2026-11-01T07:30:00Z', 'America/Chicago', '2026-11-01'],
  ['2026-11-02T05:59:59Z', 'America/Chicago', '2026-11-01'],
  ['2026-11-02T06:00:00Z', 'America/Chicago', '2026-11-02'],
  // The end of a year and a leap day; and the same instant once the campus names another zone.
  ['2027-01-01T05:59:59Z', 'America/Chicago', '2026-12-31'],
  ['2028-03-01T05:59:59Z', 'America/Chicago', '2028-02-29'],
  ['2026-03-09T04:59:59Z', 'Pacific/Auckland', '2026-03-09'],
  ['2026-03-09T04:59:59Z', 'America/Los_Angeles', '2026-03-08'],
])('at %s it is in %s the %s', async (asOf, zone, date) => {
  const instant = asOf.replace('T', ' ').replace('Z', '.000');
  expect(await todayAt(asOf, zone)).toEqual([instant, date, zone]);
});
