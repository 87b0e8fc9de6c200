import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { PIPELINE } from '../../src/access/authorize.ts';
import { FEATURES } from '../../src/features.ts';
import { type Incident, isOpen } from '../../src/health/incidents/incident.ts';
import { readIncidents } from '../../src/health/incidents/store.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import type { Clock, Platform } from '../../src/ports/platform.ts';
import type { Fault } from '../../src/simulators/canvas/faults/fault.ts';
import type { FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { DAY, type SmallCampus } from './small-campus.ts';

/** What can be done to a campus and taken back. */
export interface Bench {
  readonly campus: SmallCampus;
  /** The registrar's connection, which may write and minds no foreign key. */
  readonly sis: pg.Client;
  /** The folder of the lake that the case works on. */
  readonly lake: string;
}

/** One way in which a night goes wrong, and what is really behind it. */
export interface Trouble {
  readonly name: string;
  /** Ids of the rules that tell the truth: one, or two where nobody can tell them apart from outside. None: nothing is wrong. */
  readonly truth: readonly string[];
  /** What the cause reaches. Default: it does not matter. */
  readonly scope?: string;
  /** How far the clock is ahead of the night before, in days. Default: 0. */
  readonly ahead?: number;
  /** It is there in the next night too. Default: it is taken back. */
  readonly lasts?: true;
  /** @returns what takes it back */
  strike(bench: Bench, seed: number): Promise<() => Promise<unknown>>;
}

const TABLES = ['submissions', 'users', 'courses', 'enrollments'] as const;
const pick = <T>(of: readonly T[], seed: number): T => of[(seed - 1) % of.length]!;

const canvas = (
  what: FaultName,
  truth: readonly string[],
  more: Omit<Fault<FaultName>, 'what'> = {},
): Trouble => ({
  name: what,
  truth,
  scope: truth.length > 0 ? 'canvas' : '',
  async strike({ campus }) {
    const { faults, forgetJobs } = campus.simulated.canvas!;
    faults.add({ what, ...more });
    return async () => {
      faults.clear();
      forgetJobs();
    };
  },
});

/** For good, on one table that the seed chooses. */
const ofTable = (what: FaultName, truth: readonly string[]): Trouble => ({
  ...canvas(what, truth),
  strike: (bench, seed) =>
    canvas(what, truth, { when: { table: pick(TABLES, seed), times: null } }).strike(bench, seed),
});
const ofSource = (what: FaultName, truth: readonly string[]): Trouble =>
  canvas(what, truth, { when: { times: null } });
/** Once: a good client gets over it. */
const passing = (what: FaultName): Trouble => ({
  ...canvas(what, []),
  strike: (bench, seed) => canvas(what, [], { when: { nth: 1 + ((seed * 7) % 9) } }).strike(bench, seed),
});

const sql = (
  name: string,
  truth: readonly string[],
  scope: string,
  there: readonly string[],
  back: readonly string[],
): Trouble => ({
  name,
  truth,
  scope,
  async strike({ sis }) {
    for (const one of there) await sis.query(one);
    return async () => {
      for (const one of back) await sis.query(one);
    };
  },
});

const model = (name: string, truth: readonly string[], text: string): Trouble => ({
  name,
  truth,
  scope: 'campus.zz_trouble',
  async strike({ campus }) {
    const file = join(campus.folder, 'models', 'zz_trouble.sql');
    await writeFile(file, text);
    return () => rm(file);
  },
});

const HEADER =
  '-- description: a model with a fault\n-- grain: id\n-- owner: Data team\n-- column id (none): a number\n';

/** The folder of what is staged of a dataset. */
async function stagedFiles({ campus, lake }: Bench, table: string): Promise<string[]> {
  const folder = join(campus.folder, lake, 'staged', table);
  return (await readdir(folder))
    .filter((file) => file.endsWith('.parquet'))
    .map((file) => join(folder, file));
}

export const TROUBLES: readonly Trouble[] = [
  ofSource('login-refused', ['lms-login-refused']),
  ofSource('account-disabled', ['lms-account-closed']),
  ofSource('account-under-maintenance', ['lms-account-closed']),
  ofSource('connection-reset', ['lms-unreachable']),
  ofSource('gateway-timeout', ['lms-server-failed', 'lms-unreachable']),
  ofSource('rate-limited', ['lms-rate-limited']),
  ofTable('table-not-found', ['lms-table-unknown']),
  ofTable('job-fails', ['lms-job-failed']),
  ofTable('job-stuck', ['lms-job-lost']),
  ofTable('file-truncated', ['lms-transfer-broken']),
  ofTable('file-corrupt', ['lms-transfer-broken']),
  ofTable('url-expired', ['lms-transfer-broken']),
  ofTable('objects-missing', ['lms-answer-wrong']),
  {
    ...ofSource('login-refused', ['lms-login-refused']),
    name: 'a login refused for three days: every table is late',
    ahead: 3,
  },
  {
    name: 'wrong password of the database',
    truth: ['sis-unreachable'],
    scope: 'sis',
    async strike({ campus }) {
      process.env.SIS_PASSWORD = 'not-the-password';
      return async () => {
        process.env.SIS_PASSWORD = campus.simulated.sis!.password;
      };
    },
  },
  {
    name: 'a secret that is missing',
    truth: ['secret-missing'],
    async strike({ campus }) {
      delete process.env.CANVAS_CLIENT_SECRET;
      return async () => {
        process.env.CANVAS_CLIENT_SECRET = campus.simulated.canvas!.clientSecret;
      };
    },
  },
  sql(
    'a table that was renamed',
    ['sis-table-not-copied', 'configuration-mistake'],
    'sis',
    ['ALTER TABLE registrar.registrations RENAME TO registrations_old'],
    ['ALTER TABLE registrar.registrations_old RENAME TO registrations'],
  ),
  sql(
    'a right that was lost',
    ['sis-table-not-copied'],
    'sis',
    ['REVOKE SELECT ON registrar.registrations FROM lake'],
    ['GRANT SELECT ON registrar.registrations TO lake'],
  ),
  sql(
    'a table that was emptied',
    ['table-emptied'],
    'sis.registrar_registrations',
    ['CREATE TABLE public.kept AS TABLE registrar.registrations', 'DELETE FROM registrar.registrations'],
    ['INSERT INTO registrar.registrations SELECT * FROM public.kept', 'DROP TABLE public.kept'],
  ),
  sql(
    'a column is gone, and nothing breaks of it',
    [],
    '',
    ['ALTER TABLE registrar.registrations RENAME COLUMN credits TO points'],
    ['ALTER TABLE registrar.registrations RENAME COLUMN points TO credits'],
  ),
  model(
    'a model with an unknown function',
    ['model-failed'],
    `${HEADER}SELECT no_such_function(id) AS id FROM canvas.users`,
  ),
  model(
    'a model with a column that there is not',
    ['model-failed'],
    `${HEADER}SELECT no_such_column AS id FROM canvas.users`,
  ),
  model(
    'a model that meets a value it cannot process',
    ['value-unprocessable'],
    `${HEADER}SELECT CAST(name AS bigint) AS id FROM canvas.courses`,
  ),
  model('a model with rows that share a key', ['rows-doubled'], `${HEADER}SELECT 1 AS id FROM canvas.users`),
  {
    name: 'a staged file that was cut short',
    truth: ['files-damaged'],
    async strike(bench) {
      const [file] = await stagedFiles(bench, 'canvas.courses');
      const whole = await readFile(file!);
      await writeFile(file!, whole.subarray(0, whole.length / 2));
      return async () => {};
    },
  },
  {
    name: 'a load of unusual size',
    truth: ['volume-unusual'],
    scope: 'sis.registrar_students',
    lasts: true,
    async strike({ campus, lake }) {
      await campus.look(lake, async ({ ledger }) => {
        const now = Date.now();
        const rows = [1, 2, 3, 4, 5].map((week) => {
          const at = new Date(now - week * 7 * DAY).toISOString();
          const run = `${at.replace(/[-:]|\.\d+/g, '')}-0000`;
          return {
            id: `${run}:sis.registrar_students`,
            run,
            dataset: 'sis.registrar_students',
            source: 'sis',
            kind: 'snapshot',
            rows: 9000 + week,
            bytes: 1,
            files: 1,
            started_at: at,
            committed_at: at,
          };
        });
        await ledger.append('loads', rows);
      });
      return async () => {};
    },
  },
  // Nights with nothing wrong, some of them with what a good client gets over by itself.
  { name: 'a quiet night', truth: [], strike: async () => async () => {} },
  passing('gateway-timeout'),
  passing('rate-limited'),
  passing('connection-reset'),
  passing('file-cut'),
  passing('snapshot-required'),
  passing('job-expired'),
];

/** What the lake made of one trouble. */
export interface Found {
  readonly trouble: Trouble;
  readonly seed: number;
  /** The incidents that are open after the night. */
  readonly incidents: readonly Incident[];
  /** Those that are open after the next night, in which all is well again. */
  readonly left: readonly Incident[];
  readonly failures: readonly string[];
}

/** Waiting costs nothing, so that every patience is tried to its end. */
function patientClock(ahead: number): Clock {
  let now = Date.now() + ahead;
  return {
    now: () => now++,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      await new Promise((done) => setTimeout(done, Math.min(ms, 20)));
    },
  };
}

export async function night(campus: SmallCampus, lakeFolder: string, ahead = 0) {
  const loaded = await campus.open(lakeFolder);
  const platform: Platform = await openLocalPlatform(loaded.campus, {
    clock: patientClock(ahead),
    features: FEATURES,
  });
  try {
    const lake = openLake({
      ...loaded,
      platform,
      session: PIPELINE,
      features: FEATURES,
      events: openEvents(),
      signal: new AbortController().signal,
      lmsOptions: { retry: { retries: 2, firstWaitMs: 1, longestWaitMs: 2 } },
    });
    const { failures } = await runLake({ lake, events: openEvents() });
    return {
      failures: failures.map(({ step, about, code }) => `${step} ${about} ${code}`),
      incidents: (await readIncidents(platform.ledger)).filter(isOpen),
    };
  } finally {
    await platform.close();
  }
}

/** One trouble in one night, then a night without it. */
export async function tryTrouble(
  campus: SmallCampus,
  sis: pg.Client,
  trouble: Trouble,
  seed: number,
): Promise<Found> {
  const lake = `trouble-${seed}`;
  await rm(join(campus.folder, lake), { recursive: true, force: true });
  await cp(join(campus.folder, 'base'), join(campus.folder, lake), { recursive: true });
  const ahead = (trouble.ahead ?? 0) * DAY;
  const back = await trouble.strike({ campus, sis, lake }, seed);
  const first = await night(campus, lake, ahead).finally(back);
  const second = first.incidents.length === 0 ? first : await night(campus, lake, ahead + DAY / 24);
  return { trouble, seed, incidents: first.incidents, left: second.incidents, failures: first.failures };
}

/** The registrar's connection to the simulated database. */
export async function registrar(campus: SmallCampus): Promise<pg.Client> {
  const { host, port, database, owner } = campus.simulated.sis!;
  const client = new pg.Client({ host, port, database, user: owner.user, password: owner.password });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SET session_replication_role = replica');
  return client;
}
