import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';

export interface PythonServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Ends it, whatever it started, and its files. */
  stop(): Promise<void>;
}

/** What is started: `program` with words and environment for a port; `answers` is a path that a ready one serves. */
export interface ServerCommand {
  readonly program: string;
  readonly words: (port: number) => readonly string[];
  readonly env: (port: number, folder: string) => Record<string, string>;
  readonly answers: string;
}

const PATIENCE_MS = 60_000;

/**
 * Starts a server on a free loopback port, in a folder of its own and a process group of its own, and waits until
 * it answers.
 * @throws Error with what it wrote, when it ends or does not answer in time
 */
export async function startServer(command: ServerCommand): Promise<PythonServer> {
  const folder = await mkdtemp('/tmp/emulator-');
  const port = await freePort();
  const log = path.join(folder, 'log.txt');
  const child = spawn(
    'sh',
    ['-c', 'exec "$0" "$@" > log.txt 2>&1', command.program, ...command.words(port)],
    {
      cwd: folder,
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...command.env(port, folder) },
    },
  );
  const endAll = () => endGroup(child);
  process.once('exit', endAll);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    process.off('exit', endAll);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const running = child.exitCode === null && child.signalCode === null;
    endAll();
    if (running) await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilItAnswers(endpoint + command.answers, child);
    return { endpoint, stop };
  } catch (error) {
    const said = await readFile(log, 'utf8').catch(() => '');
    await stop();
    throw new Error(`${command.program} did not start: ${(error as Error).message}\n${said}`);
  }
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`no answer from ${url} in ${PATIENCE_MS / 1000} s`);
}

/** The group, since emulators start processes of their own (functions, for one). */
export function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
