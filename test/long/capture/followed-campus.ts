import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { SisSourceConfig } from '../../../src/campus/campus-schema.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { readPublication } from '../../../src/pipeline/publication.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import { granted } from '../../granted.ts';
import { LAKE_PASSWORD } from '../../platform/local/replication/sis-fixture.ts';

const LAKE = path.resolve(import.meta.dirname, '../../../bin/lake.mjs');

export interface FollowedTable {
  readonly schema: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Names and types of the lake. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A campus with nothing but a SIS whose changes are followed, and the program itself as a process. */
export interface FollowedCampus {
  readonly folder: string;
  /** Begins `lake <args>`. */
  begin(...args: string[]): Lake;
  /** `lake <args>` to its end. */
  lake(...args: string[]): Promise<Ended>;
  /** The published rows of a query, each as its cells in one text. */
  rows(sql: string): Promise<string[]>;
  look<T>(work: (platform: Platform) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Lake {
  readonly child: ChildProcess;
  /** The lines of standard output so far. */
  readonly lines: readonly string[];
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function openFollowedCampus(
  source: SisSourceConfig,
  tables: readonly FollowedTable[],
  models: Readonly<Record<string, string>> = {},
): Promise<FollowedCampus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followed-'));
  const file = path.join(folder, 'campus.yaml');
  await mkdir(path.join(folder, 'catalog'));
  await mkdir(path.join(folder, 'models'));
  for (const [name, sql] of Object.entries(models)) {
    await writeFile(path.join(folder, 'models', `${name}.sql`), sql);
  }
  await writeFile(
    file,
    stringify({
      name: 'Followed',
      timeZone: 'Europe/Vienna',
      sources: { sis: { ...source, replication: 'full-load-and-cdc' } },
      notify: [{ kind: 'file', path: 'notification.txt' }],
    }),
  );
  await writeFile(
    path.join(folder, 'catalog/sis.yaml'),
    stringify({
      source: 'sis',
      datasets: tables.map(({ schema, table, key, columns }) => ({
        name: `${schema}_${table}`,
        namespace: schema,
        table,
        key,
        description: 'rows that change',
        // What is emptied at the source is to be empty here.
        checks: [{ kind: 'row_count', maxDropPercent: 100 }],
        columns: Object.entries(columns).map(([name, type]) => ({
          name,
          type,
          nullable: !key.includes(name),
          privacy: 'none',
        })),
      })),
    }),
  );
  const env = { ...process.env, SIS_PASSWORD: LAKE_PASSWORD, NO_COLOR: '1', LAKE_CAMPUS: file };

  function begin(...args: string[]): Lake {
    const child = spawn(process.execPath, [LAKE, ...args], { cwd: folder, env });
    const out: string[] = [];
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      out.splice(0, out.length, ...stdout.split('\n').slice(0, -1));
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
    return { child, lines: out, ended };
  }

  async function look<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
    process.env.SIS_PASSWORD = LAKE_PASSWORD;
    const { campus } = await loadCampus(file);
    const platform = await openLocalPlatform(campus, { features: FEATURES });
    try {
      return await work(platform);
    } finally {
      await platform.close();
    }
  }

  return {
    folder,
    begin,
    lake: (...args) => begin(...args).ended,
    look,
    rows: (sql) =>
      look(async (platform) => {
        const publication = await readPublication(platform);
        const found: string[] = [];
        const result = await platform.engine.query(sql, granted(publication!.tables));
        for await (const batch of result.batches())
          for (const row of batch)
            found.push(row.map((cell) => (cell === null ? '∅' : String(cell))).join('|'));
        return found;
      }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
