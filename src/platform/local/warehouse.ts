import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { databaseFault } from '../../database-fault.ts';
import { InputError } from '../../errors.ts';
import { PostgresInUseError } from '../../ports/errors.ts';
import type { Warehouse, WarehouseInfo } from '../../ports/warehouse.ts';
import type { WarehouseLogins } from '../../ports/warehouse-access.ts';
import { WarehouseLoadError } from '../../warehouse/errors.ts';
import { PROCEDURES, readProcedures } from '../../warehouse/procedure-folder.ts';
import { makeFolder } from './files/durable.ts';
import { openWay } from './files/private.ts';
import { freePort } from './postgres/ports.ts';
import { findRunningPostgres, type PostgresConnection, startPostgres } from './postgres/server.ts';
import { addLogin, listLogins, removeLogin, rotateLogin } from './warehouse/access/logins.ts';
import { setUp } from './warehouse/access/set-up.ts';
import { LOG_SETTINGS, statementKeeper, takeStatements } from './warehouse/access/statement-log.ts';
import { connectionInfo, OWNER, openDatabase, type Reader, shownPublication } from './warehouse/database.ts';
import { forgetReplaced } from './warehouse/forget-replaced.ts';
import { LOADING, loadSet } from './warehouse/load-set.ts';
import type { LockWait } from './warehouse/quiet-moment.ts';
import { inTransaction } from './warehouse/sql.ts';
import { openCsvWriter } from './warehouse/table-csv.ts';

export interface WarehousePlace {
  /** Home of its PostgreSQL. */
  readonly directory: string;
  /** Port at which `serveWarehouse` serves it. */
  readonly port: number;
  /** Name of the read-only user. */
  readonly readers: string;
  /** Minutes after which a statement of a reader is cancelled; 0: never. Default: see `READER_MINUTES`. */
  readonly statementTimeoutMinutes?: number;
  /** Minutes after which a transaction of a reader that does nothing is ended; 0: never. Default: likewise. */
  readonly idleTimeoutMinutes?: number;
}

export interface LocalWarehouseOptions extends WarehousePlace {
  /** The lake's folder, in which the files of the tables lie. */
  readonly root: string;
  /** Folder of the stored procedures. Default: the ones that come with the lake. */
  readonly procedures?: string;
  readonly log?: (line: string) => void;
  /** How long a change of columns waits for readers. Default: see `LOCK_WAIT`. */
  readonly lockWait?: LockWait;
}

/** Long enough for a dashboard's extract, short enough that a forgotten client holds nothing over a night. */
export const READER_MINUTES = { statementTimeoutMinutes: 30, idleTimeoutMinutes: 10 } as const;

/** Kept next to the data, for `describe` while no server runs. */
const SHOWN = 'publication';
/** wal_level minimal: what is copied into a table of the same transaction needs no log. */
const SETTINGS = { wal_level: 'minimal', max_wal_senders: 0, max_connections: 60, ...LOG_SETTINGS };
const ATTEMPTS = 3;
const LONGEST_LOAD_MS = 10 * 60_000;

/**
 * The warehouse as a PostgreSQL on this machine. It runs only while it is loaded or served; a load finds the server
 * of `lake warehouse` and uses it, or starts one for itself.
 */
export function openLocalWarehouse(
  options: LocalWarehouseOptions,
): Warehouse & { readonly logins: WarehouseLogins; close(): Promise<void> } {
  const { directory, readers, root } = options;
  return {
    async load(publication, { tables }, listed = [], notes = {}, _budget, access) {
      const procedures = await readProcedures(options.procedures ?? PROCEDURES);
      for (let attempt = 1; ; attempt++) {
        try {
          await makeFolder(directory);
          await openWay(root, directory);
          const loaded = await withServer(options, async (client) => {
            const writer = await openCsvWriter(root);
            const { lockWait } = options;
            try {
              return await loadSet(client, writer, {
                publication,
                tables,
                listed,
                notes,
                readers,
                procedures,
                lockWait,
                access,
                limits: readerOf(options),
              });
            } finally {
              writer.close();
            }
          });
          await writeFile(path.join(directory, SHOWN), `${publication}\n`, { mode: 0o600 });
          return loaded;
        } catch (error) {
          if (error instanceof InputError) throw error;
          // The server was somebody's who ended it meanwhile.
          if (attempt < ATTEMPTS && connectionLost(error)) continue;
          throw new WarehouseLoadError(
            `The warehouse could not be loaded with publication ${publication}: ${databaseFault(error)}`,
            {
              cause: error,
              about: 'warehouse',
              hint: 'It still shows what it showed before. Fix the cause and run again.',
            },
          );
        }
      }
    },
    async forgetReplaced() {
      if (!(await exists(path.join(directory, SHOWN)))) return;
      await withServer(options, forgetReplaced);
    },
    takeStatements: (record) => takeStatements(directory, record),
    logins: {
      add: (login) => onLogins(options, (client) => addLogin(client, login)),
      list: () => onLogins(options, listLogins),
      remove: (login) => onLogins(options, (client) => removeLogin(client, login)),
      rotate: (login) => onLogins(options, (client) => rotateLogin(client, login)),
    },
    async describe() {
      const running = await findRunningPostgres(directory);
      const port = running && running !== 'starting' ? running.port : options.port;
      const shown = (await readFile(path.join(directory, SHOWN), 'utf8').catch(() => '')).trim();
      return { ...connectionInfo(directory, port, readers), ...(shown ? { publication: shown } : {}) };
    },
    close: async () => undefined,
  };
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** Makes the warehouse, empty, where there is none yet: the first load finds it ready. */
export async function makeWarehouse(place: WarehousePlace): Promise<void> {
  await makeFolder(place.directory);
  await openWay(path.dirname(place.directory), place.directory);
  await withServer(place, async () => undefined);
}

/**
 * Serves the warehouse to psql, JDBC and ODBC clients until `stop`. Waits while a run is loading it.
 * @throws PostgresInUseError when it is being served already
 */
export async function serveWarehouse(
  place: WarehousePlace,
): Promise<{ info: WarehouseInfo; stop(): Promise<void> }> {
  const { directory, port, readers } = place;
  await makeFolder(directory);
  await openWay(path.dirname(directory), directory);
  await waitForLoad(directory, port);
  const log = statementKeeper(directory);
  const server = await startPostgres({ directory, port, user: OWNER, settings: SETTINGS, log });
  try {
    const client = await openDatabase(server, directory, readerOf(place));
    const shown = await shownPublication(client).finally(() => client.end());
    const info = connectionInfo(directory, server.port, readers);
    return {
      info: { ...info, ...(shown ? { publication: shown.publication } : {}) },
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Waits until a run that is loading the warehouse, with a server of its own, has done so. */
async function waitForLoad(directory: string, port: number): Promise<void> {
  for (const began = Date.now(); Date.now() - began < LONGEST_LOAD_MS; await sleep(200)) {
    const running = await findRunningPostgres(directory);
    if (!running || (running !== 'starting' && running.port === port)) return;
  }
}

const readerOf = ({ readers, ...minutes }: WarehousePlace): Reader => ({
  name: readers,
  statementTimeoutMinutes: minutes.statementTimeoutMinutes ?? READER_MINUTES.statementTimeoutMinutes,
  idleTimeoutMinutes: minutes.idleTimeoutMinutes ?? READER_MINUTES.idleTimeoutMinutes,
});

/** Works on the logins of the access policy, while no load does. */
async function onLogins<T>(
  options: LocalWarehouseOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await makeFolder(options.directory);
  await openWay(options.root, options.directory);
  return withServer(options, async (client) => {
    await client.query(LOADING);
    return inTransaction(client, async () => {
      await setUp(client);
      return work(client);
    });
  });
}

/** Works on the running server, or on one started for the occasion. */
async function withServer<T>(
  place: WarehousePlace & Pick<LocalWarehouseOptions, 'log'>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { directory, log } = place;
  const { server, stop } = await someServer(directory, log);
  try {
    const client = await openDatabase(server, directory, readerOf(place));
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  } finally {
    await stop();
  }
}

async function someServer(
  directory: string,
  log?: (line: string) => void,
): Promise<{ server: PostgresConnection; stop(): Promise<void> }> {
  for (let tries = 1; ; tries++) {
    const running = await findRunningPostgres(directory);
    if (running === 'starting' && tries < 100) {
      await sleep(100);
      continue;
    }
    if (running && running !== 'starting') return { server: running, stop: async () => undefined };
    try {
      // Not the port of `serveWarehouse`: the two differ by it, and clients find no server that soon goes.
      const port = await freePort();
      const keep = statementKeeper(directory);
      const both = (line: string) => {
        keep(line);
        log?.(line);
      };
      const server = await startPostgres({ directory, port, user: OWNER, settings: SETTINGS, log: both });
      return { server, stop: () => server.stop() };
    } catch (error) {
      if (!(error instanceof PostgresInUseError) || tries > 3) throw error;
    }
  }
}

const LOST = /^(57P0[123]|08\d{3}|ECONNREFUSED|ECONNRESET|EPIPE)$/;

function connectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    LOST.test(code ?? '') ||
    /Connection terminated|Client has encountered a connection error/.test(message ?? '')
  );
}
