import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a server says of itself in `postmaster.pid`. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Whether it takes connections. */
  readonly ready: boolean;
}

/**
 * The live server of a data directory; undefined where there is none. A `postmaster.pid` that a crash has left,
 * and whose number belongs to some other program by now, is removed: PostgreSQL would refuse to start over it.
 * One whose number belongs to nobody is left, for PostgreSQL to check that no session of the old server lives.
 */
export async function runningServer(data: string): Promise<RunningServer | undefined> {
  const file = path.join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  // Lines: pid, data directory, start time, port, socket directory, address, shared memory, status.
  // https://www.postgresql.org/docs/18/storage-file-layout.html
  const lines = text?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !pidLives(pid)) return undefined;
  if (!(await commandOf(pid)).includes(data)) {
    await rm(file, { force: true });
    return undefined;
  }
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Whether a process of this number lives; also one that this user may not signal. */
export function pidLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function commandOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ');
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout;
}
