import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';
import { openLocalWarehouse, serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import { granted } from '../../granted.ts';

const run = promisify(execFile);
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
const DRIVER = '42.7.5';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lake-jdbc-'));
  await chmod(root, 0o711);
  await mkdir(path.join(root, 'procedures'));
  await run('mvn', [
    '-q',
    '-B',
    COPY,
    `-Dartifact=org.postgresql:postgresql:${DRIVER}`,
    `-DoutputDirectory=${root}`,
  ]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('the warehouse answers a dashboard that comes over JDBC, which can read and not write', async () => {
  const engine = await openLocalEngine({ root });
  const work = await engine.create(
    'campus.work',
    `SELECT CAST(210700000000001234 AS bigint) AS student_id, CAST(87.25 AS decimal(5,2)) AS score,
            TIMESTAMP '2026-10-05 04:59:00.000' AS due_at, DATE '2026-10-05' AS day`,
    {},
    'v1',
  );
  const place = { directory: path.join(root, 'warehouse'), port: await freePort(), readers: 'dashboard' };
  await openLocalWarehouse({ ...place, root, procedures: path.join(root, 'procedures') }).load(
    'p1',
    granted({
      'campus.work': work,
    }),
  );
  const server = await serveWarehouse(place);
  try {
    const { jdbc, user, passwordAt } = server.info;
    const driver = path.join(root, `postgresql-${DRIVER}.jar`);
    const source = path.join(import.meta.dirname, 'Dashboard.java');
    const { stdout } = await run('java', ['-cp', driver, source, jdbc, user, passwordAt]);
    expect(stdout.trim().split('\n')).toEqual([
      'table work',
      'column student_id int8',
      'column score numeric',
      'column due_at timestamp',
      'column day date',
      'row 210700000000001234 87.25 2026-10-05 04:59:00 2026-10-05',
      // insufficient_privilege
      'refused 42501',
    ]);
  } finally {
    await server.stop();
  }
});
