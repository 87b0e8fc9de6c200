import { once } from 'node:events';
import type { Command } from 'commander';
import { lakeFolders } from '../../src/platform/local/folders.ts';
import { serveWarehouse } from '../../src/platform/local/warehouse.ts';
import { loadCampus } from '../load-campus.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';
import { defineWarehouseLogins } from './warehouse/logins.ts';

export function defineWarehouse(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      `
On AWS (--target aws) Redshift serves it; this prints how to connect.
A run loads it whether it is being served or not. Clients see the old rows or the new ones, never a mix; a
transaction that is open meanwhile sees the old ones to its end. Every timestamp is UTC. docs/querying.md says how
to connect, and what a run leaves as people made it.

Example:
  $ lake warehouse          then, in another terminal, the psql command that it prints`,
    )
    .action((flags: CommonFlags & TargetFlags) =>
      runCommand(() => (flags.target === 'aws' ? describeOnAws(flags) : warehouse(flags)), flags),
    );
  defineWarehouseLogins(command);
}

async function warehouse(flags: CommonFlags): Promise<void> {
  const { campus } = await loadCampus(flags.campus);
  const signal = stopSignal();
  const server = await serveWarehouse({
    directory: lakeFolders(campus).warehouse,
    port: campus.warehouse.port,
    readers: campus.warehouse.readOnlyUser,
    statementTimeoutMinutes: campus.warehouse.statementTimeoutMinutes,
    idleTimeoutMinutes: campus.warehouse.idleTimeoutMinutes,
  });
  const { url, jdbc, user, passwordAt, publication } = server.info;
  process.stdout.write(
    [
      publication ? `It shows publication ${publication}.` : 'It is empty: `lake run` fills it.',
      '',
      `psql  PGPASSWORD="$(cat '${passwordAt}')" psql '${url}'`,
      `JDBC  ${jdbc}   user ${user}, password in ${passwordAt}`,
      '',
      'Ctrl+C ends it.',
      '',
    ].join('\n'),
  );
  await untilAborted(signal);
  await server.stop();
}

/** Redshift serves itself: there is nothing to start, only to tell how to connect. */
async function describeOnAws({ campus: file, json }: CommonFlags): Promise<void> {
  const info = await withLakeAt(file, { target: 'aws' }, (lake) => lake.platform.warehouse.describe());
  if (json) return printJson(info);
  const { jdbc, user, passwordAt, publication } = info;
  process.stdout.write(
    `${publication ? `It shows publication ${publication}.` : 'It is empty: the nightly run fills it.'}\n\nJDBC  ${jdbc}   user ${user}, password in ${passwordAt}\n`,
  );
}

/** The server is a process of its own: nothing but this timer keeps the command from ending. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  const hold = setInterval(() => {}, 60_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(hold);
}
