import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { SisSourceConfig } from '../../../../src/campus/campus-schema.ts';
import type { ReplicatedTable, ReplicationRequest } from '../../../../src/ports/replication.ts';
import { openReplication, waitFor } from './sis-fixture.ts';

/** What the killed process and its successor both do. */
export interface Work {
  readonly root: string;
  readonly source: SisSourceConfig;
  readonly request: ReplicationRequest;
}

/** A table of many pages and forty small ones, in schema `k`: 13,000 rows. */
export const KILLED_TABLES = `
  CREATE SCHEMA k;
  CREATE TABLE k.paged (id int PRIMARY KEY, filler text);
  ALTER TABLE k.paged ALTER filler SET STORAGE PLAIN;
  INSERT INTO k.paged SELECT g, repeat('x', 4500) FROM generate_series(1, 9000) g;
  DO $$ BEGIN
    FOR i IN 1..40 LOOP
      EXECUTE format('CREATE TABLE k.small_%s AS SELECT g AS id FROM generate_series(1, 100) g', i);
    END LOOP;
  END $$;`;
export const KILLED_ROWS = 13_000;

/** Replicates in a process of its own; resolves once that has begun. */
export async function replicateInProcess(work: Work): Promise<ChildProcess> {
  const program = path.join(import.meta.dirname, 'replicating-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Brings the load to its end in this process. */
export async function finish({ root, source, request }: Work): Promise<ReplicatedTable[]> {
  const next = openReplication(root, source);
  const { task } = await next.start(request);
  const { tables } = await waitFor(next, task);
  await next.close();
  return tables;
}

/** Keys of everything that a reader of the raw zone can see. */
export async function visible(root: string): Promise<string[]> {
  const raw = path.join(root, 'raw');
  const names = await readdir(raw, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((name) => name.isFile())
    .map((name) => path.relative(root, path.join(name.parentPath, name.name)));
}
