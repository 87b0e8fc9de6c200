import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parse, parseDocument, stringify, type YAMLMap } from 'yaml';
import { PIPELINE } from '../../src/access/authorize.ts';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { type Publication, readPublication } from '../../src/pipeline/publication.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import { openLocalReplication } from '../../src/platform/local/replication/replication.ts';
import type { Clock, Platform } from '../../src/ports/platform.ts';
import type { Replication } from '../../src/ports/replication.ts';
import { answer, type SmallCampus } from './small-campus.ts';

/** What one table shows: the columns in their order, and the rows as texts, sorted. */
export interface SeenTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly string[])[];
}

/** All that people can see in a lake after a run. */
export interface Seen {
  /** When its run began by the clock of the sources, epoch ms. */
  readonly at: number;
  readonly publication: Publication;
  readonly tables: Readonly<Record<string, SeenTable>>;
}

/** How one run of a night is made. */
export interface NightRun {
  /** When it begins by the clock of the sources, epoch ms. */
  readonly at: number;
  /** How far the lake's clock is behind theirs, in ms. Default: 0. */
  readonly behind?: number;
  /** The run is stopped after so many events, and then continued. Default: it is not. */
  readonly stopAfter?: number;
  /** A port at which no SIS answers. Default: the SIS answers. */
  readonly sisPort?: number;
}

/** A lake with a catalog of its own, over the sources of a small campus. */
export interface NightLake {
  readonly folder: string;
  load(run?: Pick<NightRun, 'sisPort'>): Promise<LoadedCampus>;
  run(run: NightRun): Promise<RunOutcome>;
  /** A run that is stopped after a number of events and not continued, as by a process that was killed. */
  interrupt(run: NightRun & { readonly stopAfter: number }): Promise<void>;
  /** What is published. @param at see `Seen` */
  see(at: number): Promise<Seen>;
  look<T>(work: (platform: Platform) => Promise<T>): Promise<T>;
  /** The newest message to the team about a run. */
  message(): Promise<string>;
  /** Edits what the catalog says of a dataset (`canvas.submissions`). */
  edit(dataset: string, change: (entry: YAMLMap) => void): Promise<void>;
}

/** A table that the SIS does not give is not waited for long: nobody else uses this database. */
const LOCK_WAIT_MS = 400;

export async function openNightLake(campus: SmallCampus, name: string): Promise<NightLake> {
  const folder = join(campus.folder, name);
  await mkdir(folder);
  await cp(join(campus.folder, 'catalog'), join(folder, 'catalog'), { recursive: true });
  for (const part of ['models', 'schemas']) await symlink(join(campus.folder, part), join(folder, part));
  const { file: template } = await campus.open(name);
  const settings = parse(await readFile(template, 'utf8'));

  async function load({ sisPort }: Pick<NightRun, 'sisPort'> = {}) {
    const file = join(folder, 'campus.yaml');
    const { canvas, sis } = settings.sources;
    const sources = { canvas, sis: { ...sis, port: sisPort ?? sis.port } };
    const notify = [{ kind: 'file', path: 'notification.txt' }];
    await writeFile(file, stringify({ ...settings, sources, notify, lake: 'lake' }));
    return loadCampus(file);
  }

  async function withLake<T>(
    { sisPort, at, clock }: Partial<NightRun> & { clock?: Clock },
    work: (platform: Platform, loaded: LoadedCampus) => Promise<T>,
  ): Promise<T> {
    const loaded = await load({ sisPort });
    const platform = await openLocalPlatform(loaded.campus, {
      features: FEATURES,
      ...(clock ? { clock } : {}),
    });
    const copies = openLocalReplication({
      root: join(folder, 'lake'),
      sources: loaded.campus.sources,
      secrets: platform.secrets,
      lockWaitMs: LOCK_WAIT_MS,
    });
    // The server of the SIS goes by the machine's clock; the college that it serves does not.
    const replication: Replication = {
      ...copies,
      async poll(task) {
        const status = await copies.poll(task);
        return status.done ? { ...status, snapshotAt: new Date(at!).toISOString() } : status;
      },
    };
    try {
      return await work({ ...platform, replication }, loaded);
    } finally {
      await copies.close();
      await platform.close();
    }
  }

  /** @returns undefined where it was stopped before its end */
  async function attempt(run: NightRun, clock: Clock): Promise<RunOutcome | undefined> {
    const stop = new AbortController();
    let heard = 0;
    const on = () => {
      heard += 1;
      if (heard === run.stopAfter) stop.abort();
    };
    const events = openEvents({ name: 'stop', on });
    return withLake({ ...run, clock }, async (platform, loaded) => {
      const lmsOptions = { retry: { retries: 3, firstWaitMs: 1, longestWaitMs: 4 } };
      const lake = openLake({
        ...loaded,
        platform,
        session: PIPELINE,
        features: FEATURES,
        events,
        signal: stop.signal,
        lmsOptions,
      });
      try {
        return await runLake({ lake, events });
      } catch (error) {
        if (stop.signal.aborted) return undefined;
        throw error;
      }
    });
  }

  return {
    folder,
    load,
    async run(run) {
      const clock = impatientClock(run.at - (run.behind ?? 0));
      const { stopAfter: _once, ...rest } = run;
      const outcome = (await attempt(run, clock)) ?? (await attempt(rest, clock));
      if (!outcome) throw new Error('the continued run was stopped too');
      return outcome;
    },
    async interrupt(run) {
      const outcome = await attempt(run, impatientClock(run.at - (run.behind ?? 0)));
      if (outcome) throw new Error(`the run ended before ${run.stopAfter} events`);
    },
    see: (at) =>
      withLake({}, async (platform) => {
        const publication = (await readPublication(platform))!;
        const tables: Record<string, SeenTable> = {};
        for (const [table, version] of Object.entries(publication.tables)) {
          const { columns } = version;
          const list = columns.map((column) => `"${column.name}"`).join(', ');
          const rows = version.rows === 0 ? [] : await answer(platform, `SELECT ${list} FROM ${table}`);
          tables[table] = {
            columns: columns.map(({ name: column, type }) => ({ name: column, type })),
            rows: rows.sort((a, b) => (a.join('|') < b.join('|') ? -1 : 1)),
          };
        }
        return { at, publication, tables };
      }),
    look: (work) => withLake({}, (platform) => work(platform)),
    async message() {
      const all = await readFile(join(folder, 'notification.txt'), 'utf8');
      const ofRuns = all.split(/^== /m).filter((message) => /^(Good|FAILED): /.test(message));
      return ofRuns.at(-1) ?? '';
    },
    async edit(dataset, change) {
      const [source, wanted] = dataset.split('.');
      const file = join(folder, 'catalog', `${source}.yaml`);
      const catalog = parseDocument(await readFile(file, 'utf8'));
      const entries = catalog.get('datasets');
      const entry = isSeq(entries)
        ? entries.items.find((item) => isMap(item) && item.get('name') === wanted)
        : undefined;
      if (!isMap(entry)) throw new Error(`${file} has no ${wanted}`);
      change(entry);
      await writeFile(file, String(catalog));
    },
  };
}

/** Stands still but for what is slept, which passes at once: every patience is tried to its end. */
function impatientClock(start: number): Clock {
  let ahead = 0;
  return {
    now: () => start + ahead,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      ahead += ms;
    },
  };
}
