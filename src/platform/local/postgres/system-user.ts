import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PostgresStartError } from '../../../ports/errors.ts';

const run = promisify(execFile);

/** Whom the server runs as when that is not the user of this process. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * PostgreSQL refuses to run as root. As root, the server gets the system user `postgres`, made when it is missing;
 * as anybody else it runs as that somebody: undefined.
 */
export async function serverUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await lookUp('postgres');
  if (found) return found;
  try {
    await run('groupadd', ['--system', 'postgres']).catch(ignoreExisting);
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
  } catch (cause) {
    // Another process may have made the user in the same moment.
    const made = await lookUp('postgres');
    if (made) return made;
    throw new PostgresStartError('PostgreSQL does not run as root, and no system user for it could be made', {
      cause,
      hint: 'Make one (useradd --system postgres), or run this command as an ordinary user.',
    });
  }
  return lookUp('postgres');
}

async function lookUp(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout), name };
  } catch {
    return undefined;
  }
}

/** groupadd leaves with 9 when the group is there. */
function ignoreExisting(error: { code?: number | string }): void {
  if (error.code !== 9) throw error;
}
