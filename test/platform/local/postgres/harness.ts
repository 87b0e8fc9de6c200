import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect } from 'vitest';

/** A folder that the server's user may enter, also as root. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'lake-postgres-'));
  await chmod(home, 0o711);
  return home;
}

export async function ask<T>(server: { url: string }, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

/** A program that starts a server in the folder and then does nothing. */
export function spawnOwner(folder: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'owner.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The same, once its server is ready. */
export async function startOwner(folder: string): Promise<{ owner: ChildProcess; url: string }> {
  const owner = spawnOwner(folder);
  const [url] = await once(createInterface({ input: owner.stdout! }), 'line');
  return { owner, url };
}

/** Waits until processes work on the folder (their command line names it), or until none does. */
export async function waitForProcesses(on: string, wanted: 'some' | 'none'): Promise<void> {
  let found: string[] = [];
  for (let tries = 0; tries < 600; tries++) {
    found = await processesOn(on);
    if (found.length > 0 === (wanted === 'some')) return;
    await sleep(wanted === 'some' ? 2 : 25);
  }
  expect(found).toEqual(wanted);
}

async function processesOn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(folder)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}
