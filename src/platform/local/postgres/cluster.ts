import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PostgresStartError } from '../../../ports/errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import { pidLives } from './running.ts';
import type { SystemUser } from './system-user.ts';

const run = promisify(execFile);

export interface NewCluster {
  /** The superuser's name. */
  readonly user: string;
  readonly password: string;
  /** Whether the new files are forced to the disk; tests go without. */
  readonly sync: boolean;
  /** Called once: the work is with another process, or there is none, so this one may be busy with something else. */
  readonly begun?: () => void;
}

/** The superuser's password of a home folder, made when it is missing; only the owner can read it. */
export async function keptPassword(home: string, wanted?: string): Promise<string> {
  const file = path.join(home, 'password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept.trim();
  const password = wanted ?? randomBytes(18).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/**
 * Makes the data directory if there is none: UTF-8, sorted by bytes as Redshift does, letters of every language
 * in upper and lower case, passwords by SCRAM. It appears whole or not at all.
 */
export async function makeCluster(
  data: string,
  binaries: PostgresBinaries,
  owner: SystemUser | undefined,
  options: NewCluster,
): Promise<void> {
  if (await stat(path.join(data, 'PG_VERSION')).catch(() => undefined)) return options.begun?.();
  const parent = path.dirname(data);
  await mkdir(parent, { recursive: true });
  await removeHalves(parent);

  const half = await makeOwned(
    path.join(parent, `half-${process.pid}-${randomBytes(4).toString('hex')}`),
    owner,
  );
  const passwordFile = path.join(half, 'password');
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  try {
    const made = path.join(half, 'data');
    const initdb = run(
      binaries.initdb,
      [
        `--pgdata=${made}`,
        `--username=${options.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(options.sync ? [] : ['--no-sync']),
      ],
      {
        cwd: '/',
        env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
        ...(owner ? { uid: owner.uid, gid: owner.gid } : {}),
      },
    );
    options.begun?.();
    await initdb;
    await rename(made, data);
  } catch (cause) {
    const otherMadeIt = await stat(path.join(data, 'PG_VERSION')).catch(() => undefined);
    if (!otherMadeIt) {
      const [reason, hint] = whyNot(cause);
      throw new PostgresStartError(`The data directory ${data} could not be made: ${reason}.`, {
        cause,
        hint,
      });
    }
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function makeOwned(folder: string, owner: SystemUser | undefined): Promise<string> {
  await mkdir(folder, { mode: 0o700 });
  if (owner) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/** What makers that were killed have left. */
async function removeHalves(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^half-(\d+)-/.exec(name)?.[1];
    if (pid && !pidLives(Number(pid)))
      await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What the system said to initdb, which prints it among pages of its own and of PostgreSQL's, and what helps. */
const REASONS: readonly (readonly [said: RegExp, reason: string, hint: string])[] = [
  [/No space left on device/, 'the disk is full', 'free 100 MB or more, and start again'],
  [/Disk quota exceeded/, 'the disk quota is used up', 'free 100 MB or more, and start again'],
  [
    /Read-only file system/,
    'the file system is read-only',
    'keep the lake on another one, see `lake` in campus.yaml',
  ],
  [
    /Permission denied|Operation not permitted/,
    'permission was denied',
    'let this user write there, or name another folder',
  ],
  [
    /Cannot allocate memory|could not map anonymous shared memory/,
    'there is not enough memory',
    'end other programs',
  ],
];

/** Why initdb failed, in one line: a reason that is known, or the last line in which PostgreSQL says what it could not do. */
function whyNot(error: unknown): readonly [reason: string, hint?: string] {
  const {
    stderr = '',
    stdout = '',
    message,
  } = error as { stderr?: string; stdout?: string; message: string };
  const said = `${stdout}\n${stderr}`;
  const known = REASONS.find(([pattern]) => pattern.test(said));
  if (known) return [known[1], known[2]];
  const line = said.split('\n').findLast((one) => /(error|fatal|panic|could not)/i.test(one));
  return [
    (line ?? message.split('\n')[0]!).replace(/^.*?(ERROR|FATAL|PANIC|initdb: error): */, '').slice(0, 200),
  ];
}
