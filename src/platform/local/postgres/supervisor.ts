import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PostgresStartError } from '../../../ports/errors.ts';
import type { SystemUser } from './system-user.ts';

/**
 * A shell between this process and the server, which holds the other end of a pipe. The kernel closes that pipe
 * however this process ends (exit, signal, kill -9), and then the server is stopped at once; a line on the
 * pipe means an orderly stop. So no server outlives its owner, and this process needs no signal handlers.
 * A server that is just starting ignores signals (a shell starts its jobs so), hence the signal is repeated until it is gone.
 * File 3 keeps the pipe, since a shell gives its background jobs an empty standard input.
 */
const SUPERVISOR = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
  if read -r _ <&3; then kill -INT "$server"; else
    while kill -QUIT "$server"; do sleep 0.1; done
  fi
} 2>/dev/null &
watcher=$!
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

const READY = 'database system is ready to accept connections';
const REMEMBERED_LINES = 30;

export interface ServerProcess {
  /** Ends the sessions, writes everything to disk, and resolves when the server is gone. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/**
 * Runs the server until `stop`, or until this process ends. Resolves once it takes connections.
 * @throws PostgresStartError with the server's last words
 */
export async function superviseServer(
  command: readonly string[],
  options: { user?: SystemUser; log?: (line: string) => void },
): Promise<ServerProcess> {
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'postgres-supervisor', ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C at a terminal reaches this process, which ends its work before the server's.
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    cwd: '/',
    ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined); // The server may be gone before the signal arrives.

  const lastLines: string[] = [];
  const ready = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    void ended.then(() => resolve(false));
    createInterface({ input: child.stderr }).on('line', (line) => {
      options.log?.(line);
      lastLines.push(line);
      if (lastLines.length > REMEMBERED_LINES) lastLines.shift();
      if (line.includes(READY)) resolve(true);
    });
  });
  if (!(await ready)) {
    throw new PostgresStartError(`PostgreSQL ended while starting: ${lastLines.join('\n')}`);
  }

  // A server that nobody stopped must not keep this process alive.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stderr as Socket).unref();
  return {
    ended,
    async stop() {
      child.ref();
      if (child.stdin.writable) child.stdin.end('stop\n');
      await ended;
    },
  };
}
