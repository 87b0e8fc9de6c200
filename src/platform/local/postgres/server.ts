import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PostgresInUseError, PostgresStartError } from '../../../ports/errors.ts';
import { findBinaries } from './binaries.ts';
import { keptPassword, makeCluster } from './cluster.ts';
import { knownData, reachableData } from './data-place.ts';
import { freePort, isFree, LOOPBACK } from './ports.ts';
import { runningServer } from './running.ts';
import { type ServerProcess, superviseServer } from './supervisor.ts';
import { serverUser } from './system-user.ts';

export interface PostgresOptions {
  /** Home of the server: holds its data directory, and beside it the files `password` and `port`. */
  readonly directory: string;
  /** Default: the one it had last time if that is free, otherwise any free one. */
  readonly port?: number;
  /** The superuser, named when the data directory is made. Default: postgres. */
  readonly user?: string;
  /** The superuser's password, set when the data directory is made. Default: a random one. */
  readonly password?: string;
  /** Settings of postgresql.conf for this start. `fsync: 'off'` is for simulators and tests only. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Called once, when the data directory is there or is being made by another process: this one may be busy then. */
  readonly begun?: () => void;
  /** Receives the server's log. */
  readonly log?: (line: string) => void;
}

/** How the superuser connects. */
export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `postgres://user:password@host:port/postgres` */
  readonly url: string;
  readonly directory: string;
}

export interface PostgresServer extends PostgresConnection {
  stop(): Promise<void>;
}

/** Its owner may have been killed a moment ago: then it is about to end, which can take a while on a busy machine. */
const GRACE_MS = 1_500;
const LONGEST_END_MS = 15_000;

/**
 * Starts a PostgreSQL on the loopback interface; makes its data directory first where there is none. The server
 * ends with `stop`, and however this process ends, also by `kill -9`.
 * @throws PostgresInUseError when a live server already works in this directory
 * @throws PostgresStartError with what PostgreSQL said and what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  if (process.platform === 'win32') {
    throw new PostgresStartError('The local PostgreSQL needs Linux or macOS', {
      hint: 'On Windows, work in the Windows Subsystem for Linux (wsl --install).',
    });
  }
  const home = path.resolve(options.directory);
  await mkdir(home, { recursive: true });
  const owner = await serverUser();
  const binaries = await findBinaries(owner);
  const data = await reachableData(home, owner);
  await refuseSecondServer(home, data);

  if (options.port !== undefined) await refuseTakenPort(options.port);

  const password = await keptPassword(home, options.password);
  const user = await keptUser(home, options.user);
  const sync = options.settings?.fsync !== 'off';
  await makeCluster(data, binaries, owner, { user, password, sync, begun: options.begun });

  const settings: Record<string, string | number> = {
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { port, server } = await onSomePort(home, options.port, (port) =>
    superviseServer([binaries.postgres, '-D', data, '-p', String(port), ...flags], {
      user: owner,
      log: options.log,
    }),
  );

  return { ...connection(home, port, user, password), stop: () => server.stop() };
}

/**
 * The server that another process (or this one) runs in a directory.
 * @returns undefined where there is none, `starting` where one does not take connections yet
 */
export async function findRunningPostgres(
  directory: string,
): Promise<PostgresConnection | 'starting' | undefined> {
  const home = path.resolve(directory);
  const running = await runningServer(await knownData(home));
  if (!running) return undefined;
  if (!running.ready) return 'starting';
  return connection(home, running.port, await keptUser(home), await keptPassword(home));
}

function connection(home: string, port: number, user: string, password: string): PostgresConnection {
  const url = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${LOOPBACK}:${port}/postgres`;
  return { host: LOOPBACK, port, user, password, url, directory: home };
}

async function refuseSecondServer(home: string, data: string): Promise<void> {
  for (const began = Date.now(); ; await sleep(50)) {
    const other = await runningServer(data);
    if (!other) return;
    const waited = Date.now() - began;
    if (waited < GRACE_MS) continue;
    if (waited > LONGEST_END_MS || (await answers(home, other.port))) {
      throw new PostgresInUseError(`A PostgreSQL server (process ${other.pid}) already works in ${home}`, {
        hint: `Connect to it on port ${other.port}, or end the command that started it.`,
      });
    }
  }
}

async function answers(home: string, port: number): Promise<boolean> {
  const { url } = connection(home, port, await keptUser(home), await keptPassword(home));
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function keptUser(home: string, wanted?: string): Promise<string> {
  const file = path.join(home, 'user');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept.trim();
  await writeFile(file, `${wanted ?? 'postgres'}\n`, { mode: 0o600 });
  return wanted ?? 'postgres';
}

/** Starts on a port that is free. Another program may take it in between; then, if nobody named it, on another. */
async function onSomePort(
  home: string,
  wanted: number | undefined,
  startOn: (port: number) => Promise<ServerProcess>,
): Promise<{ port: number; server: ServerProcess }> {
  for (let tries = 1; ; tries++) {
    const port = await choosePort(home, wanted);
    try {
      const server = await startOn(port);
      await writeFile(path.join(home, 'port'), `${port}\n`, { mode: 0o600 });
      return { port, server };
    } catch (error) {
      if (wanted !== undefined || tries === 5 || (await isFree(port))) throw error;
    }
  }
}

async function choosePort(home: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return wanted;
  const kept = Number(await readFile(path.join(home, 'port'), 'utf8').catch(() => ''));
  return freePort(Number.isInteger(kept) && kept > 0 ? kept : undefined);
}

async function refuseTakenPort(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new PostgresStartError(`Port ${port} of ${LOOPBACK} is taken by another program`, {
    hint: 'End that program, or choose another port.',
  });
}
