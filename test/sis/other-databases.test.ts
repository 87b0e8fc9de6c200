import { expect, it } from 'vitest';
import { readSource } from '../../src/app/discover/read-source.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { createCatalog } from '../../src/campus/catalog.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import { openLocalReplication } from '../../src/platform/local/replication/replication.ts';
import type { Platform } from '../../src/ports/platform.ts';
import { tablesWanted } from '../../src/sis/mappings-of.ts';

const campus = {
  ...campusSchema.parse({
    name: 'Riverbend College',
    timeZone: 'America/Chicago',
    sources: {
      sis: { kind: 'oracle', host: 'sis', database: 'ORCL', user: 'lake', password: { env: 'SIS_PASSWORD' } },
    },
  }),
  root: '/campus',
};

it('A SIS that only AWS DMS speaks to has mappings like any other', async () => {
  const catalog = createCatalog([
    {
      source: 'sis',
      id: 'sis.people',
      name: 'people',
      namespace: 'SATURN',
      table: 'SPRIDEN',
      key: ['id'],
      columns: [],
    },
  ]);
  const platform = {} as Platform;

  const { mappings, changes } = await tablesWanted({ campus, catalog, platform }, 'sis');

  expect(JSON.stringify(mappings)).toContain('"table-name":"SPRIDEN"');
  expect(changes).toBeUndefined();
});

it('but this machine refuses to copy it', async () => {
  const secrets = { get: async () => 'never asked for' };
  const replication = openLocalReplication({ root: '/nowhere', sources: campus.sources, secrets });
  const start = replication.start({ source: 'sis', load: '1', prefix: 'raw/sis/1', mappings: { rules: [] } });
  await expect(start).rejects.toThrow('sis has kind: oracle, which is copied by AWS DMS only');
  await replication.close();
});

it('and is refused by a name where one machine would have to read it', async () => {
  const limits = openLocalRateLimits(systemClock);
  await expect(readSource(campus, 'sis', { limits })).rejects.toThrow(
    'sis has kind: oracle, which cannot be discovered',
  );
});
