import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/app/doctor/finding.ts';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';
import { type PostgresServer, startPostgres } from '../../../src/platform/local/postgres/server.ts';
import { serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import { temporaryHome } from '../../platform/local/postgres/harness.ts';
import { readAs } from '../../platform/local/warehouse-campus.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const EXAMPLE = path.join(ROOT, 'examples/northgate');
const ENV = { ...process.env, RECORDS_PASSWORD: 'lake', PSEUDONYM_KEY: 'f'.repeat(64) };

let database: PostgresServer;
let folder: string;
let warehousePort: number;

/** The command line, in the example's folder. */
const lake = async (...words: string[]) =>
  (
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'bin/lake.mjs'), ...words], {
      cwd: folder,
      env: ENV,
    })
  ).stdout;

async function execute(server: PostgresServer, name: string, sql: string): Promise<void> {
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const client = new pg.Client(url.href);
  await client.connect();
  await client.query(sql);
  await client.end();
}

beforeAll(async () => {
  database = await startPostgres({ directory: await temporaryHome(), settings: { fsync: 'off' } });
  await execute(database, 'postgres', 'CREATE DATABASE records');
  await execute(database, 'records', await readFile(path.join(EXAMPLE, 'sis.sql'), 'utf8'));
  const readme = await readFile(path.join(EXAMPLE, 'README.md'), 'utf8');
  const grants = [...readme.matchAll(/-c (["'])(.+?)\1(?=[ \n])/g)].map(([, , sql]) => sql!);
  expect(grants).toHaveLength(3);
  for (const sql of grants) await execute(database, 'records', sql);

  folder = await temporaryHome();
  await cp(EXAMPLE, folder, { recursive: true });
  warehousePort = await freePort();
  const campus = path.join(folder, 'campus.yaml');
  const text = await readFile(campus, 'utf8');
  const here = text.replace('port: 5432', `port: ${database.port}`);
  await writeFile(campus, `${here}\nwarehouse:\n  port: ${warehousePort}\n`);
});
afterAll(async () => {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(database.directory, { recursive: true, force: true });
});

describe('The example of a college with a records system of its own', () => {
  it('fits its database, is loaded, and answers', async () => {
    const { findings } = JSON.parse(await lake('doctor', '--json')) as { findings: Finding[] };
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);

    await lake('run');

    const rows = JSON.parse(
      await lake(
        'query',
        '--json',
        'SELECT * FROM campus.results_by_programme ORDER BY acad_year, prog_code',
      ),
    ) as Record<string, unknown>[];
    // Counted by hand from sis.sql.
    expect(
      rows.map(({ acad_year, prog_code, learners, left_early, marked, pass_share, mean_mark }) => [
        `${acad_year} ${prog_code}`,
        Number(learners),
        Number(left_early),
        Number(marked),
        pass_share,
        mean_mark,
      ]),
    ).toEqual([
      ['2024 HIST', 1, 0, 1, 1, 40],
      ['2025 HIST', 2, 0, 2, 0.5, 48.995],
      ['2025 MENG', 2, 0, 2, 1, 68.125],
      ['2025 NURS', 2, 1, 3, 2 / 3, expect.closeTo((64.5 + 71 + 38) / 3, 9)],
    ]);
  });

  it('keeps no national insurance number, and joins learners by their pseudonyms', async () => {
    const held = await Promise.all(
      (await readdir(path.join(folder, '.lake'), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(async (entry) => [entry.name, await readFile(path.join(entry.parentPath, entry.name))] as const),
    );
    // The files are such that a kept value is found in them.
    expect(held.some(([, bytes]) => bytes.includes('Haddad'))).toBe(true);
    expect(held.filter(([, bytes]) => bytes.includes('QQ12345')).map(([name]) => name)).toEqual([]);
    const joined = JSON.parse(
      await lake(
        'query',
        '--json',
        'SELECT count(*) AS n FROM records.module_results r JOIN records.learners l ON l.learner_no = r.learner_no WHERE length(l.learner_no) = 32',
      ),
    ) as [{ n: unknown }];
    expect(Number(joined[0].n)).toBe(9);
  });

  it('answers every panel of its dashboard from the warehouse', async () => {
    const dashboard = JSON.parse(await readFile(path.join(EXAMPLE, 'dashboard/results.json'), 'utf8')) as {
      panels: { targets: { rawSql: string }[] }[];
    };
    const served = await serveWarehouse({
      directory: path.join(folder, '.lake/warehouse'),
      port: warehousePort,
      readers: 'dashboard',
    });
    try {
      const answers = [];
      for (const { targets } of dashboard.panels) answers.push(await readAs(served.info, targets[0]!.rawSql));
      expect(answers[0]).toHaveLength(1);
      expect(answers.slice(1)).toEqual([
        [
          ['Adult Nursing', expect.stringMatching(/^0\.666/)],
          ['History', '0.5'],
          ['Mechanical Engineering', '1'],
        ],
        [['2025', 'Health', 'Adult Nursing', '2', '1']],
      ]);
    } finally {
      await served.stop();
    }
  });
});
