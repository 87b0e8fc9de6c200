import { chmod, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startPostgres } from '../../../src/platform/local/postgres/server.ts';
import { ask, temporaryHome } from '../../platform/local/postgres/harness.ts';

it('a server works where its user may not walk', async () => {
  const closed = await temporaryHome();
  await chmod(closed, 0o700);
  const home = path.join(closed, 'deep');

  const first = await startPostgres({ directory: home });
  await ask(first, 'create table kept as select 1 as one');
  await first.stop();
  const second = await startPostgres({ directory: home });

  expect(await ask(second, 'select one from kept')).toEqual([{ one: 1 }]);
  await second.stop();
  const elsewhere = await readFile(path.join(home, 'data-elsewhere'), 'utf8').catch(() => undefined);
  if (elsewhere) await rm(elsewhere.trim(), { recursive: true });
  await rm(closed, { recursive: true, force: true });
});
