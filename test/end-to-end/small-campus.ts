import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { PIPELINE } from '../../src/access/authorize.ts';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { FEATURES } from '../../src/features.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import type { RunEvent } from '../../src/ports/events.ts';
import type { Platform } from '../../src/ports/platform.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import type { College } from '../../src/simulators/college/college.ts';
import { type SimulatedCampus, startSimulatedCampus } from '../../src/simulators/simulated-campus.ts';
import type { SisSimulator } from '../../src/simulators/sis/server.ts';
import { granted } from '../granted.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const DAY = 86_400_000;

/** Enough models to lead from both sources to the warehouse: tables that are merged, and tables that are copied whole. */
export const CORE_MODELS: readonly string[] = [
  'canvas_people',
  'sis_people',
  'terms',
  'programs',
  'sections',
  'students',
  'registrations',
  'enrolments',
  'courses',
  'submissions',
];

/** A simulated college and a campus folder pointed at it, with the project's own catalog and models. */
export interface SmallCampus {
  readonly folder: string;
  readonly simulated: SimulatedCampus;
  /** Writes a campus file whose lake lies in this folder, and loads it. */
  open(lakeFolder: string): Promise<LoadedCampus & { readonly file: string }>;
  /** One whole run in this process. */
  run(lakeFolder: string, options?: { signal?: AbortSignal }): Promise<RunOutcome & { events: RunEvent[] }>;
  /** Opens the platform of a lake for as long as `work` takes. */
  look<T>(lakeFolder: string, work: (platform: Platform, loaded: LoadedCampus) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param models the only ones that it has, with what they read. Default: all, and all that the catalog loads
 * @param sisMore what else a lake's folder says of its SIS. Default: nothing
 */
export async function openSmallCampus(
  college: College,
  start: number,
  which: 'both' | 'canvas' = 'both',
  models?: readonly string[],
  sisMore: (lakeFolder: string) => object = () => ({}),
): Promise<SmallCampus> {
  const folder = await mkdtemp(join(tmpdir(), 'campus-'));
  await mkdir(join(folder, 'sis'));
  const simulated = await startSimulatedCampus({ college, start, directory: join(folder, 'sis'), which });
  const { canvas, sis } = simulated;
  if (!canvas) throw new Error('a Canvas was asked for');
  await mkdir(join(folder, 'catalog'));
  const catalogs = ['catalog/canvas.yaml', ...(sis ? ['catalog/sis.yaml'] : [])];
  const parts = models ? ['schemas'] : ['schemas', 'models', ...catalogs];
  for (const part of parts) await symlink(join(ROOT, part), join(folder, part));
  if (models) await takeOver(models, catalogs, folder);
  process.env.CANVAS_CLIENT_ID = canvas.clientId;
  process.env.CANVAS_CLIENT_SECRET = canvas.clientSecret;
  if (sis) process.env.SIS_PASSWORD = sis.password;

  const campusFile = (lake: string) => ({
    name: college.name,
    timeZone: college.timeZone,
    lake,
    sources: {
      canvas: {
        kind: 'canvas',
        url: canvas.url,
        clientId: { env: 'CANVAS_CLIENT_ID' },
        clientSecret: { env: 'CANVAS_CLIENT_SECRET' },
        jobsPerMinute: 60_000,
      },
      ...(sis ? { sis: { ...sisSource(sis), ...sisMore(lake) } } : {}),
    },
    notify: [{ kind: 'file', path: join(lake, 'notification.txt') }],
  });

  async function open(lakeFolder: string) {
    const file = join(folder, `campus-${lakeFolder}.yaml`);
    await writeFile(file, stringify(campusFile(lakeFolder)));
    return { ...(await loadCampus(file)), file };
  }

  async function look<T>(lakeFolder: string, work: (platform: Platform, loaded: LoadedCampus) => Promise<T>) {
    const loaded = await open(lakeFolder);
    const platform = await openLocalPlatform(loaded.campus, { features: FEATURES });
    try {
      return await work(platform, loaded);
    } finally {
      await platform.close();
    }
  }

  return {
    folder,
    simulated,
    open,
    look,
    run: (lakeFolder, { signal = new AbortController().signal } = {}) =>
      look(lakeFolder, async (platform, loaded) => {
        const events: RunEvent[] = [];
        const bus = openEvents({ name: 'test', on: (event) => void events.push(event) });
        const lake = openLake({
          ...loaded,
          platform,
          session: PIPELINE,
          features: FEATURES,
          events: bus,
          signal,
        });
        return { ...(await runLake({ lake, events: bus })), events };
      }),
    async close() {
      await simulated.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Links some of the project's models, and writes its catalogs so that only what these read is loaded. */
async function takeOver(
  models: readonly string[],
  catalogs: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(join(folder, 'models'));
  for (const name of models) {
    await symlink(join(ROOT, `models/${name}.sql`), join(folder, `models/${name}.sql`));
  }
  const read = new Set(
    (await loadModels(join(folder, 'models'))).flatMap(({ statement }) =>
      statement.tables.map((t) => t.name),
    ),
  );
  for (const file of catalogs) {
    const catalog = parseDocument(await readFile(join(ROOT, file), 'utf8'));
    const datasets = catalog.get('datasets');
    if (!isSeq(datasets)) throw new Error(`${file} has no datasets`);
    for (const dataset of datasets.items) {
      if (!isMap(dataset)) continue;
      if (!read.has(`${catalog.get('source')}.${dataset.get('name')}`)) dataset.set('load', 'off');
    }
    await writeFile(join(folder, file), String(catalog));
  }
}

function sisSource({ host, port, database, user }: SisSimulator) {
  return { kind: 'postgres', host, port, database, user, password: { env: 'SIS_PASSWORD' }, ssl: 'disable' };
}

/** Every row of a query over what is published, as texts; null as ∅. */
export async function answer(platform: Platform, sql: string): Promise<string[][]> {
  const rows: string[][] = [];
  const result = await platform.engine.query(sql, granted(await publishedTables(platform)));
  for await (const batch of result.batches()) {
    for (const row of batch) rows.push(row.map((cell) => (cell === null ? '∅' : String(cell))));
  }
  return rows;
}

export async function publishedTables(platform: Platform): Promise<TableSet> {
  const publication = await readPublication(platform);
  if (!publication) throw new Error('nothing is published');
  return publication.tables;
}

/** Every published table, its columns and all its rows, sorted: two lakes are equal when these are. */
export async function dump(platform: Platform): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [table, version] of Object.entries(await publishedTables(platform))) {
    const columns = version.columns.map((column) => `"${column.name}"`).join(', ');
    const rows = version.rows === 0 ? [] : await answer(platform, `SELECT ${columns} FROM ${table}`);
    const heading = version.columns.map((column) => `${column.name} ${column.type}`).join(', ');
    found[table] = [heading, ...rows.map((row) => row.join('|')).sort()];
  }
  return found;
}
