import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { Json } from '../../src/json.ts';
import { type CanvasOptions, openCanvas } from '../../src/lms/canvas/canvas-source.ts';
import { parseExactly } from '../../src/lms/canvas/dap-answers.ts';
import type { LmsItem } from '../../src/lms/items.ts';
import { lmsCommit, lmsFetch, lmsPoll, lmsStart } from '../../src/lms/steps.ts';
import { readState } from '../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../src/loads/load.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { LmsSource } from '../../src/ports/lms-source.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { Clock } from '../../src/ports/platform.ts';
import type { RateLimits } from '../../src/ports/rate-limits.ts';
import type { Step, Uses } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';

/** A clock whose sleepers do not wait: time jumps by what they would have slept. */
export class JumpingClock implements Clock {
  readonly #onJump: (ms: number) => void;
  #jumped = 0;
  /** Time jumps only once this is true: for tests in which no request may be on its way meanwhile. */
  mayJump: () => boolean = () => true;

  constructor(onJump: (ms: number) => void = () => {}) {
    this.#onJump = onJump;
  }

  now(): number {
    return Date.now() + this.#jumped;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // A turn of the event loop, so that whoever else is ready comes first.
    do await new Promise((resolve) => setImmediate(resolve));
    while (!this.mayJump());
    this.#jumped += ms;
    this.#onJump(ms);
  }
}

export interface TestLake {
  readonly lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'catalog'
    | 'lms'
    | 'target'
    | 'clock'
    | 'objects'
    | 'ledger'
    | 'limits'
    | 'secrets'
  >;
  readonly ledger: LedgerStore;
  readonly objects: ObjectStore;
  readonly clock: JumpingClock;
  readonly notes: string[];
  /** How many calls the limits let through. */
  granted(): number;
  close(): Promise<void>;
}

export interface TestLakeOptions {
  readonly datasets: readonly CatalogDataset[];
  readonly clock?: JumpingClock;
  readonly format?: 'jsonl' | 'parquet';
  readonly jobsPerMinute?: number;
  /** Where Canvas is; or a source to use instead. */
  readonly canvas?: { url: string; clientId: string; clientSecret: string };
  readonly options?: CanvasOptions;
  readonly source?: LmsSource;
  readonly directory?: string;
  /** Put around the stores, to break them. */
  readonly wrap?: <T extends object>(store: T) => T;
}

/** A lake on real local stores in a folder of its own, with as much of a campus as the LMS room looks at. */
export async function openTestLake(options: TestLakeOptions): Promise<TestLake> {
  const { datasets, clock = new JumpingClock(), canvas } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'lms-')));
  const wrap = options.wrap ?? ((store) => store);
  const objects = wrap(openLocalObjects(join(directory, 'objects')));
  const ledger = wrap(openLocalLedger(join(directory, 'ledger')));
  const notes: string[] = [];
  const local = openLocalRateLimits(clock);
  let granted = 0;
  const limits: RateLimits = {
    ...local,
    async take(bucket, perMinute) {
      const answer = await local.take(bucket, perMinute);
      if (answer.granted) granted += 1;
      return answer;
    },
  };
  const secrets = { get: async (ref: object) => Object.values(ref)[0] as string };
  const config = {
    kind: 'canvas',
    url: canvas?.url ?? '',
    clientId: { env: canvas?.clientId ?? '' },
    clientSecret: { env: canvas?.clientSecret ?? '' },
    namespaces: ['canvas'],
    format: options.format ?? 'jsonl',
    jobsPerMinute: options.jobsPerMinute ?? 10_000,
    concurrentDownloads: 4,
  } as const;
  const report = {
    note: (about: string, note: string) => void notes.push(`${about}: ${note}`),
    progress: () => {},
  };
  const retry = { retries: 4, firstWaitMs: 1, longestWaitMs: 4 };
  const source =
    options.source ??
    openCanvas('canvas', config, { clock, limits, secrets }, { retry, report, ...options.options });
  const lake = lakeOf({
    campus: { sources: { canvas: config } },
    catalog: {
      datasets,
      get: (id: string) => datasets.find((d) => d.id === id)!,
      of: () => [...datasets].sort((a, b) => (b.priority ?? 5) - (a.priority ?? 5)),
    },
    platform: { target: 'local', clock, objects, ledger, limits, secrets },
    lms: () => source,
    report,
    signal: new AbortController().signal,
  });
  return {
    lake,
    ledger,
    objects,
    clock,
    notes,
    granted: () => granted,
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

export function dataset(table: string, more: Partial<CatalogDataset> = {}): CatalogDataset {
  const namespace = more.namespace ?? 'canvas';
  return {
    id: `canvas.${table}`,
    source: 'canvas',
    name: table,
    namespace,
    table,
    key: ['id'],
    columns: [],
    ...more,
  };
}

/** Runs the steps of one dataset in the order of the plan. */
export async function loadOne({ lake, clock }: TestLake, run: string, id: string): Promise<void> {
  const waitFor = async (
    step: Step<LmsItem, Json, TestLake['lake']>,
    item: LmsItem,
  ): Promise<{ [key: string]: Json }> => {
    for (;;) {
      const output = (await step.run(item, lake)) as { [key: string]: Json };
      if (output.done !== false) return output;
      await clock.sleep(Number(output.retryAfterSeconds) * 1000);
    }
  };
  const item = { run, dataset: id };
  for (let round = 0; round < 4; round += 1) {
    await waitFor(lmsStart, item);
    await waitFor(lmsPoll, item);
    const fetched = await waitFor(lmsFetch, item);
    if ('again' in fetched) continue;
    await lmsCommit.run(item, lake);
    return;
  }
  throw new Error(`${id} was asked for again and again`);
}

export async function stateOf({ ledger }: TestLake, id: string) {
  return (await readState(ledger, id)).state;
}

export async function manifestOf({ objects }: TestLake, key: string): Promise<LoadManifest> {
  return JSON.parse((await objects.getText(key))!) as LoadManifest;
}

interface DapRecord {
  key: object;
  value?: object;
  meta: { ts: string; action?: string };
}

/** The rows that staging would make of all pending loads, as key text → value text; JSON Lines only. */
export async function fold(lake: TestLake, id: string): Promise<Map<string, string>> {
  const rows = new Map<string, { ts: string; value?: string }>();
  for (const pending of (await stateOf(lake, id)).pending) {
    const manifest = await manifestOf(lake, pending.manifest);
    if (manifest.kind === 'snapshot') rows.clear();
    for (const file of manifest.files) {
      for (const record of await readRecords(lake.objects, file.key)) {
        const key = JSON.stringify(record.key);
        if ((rows.get(key)?.ts ?? '') > record.meta.ts) continue;
        const gone = record.meta.action?.toUpperCase() === 'D' || record.value === undefined;
        rows.set(key, { ts: record.meta.ts, ...(gone ? {} : { value: JSON.stringify(record.value) }) });
      }
    }
  }
  const living = [...rows].filter(([, row]) => row.value !== undefined);
  return new Map(living.map(([key, row]) => [key, row.value!] as const).sort());
}

async function readRecords(objects: ObjectStore, key: string): Promise<DapRecord[]> {
  const lines = (await text((await objects.get(key)).pipe(createGunzip()))).split('\n');
  return lines.filter(Boolean).map((line) => parseExactly(line) as DapRecord);
}
