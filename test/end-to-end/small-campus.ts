import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Campus, Catalog } from '../../src/campus/campus.ts';
import { loadCampus } from '../../src/campus/load.ts';
import type { RunEvent } from '../../src/pipeline/events.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import type { Platform, TableSet } from '../../src/platform/ports.ts';
import type { College } from '../../src/simulators/college/college.ts';
import { type SimulatedCampus, startSimulatedCampus } from '../../src/simulators/simulated-campus.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const DAY = 86_400_000;

/** A simulated college with a campus folder pointed at it: the project's own catalog and models. */
export interface SmallCampus {
  readonly folder: string;
  readonly simulated: SimulatedCampus;
  readonly college: College;
  /** The campus and its catalog with the lake in a folder of its own, `lake` where none is named. */
  open(lakeFolder?: string): Promise<{ campus: Campus; catalog: Catalog }>;
  /** One whole run in this process. */
  run(
    lakeFolder?: string,
    options?: { signal?: AbortSignal; fresh?: boolean },
  ): Promise<RunOutcome & { events: RunEvent[] }>;
  /** What a process of the command line needs to find the simulators. */
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

export interface SmallCampusOptions {
  readonly college: College;
  readonly start: number;
}

export async function openSmallCampus({ college, start }: SmallCampusOptions): Promise<SmallCampus> {
  const folder = await mkdtemp(join(tmpdir(), 'campus-'));
  await mkdir(join(folder, 'sis'));
  const simulated = await startSimulatedCampus({ college, start, directory: join(folder, 'sis') });
  const { canvas, sis } = simulated;
  if (!canvas || !sis) throw new Error('both simulators were asked for');
  for (const part of ['catalog', 'models', 'warehouse', 'schemas']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  const env = {
    CANVAS_CLIENT_ID: canvas.clientId,
    CANVAS_CLIENT_SECRET: canvas.clientSecret,
    SIS_PASSWORD: sis.password,
  };
  Object.assign(process.env, env);

  async function open(lakeFolder = 'lake') {
    const loaded = await loadCampus(join(ROOT, 'campus.yaml'));
    const campus = structuredClone(loaded.campus) as { -readonly [K in keyof Campus]: Campus[K] };
    campus.root = folder;
    campus.lake = lakeFolder;
    campus.notify = [{ kind: 'file', path: join(lakeFolder, 'notification.txt') }];
    for (const source of Object.values(campus.sources)) {
      if (source.kind === 'canvas') Object.assign(source, { url: canvas!.url, jobsPerMinute: 60_000 });
      else
        Object.assign(source, { host: sis!.host, port: sis!.port, database: sis!.database, user: sis!.user });
    }
    return { campus, catalog: loaded.catalog };
  }

  return {
    folder,
    simulated,
    college,
    open,
    env,
    async run(lakeFolder, options = {}) {
      const { campus, catalog } = await open(lakeFolder);
      const platform = await openLocalPlatform(campus);
      const events: RunEvent[] = [];
      const watch = (event: RunEvent) => void events.push(event);
      try {
        const signal = options.signal ?? new AbortController().signal;
        const lake = openLake({ campus, catalog, platform, watch, signal });
        return { ...(await runLake({ lake, watch, fresh: options.fresh ?? false })), events };
      } finally {
        await platform.close();
      }
    },
    async close() {
      await simulated.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every row of a query over what is published, as arrays of exact texts. */
export async function answer(platform: Platform, sql: string): Promise<string[][]> {
  const tables = await publishedTables(platform);
  const rows: string[][] = [];
  for await (const batch of (await platform.engine.query(sql, tables)).batches()) {
    for (const row of batch) rows.push(row.map((cell) => (cell === null ? '∅' : String(cell))));
  }
  return rows;
}

export async function publishedTables(platform: Platform): Promise<TableSet> {
  const publication = await readPublication(platform);
  if (!publication) throw new Error('nothing is published');
  return publication.tables;
}

/** Every published table but `ops.*`, whole and sorted: two lakes are equal when these are. */
export async function dump(platform: Platform): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [table, version] of Object.entries(await publishedTables(platform))) {
    const columns = version.columns.map((column) => `"${column.name}"`).join(', ');
    const rows = await answer(platform, `SELECT ${columns} FROM ${table}`);
    found.set(table, [
      version.columns.map((c) => `${c.name} ${c.type}`).join(),
      ...rows.map((row) => row.join('|')).sort(),
    ]);
  }
  return found;
}
