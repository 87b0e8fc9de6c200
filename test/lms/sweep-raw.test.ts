import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { sweepLmsLoads } from '../../src/lms/sweep-raw.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { type DatasetState, newState } from '../../src/loads/state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { withPassed, withStaged } from '../loads/states.ts';
import { dataset } from './harness.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 9, 1);
const at = (daysAgo: number) => new Date(NOW - daysAgo * DAY).toISOString();
/** As runs are named: by the clock of the day. */
const nameOf = (daysAgo: number) => `${at(daysAgo).replace(/[-:]|\.\d+/g, '')}-4f1c`;

const VERSION = { table: 'canvas.users', columns: [], rows: 1, storage: {} };
const ID: CatalogColumn = { name: 'id', type: 'bigint', privacy: 'quasi' };
const ADDRESS: CatalogColumn = { name: 'remote_ip', type: 'varchar', privacy: 'log' };

describe('sweepLmsLoads', () => {
  let root: string;
  let lake: Parameters<typeof sweepLmsLoads>[0];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'campus-lake-raw-'));
    const datasets = [dataset('users', { columns: [ID] }), dataset('logins', { columns: [ID, ADDRESS] })];
    lake = {
      campus: { raw: { retentionDays: 90, rebuildFrom: 'raw' } },
      catalog: { datasets },
      platform: {
        clock: { now: () => NOW },
        objects: openLocalObjects(root),
        ledger: openLocalLedger(join(root, 'ledger')),
      },
    };
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** A load of a day for each number of days ago; those of `snapshots` are snapshots, the last is staged. */
  async function loads(
    table: string,
    days: number[],
    snapshots: number[],
    more: Partial<DatasetState> = {},
    before = (state: DatasetState) => state,
  ) {
    const { objects, ledger } = lake.platform;
    for (const day of days) {
      const prefix = `raw/canvas/canvas/${table}/${nameOf(day)}`;
      await objects.put(`${prefix}/part-00000.jsonl.gz`, Readable.from(['{}']));
      const kind = snapshots.includes(day) ? 'snapshot' : 'increment';
      await objects.putText(
        `${prefix}/manifest.json`,
        JSON.stringify({
          load: nameOf(day),
          dataset: `canvas.${table}`,
          kind,
          layout: 'dap',
          format: 'jsonl',
          watermark: at(day),
          startedAt: at(day),
          files: [],
        }),
      );
    }
    const base = snapshots.at(-1)!;
    await changeState(ledger, `canvas.${table}`, (state) => ({
      ...withStaged(before(state), VERSION, nameOf(days.at(-1)!), {
        base: { load: nameOf(base), watermark: at(base) },
      }),
      ...more,
    }));
  }

  const left = async (table: string) => {
    const keys = await lake.platform.objects.list(`raw/canvas/canvas/${table}/`);
    return [...new Set(keys.map((key) => key.split('/')[4]!))];
  };
  const named = (...days: number[]) => days.map(nameOf);

  it('removes old loads from before the last snapshot, and keeps all since, however old', async () => {
    await loads('users', [400, 399, 200, 199, 50], [400, 200]);

    expect(await sweepLmsLoads(lake, 'canvas')).toEqual(
      named(400, 399).map((load) => `canvas.users/${load}`),
    );

    expect(await left('users')).toEqual(named(200, 199, 50));
  });

  it('keeps young loads from before the last snapshot for as long as campus.yaml says', async () => {
    await loads('users', [100, 80, 60], [100, 60]);

    await sweepLmsLoads(lake, 'canvas');
    expect(await left('users')).toEqual(named(80, 60));

    Object.assign(lake.campus, { raw: { retentionDays: 70, rebuildFrom: 'raw' } });
    await sweepLmsLoads(lake, 'canvas');
    expect(await left('users')).toEqual(named(60));
  });

  it('keeps no addresses and devices of people for ever, though a table was made from them', async () => {
    await loads('logins', [400, 200, 50, 1], [400]);

    await sweepLmsLoads(lake, 'canvas');

    expect(await left('logins')).toEqual(named(50, 1));
  });

  it('removes loads since the last snapshot where campus.yaml says that a new one serves as well', async () => {
    Object.assign(lake.campus, { raw: { retentionDays: 90, rebuildFrom: 'source' } });
    await loads('users', [400, 200, 50], [400]);

    await sweepLmsLoads(lake, 'canvas');

    expect(await left('users')).toEqual(named(50));
  });

  it('leaves what a state names: staged, checked, waiting or under way', async () => {
    Object.assign(lake.campus, { raw: { retentionDays: 90, rebuildFrom: 'source' } });
    await loads(
      'users',
      [400, 300, 250, 200, 150],
      [400],
      {
        pending: [{ load: nameOf(250), kind: 'increment', manifest: 'raw/manifest.json' }],
        loading: {
          phase: 'requested',
          load: nameOf(300),
          job: 'j',
          question: { kind: 'increment', since: at(400) },
          startedAt: at(300),
        },
      },
      (state) => withPassed(state, VERSION, nameOf(200)),
    );

    await sweepLmsLoads(lake, 'canvas');

    expect(await left('users')).toEqual(named(300, 250, 200, 150));
  });

  it('goes by the clock of the source: a load that the last snapshot does not hold stays, whatever its name', async () => {
    await loads('users', [400, 200, 300], [400, 300]);
    const { objects } = lake.platform;
    // The lake's clock was set back by months before this load of the newest changes.
    const key = `raw/canvas/canvas/users/${nameOf(350)}/manifest.json`;
    await objects.putText(
      key,
      JSON.stringify({
        load: nameOf(350),
        dataset: 'canvas.users',
        kind: 'increment',
        layout: 'dap',
        format: 'jsonl',
        watermark: at(1),
        startedAt: at(350),
        files: [],
      }),
    );

    await sweepLmsLoads(lake, 'canvas');

    expect(await left('users')).toEqual(named(350, 300, 200));
  });

  it('knows nothing of a table that was staged by an older lake, and leaves it alone', async () => {
    await loads('users', [400, 200], [400]);
    await changeState(lake.platform.ledger, 'canvas.users', (state) =>
      withStaged(newState(state.dataset), VERSION, nameOf(200)),
    );

    expect(await sweepLmsLoads(lake, 'canvas')).toEqual([]);
  });
});
