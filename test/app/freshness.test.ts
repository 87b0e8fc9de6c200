import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeStatus } from '../../src/app/status/lake-status.ts';
import { describeTable } from '../../src/app/tables/describe-table.ts';
import { listTables } from '../../src/app/tables/list-tables.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { publicationOf } from '../../src/pipeline/published.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';
import { committedUpTo, withStaged } from '../loads/states.ts';

const PUBLISHED = '2026-10-06T11:00:00.000Z';
const LOADED = '2026-10-09T11:00:00.000Z';
const version = (table: string, rows: number): TableVersion => ({
  table,
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'name', type: 'varchar' },
  ],
  rows,
  storage: {},
});

/** Night 2 is published; a later load of the same table has been staged and is not seen yet. */
describe('How fresh a table is', () => {
  let root: string;
  let lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'catalog'
    | 'clock'
    | 'ledger'
    | 'objects'
    | 'engine'
    | 'target'
  >;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'freshness-'));
    await mkdir(join(root, 'models'));
    const dataset = (id: string, load = 'incremental') => ({
      id,
      name: id.split('.')[1],
      source: 'canvas',
      key: ['id'],
      load,
      columns: [{ name: 'id', type: 'bigint', privacy: 'none' }],
    });
    lake = lakeOf({
      campus: { root, models: 'models', privacy: { defaults: {} } },
      catalog: { datasets: [dataset('canvas.work'), dataset('canvas.new'), dataset('canvas.unused', 'off')] },
      platform: {
        target: 'local',
        clock: { now: () => Date.parse('2026-10-09T12:00:00Z') },
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        engine: {},
      },
    });
    await changeState(lake.platform.ledger, 'canvas.work', (state) => ({
      ...withStaged(state, version('canvas.work', 999), 'r3'),
      ...committedUpTo(LOADED),
    }));
    await publish(lake.platform, {
      id: 'r2',
      run: 'r2',
      at: PUBLISHED,
      asOf: PUBLISHED,
      tables: { 'canvas.work': version('canvas.work', 10), 'campus.list': version('campus.list', 2) },
      facts: {
        'canvas.work': { asOf: PUBLISHED, loadedAt: PUBLISHED, run: 'r2', owner: 'Registrar' },
        'campus.list': {
          asOf: '2026-10-01T11:00:00.000Z',
          loadedAt: '2026-10-01T11:05:00.000Z',
          run: 'r1',
          whyOld: 'it could not be built',
          isStale: true,
          header: {
            description: 'A list',
            columns: [{ name: 'name', privacy: 'direct', description: 'who it is' }],
          },
        },
      },
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is told by `lake tables` from what queries see', async () => {
    expect(await listTables(lake)).toMatchObject([
      {
        table: 'campus.list',
        rows: 2,
        upTo: '2026-10-01T11:00:00.000Z',
        lastGoodRun: 'r1',
        whyOld: 'it could not be built',
        description: 'A list',
      },
      { table: 'canvas.new', rows: undefined, upTo: undefined },
      { table: 'canvas.work', rows: 10, upTo: PUBLISHED, loadedAt: PUBLISHED, owner: 'Registrar' },
    ]);
  });

  it('is told by `lake status` so, with what is loaded and not published', async () => {
    const { datasets, problem } = await lakeStatus(lake);

    expect(problem).toBeUndefined();
    expect(datasets).toEqual([
      {
        dataset: 'canvas.work',
        rows: 10,
        watermark: PUBLISHED,
        loadedUpTo: LOADED,
        ageHours: 73,
        late: true,
      },
      { dataset: 'canvas.new', late: true },
    ]);
  });

  it('is told by `lake describe`, which shows no column without its privacy class', async () => {
    // The file says something else by now, and cannot be read.
    await writeFile(join(root, 'models', 'list.sql'), '-- column name (nobody): who it is\nSELECT 1 AS');

    const described = await describeTable(lake, 'campus.list');

    expect(described).toMatchObject({
      upTo: '2026-10-01T11:00:00.000Z',
      whyOld: 'it could not be built',
      columns: [
        { name: 'id', privacy: 'education' },
        { name: 'name', privacy: 'direct', description: 'who it is' },
      ],
    });
    expect(await describeTable(lake, 'canvas.work')).toMatchObject({ rows: 10, upTo: PUBLISHED });
    await expect(describeTable(lake, 'campus.lost')).rejects.toThrow('There is no table "campus.lost"');
  });

  it('is not known where the document of the publication is gone or empty, and that is said', async () => {
    const document = 'publications/r2.json';
    await lake.platform.objects.putText(document, '');
    await expect(publicationOf(lake)).rejects.toThrow(`${document}, is damaged`);
    expect((await lakeStatus(lake)).problem?.message).toContain(document);

    await lake.platform.objects.delete([document]);
    await expect(publicationOf(lake)).rejects.toThrow(`its document ${document} is not there`);
    await expect(listTables(lake)).rejects.toThrow(document);
    expect(await lakeStatus(lake)).toMatchObject({
      publication: 'r2',
      problem: { message: expect.stringContaining(document), hint: expect.stringContaining('lake run') },
    });
  });
});
