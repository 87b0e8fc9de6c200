import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DoctorContext, type Finding, fail, ok, warn } from '../../src/app/doctor/finding.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';
import { isFree } from '../../src/platform/local/postgres/ports.ts';
import { findRunningPostgres } from '../../src/platform/local/postgres/server.ts';

const GB = 1024 ** 3;
/** Below this a run of even a small college can fill the disk. */
const LEAST_BYTES = GB;
const COMFORT_BYTES = 10 * GB;
const NODE = [20, 19] as const;

/** What a run needs of this machine: Node, a folder to write to, room in it, a port for the warehouse. */
export async function* checkMachine(context: DoctorContext): AsyncGenerator<Finding> {
  yield node();
  const places = lakeFolders(context.campus);
  const writable = await folder(places.root);
  yield writable;
  if (writable.status === 'ok') yield await disk(places.root, context.expectedBytes);
  yield await port(context.campus.warehouse.port, places.warehouse);
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  return enough
    ? ok('node', process.version)
    : fail('node', `${process.version} is too old`, `install Node ${NODE.join('.')} or newer`);
}

async function folder(root: string): Promise<Finding> {
  const probe = join(root, `.doctor-${process.pid}`);
  try {
    const made = await mkdir(root, { recursive: true });
    await writeFile(probe, 'x');
    await rm(made ?? probe, { recursive: true });
    if (made === undefined && ((await stat(root)).mode & 0o044) !== 0) {
      return warn(
        'lake',
        `${root} can be read by other users of this machine`,
        'the next `lake run` takes that from them; where the file system keeps no modes, restrict who can mount it',
      );
    }
    return ok('lake', `${root} can be written to`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown cause';
    return fail(
      'lake',
      `${root} cannot be written to (${code})`,
      'give this user the folder, or name another under lake: in campus.yaml',
    );
  }
}

/** What is free on the disk of a folder, or of the nearest folder above it that exists. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    return freeBytes(dirname(folder));
  }
}

async function disk(root: string, expected: number): Promise<Finding> {
  const free = await freeBytes(root);
  const text = `${gigabytes(free)} free where the lake lies`;
  const hint = 'free some, or put the lake on another disk (lake: in campus.yaml)';
  if (free < LEAST_BYTES) return fail('disk', text, hint);
  // Parquet is smaller than the database, and several versions of each table are kept.
  if (free < expected) return warn('disk', `${text}, and the SIS alone has ${gigabytes(expected)}`, hint);
  return free < COMFORT_BYTES ? warn('disk', text, hint) : ok('disk', text);
}

async function port(wanted: number, directory: string): Promise<Finding> {
  if (await isFree(wanted)) return ok('warehouse', `port ${wanted} is free`);
  const running = await findRunningPostgres(directory);
  if (running === 'starting' || running?.port === wanted)
    return ok('warehouse', `is being served at port ${wanted}`);
  return fail(
    'warehouse',
    `port ${wanted} is taken by another program`,
    'name another port under warehouse: in campus.yaml',
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0)} GB`;
}
