import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../src/platform/local/postgres/server.ts';
import {
  ask,
  spawnOwner,
  startOwner,
  temporaryHome,
  waitForProcesses,
} from '../../platform/local/postgres/harness.ts';

describe('a server whose owner ends', () => {
  let home: string;
  beforeEach(async () => {
    home = await temporaryHome();
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('ends with it on %s', async (signal) => {
    const { owner, url } = await startOwner(home);
    await ask({ url }, 'create table kept as select 7 as seven');

    owner.kill(signal);

    await waitForProcesses(home, 'none');
    const again = await startPostgres({ directory: home });
    expect(await ask(again, 'select seven from kept')).toEqual([{ seven: 7 }]);
    await again.stop();
  });

  it('ends when the owner forgets to stop it, and lets the owner end', async () => {
    const { owner } = await startOwner(home);

    owner.kill('SIGUSR2');
    const [code] = await once(owner, 'exit');

    expect(code).toBe(0);
    await waitForProcesses(home, 'none');
  });

  it('ends with it at any moment of its start, also of the first', async () => {
    for (let i = 0; i < 25; i++) {
      const owner = spawnOwner(home);
      if (i % 2) await waitForProcesses(path.join(home, 'data'), 'some');
      await sleep(i % 2 ? i * 2 : 300 + i * 40);

      owner.kill('SIGKILL');

      await waitForProcesses(home, 'none');
    }
    const server = await startPostgres({ directory: home });
    expect(await ask(server, 'select 1 as alive')).toEqual([{ alive: 1 }]);
    await server.stop();
  }, 300_000);
});
