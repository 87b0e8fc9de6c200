import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/platform/clock.ts';
import {
  type LocalEngine,
  type LocalEngineOptions,
  openLocalEngine,
} from '../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../src/platform/local/ledger.ts';
import { openLocalObjects } from '../src/platform/local/objects.ts';
import type { Clock } from '../src/ports/platform.ts';
import type { SecretStore } from '../src/ports/secrets.ts';
import type { Uses } from '../src/ports/step.ts';
import { lakeOf } from './lake-of.ts';

/** What steps from staging to publication use. */
export type StepLake = Uses<
  | 'session'
  | 'signal'
  | 'report'
  | 'campus'
  | 'catalog'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'secrets'
>;

export interface PipelineLakeOptions {
  /** Of the campus and its catalog, what the steps under test read. @param root the lake's folder */
  readonly campus?: (root: string) => object;
  readonly catalog?: object;
  /** Default: the time of day. */
  readonly clock?: Partial<Clock>;
  readonly secrets?: Partial<SecretStore>;
  /** Default: two threads. */
  readonly engine?: Omit<LocalEngineOptions, 'root'>;
}

export interface PipelineLake {
  /** Its folder, which goes with it. */
  readonly root: string;
  readonly lake: StepLake;
  readonly engine: LocalEngine;
  /** Every note of a step, as `about: text`. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** A lake with this machine's object store, ledger and engine, in a temporary folder. */
export async function openPipelineLake(options: PipelineLakeOptions = {}): Promise<PipelineLake> {
  const root = await mkdtemp(join(tmpdir(), 'campus-lake-test-'));
  const engine = await openLocalEngine({ root, threads: 2, ...options.engine });
  const notes: string[] = [];
  const lake: StepLake = lakeOf({
    campus: options.campus?.(root) ?? {},
    catalog: options.catalog ?? {},
    platform: {
      clock: options.clock ?? systemClock,
      objects: openLocalObjects(root),
      ledger: openLocalLedger(join(root, 'ledger')),
      engine,
      secrets: options.secrets ?? {},
    },
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`), progress: () => {} },
  });
  return {
    root,
    lake,
    engine,
    notes,
    async close() {
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
