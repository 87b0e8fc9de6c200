import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Measured, timed, watchMemory } from './children.ts';
import type { Peers } from './peers.ts';
import type { BenchSis, TableSet } from './sis.ts';

/** Someone who copies a set of tables into Parquet files below a folder. */
export interface Contender {
  readonly name: string;
  /** Which sets it copies. Default: all. */
  readonly only?: readonly TableSet['schema'][];
  /** `floor`: writes nothing that could be counted. */
  readonly writes: boolean;
  copy(set: TableSet, folder: string): Promise<Measured>;
}

const inside = (program: string) => join(import.meta.dirname, program);
const TSX = ['--import', 'tsx'];

/** The time that a program tells of its own work, without the start of its interpreter. */
function told(measured: Measured & { output: string }): Measured {
  const seconds = /seconds=([\d.]+)/.exec(measured.output)?.[1];
  return { seconds: seconds ? Number(seconds) : measured.seconds, memory: measured.memory };
}

export function lake(sis: BenchSis): Contender {
  return {
    name: 'campus-lake',
    writes: true,
    async copy({ schema }, folder) {
      const what = JSON.stringify({ sis, schema, root: folder });
      return told(await timed(process.execPath, [...TSX, inside('replicate.ts'), what]));
    },
  };
}

const psql = (sis: BenchSis, sql: string) => ({
  args: ['-X', '-q', '-h', sis.host, '-p', String(sis.port), '-U', sis.user, '-d', sis.database, '-c', sql],
  env: { ...process.env, PGPASSWORD: sis.password },
});

/** `COPY … TO STDOUT` of PostgreSQL to nowhere: what the server alone takes, on one connection. */
export function bareCopy(sis: BenchSis): Contender {
  return {
    name: 'COPY TO STDOUT, to nowhere',
    only: ['big', 'wide'],
    writes: false,
    async copy({ schema, tables }) {
      const { args, env } = psql(sis, `COPY ${schema}.${tables[0]} TO STDOUT`);
      const started = performance.now();
      const child = spawn('psql', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
      const watch = watchMemory(child);
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`psql ended with ${code}`);
      return { seconds: (performance.now() - started) / 1000, memory: watch.stop() };
    },
  };
}

/** The floor of this way of working: one COPY piped into one DuckDB process. */
export function singlePipe(sis: BenchSis): Contender {
  return {
    name: 'COPY csv into one DuckDB process',
    only: ['big', 'wide'],
    writes: true,
    async copy({ schema, tables }, folder) {
      const pipe = join(folder, 'pipe');
      await timed('mkfifo', [pipe]);
      const to = join(folder, 'pipe.parquet');
      const what = JSON.stringify({ sis, schema, table: tables[0], from: pipe, to });
      const duckdb = spawn(process.execPath, [...TSX, inside('pipe.ts'), what], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(duckdb.stdout, 'data');
      const { args, env } = psql(sis, `COPY ${schema}.${tables[0]} TO STDOUT (FORMAT csv)`);
      const started = performance.now();
      const watch = watchMemory(duckdb);
      const copy = spawn('psql', [...args, '-o', pipe], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      const [[copied], [read]] = await Promise.all([once(copy, 'close'), once(duckdb, 'close')]);
      if (copied !== 0 || read !== 0) throw new Error(`psql ended with ${copied}, DuckDB with ${read}`);
      return { seconds: (performance.now() - started) / 1000, memory: watch.stop() };
    },
  };
}

const urlOf = (sis: BenchSis) => `${sis.user}:${sis.password}@${sis.host}:${sis.port}/${sis.database}`;

export function dlt(
  sis: BenchSis,
  peers: Peers,
  backend: 'connectorx' | 'pyarrow' | 'sqlalchemy',
): Contender {
  const asItComes = backend === 'sqlalchemy';
  return {
    name: `dlt, ${backend}${asItComes ? ' (its default)' : ''}`,
    writes: true,
    async copy({ schema, tables }, folder) {
      const list = tables.length === 1 ? tables[0]! : '*';
      const args = [inside('load.py'), backend, schema, list, folder, `postgresql://${urlOf(sis)}`];
      return told(await timed(peers.python, args));
    },
  };
}

/** @param duckdb whether sling may use DuckDB's program, which it would download by itself: its default */
export function sling(sis: BenchSis, peers: Peers, duckdb: boolean): Contender {
  return {
    name: duckdb ? 'sling with DuckDB (its default)' : 'sling, its own Parquet writer',
    // With DuckDB it took 15 GB for 300 small tables: more than a bench may ask of a machine.
    ...(duckdb ? { only: ['big', 'wide'] as const } : {}),
    writes: true,
    async copy({ schema }, folder) {
      const home = join(folder, 'sling');
      await mkdir(home, { recursive: true });
      const replication = join(folder, 'replication.json');
      await writeFile(
        replication,
        JSON.stringify({
          source: 'BENCH',
          target: 'LOCAL',
          defaults: { mode: 'full-refresh', object: `file://${folder}/{stream_table}.parquet` },
          streams: { [`${schema}.*`]: {} },
        }),
      );
      const compute: Record<string, string> = duckdb
        ? { DUCKDB_PATH: peers.duckdb }
        : { SLING_DUCKDB_COMPUTE: 'false' };
      const url = `postgres://${urlOf(sis)}?sslmode=disable`;
      const env = { ...compute, BENCH: url, HOME: peers.home, SLING_HOME_DIR: home };
      const { seconds, memory } = await timed(peers.sling, ['run', '-r', replication], env);
      return { seconds, memory };
    },
  };
}

export function freshFolder(root: string): Promise<string> {
  return mkdtemp(join(root, 'out-'));
}
