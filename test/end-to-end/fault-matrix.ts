import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PIPELINE } from '../../src/access/authorize.ts';
import { FEATURES } from '../../src/features.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { openLake } from '../../src/pipeline/lake.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../src/platform/local/platform.ts';
import type { Clock } from '../../src/ports/platform.ts';
import { FAULT_KINDS, type FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { canvasPlan } from './canvas-plan.ts';
import type { SmallCampus } from './small-campus.ts';
import { differencesFromTruth } from './truth.ts';

/** What became of one fault in one run, and of the run after it. */
export interface FaultResult {
  readonly fault: FaultName;
  readonly struck: number;
  readonly first: RunOutcome;
  readonly second?: RunOutcome;
  /** Differences between staged and truth after the last run. */
  readonly differences: string[];
}

/** Waiting costs nothing: the clock is put forward instead, so that every patience is tried to its end. */
function patientClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      ahead += ms;
    },
  };
}

async function runCanvas(campus: SmallCampus, lakeFolder: string) {
  const loaded = await campus.open(lakeFolder);
  const platform = await openLocalPlatform(loaded.campus, { clock: patientClock(), features: FEATURES });
  try {
    const signal = new AbortController().signal;
    const lmsOptions = { retry: { retries: 4, firstWaitMs: 1, longestWaitMs: 4 } };
    const lake = openLake({
      ...loaded,
      platform,
      session: PIPELINE,
      features: FEATURES,
      events: openEvents(),
      signal,
      lmsOptions,
    });
    const outcome = await runLake({ lake, events: openEvents(), plan: canvasPlan(loaded.campus) });
    return { outcome, differences: await differencesFromTruth(loaded, platform, campus.simulated.canvas!) };
  } finally {
    await platform.close();
  }
}

/** Loads the lake that every case starts from. */
export async function loadBase(campus: SmallCampus): Promise<void> {
  const { outcome, differences } = await runCanvas(campus, 'base');
  if (outcome.failures.length > 0 || differences.length > 0) {
    throw new Error(`the undisturbed load went wrong: ${JSON.stringify([outcome.failures, differences])}`);
  }
}

/** One fault, at a moment that the seed decides, in a run of increments; then a run without it. */
export async function tryFault(campus: SmallCampus, fault: FaultName, seed: number): Promise<FaultResult> {
  const { faults, forgetJobs } = campus.simulated.canvas!;
  const folder = `fault-${fault}-${seed}`;
  await cp(join(campus.folder, 'base'), join(campus.folder, folder), { recursive: true });
  const struckBefore = faults.struck.length;
  faults.clear();
  // A login comes once in a run; of everything else there is much.
  const rare = FAULT_KINDS.find(({ what }) => what === fault)!.endpoints.every((door) => door === 'login');
  faults.add({ what: fault, when: { nth: rare ? 1 : 1 + ((seed * 7) % 23) } });
  const first = await runCanvas(campus, folder);
  const struck = faults.struck.length - struckBefore;
  // The run after it is the next night's: a job that hung for a day hangs no more, for it nor for other cases.
  faults.clear();
  forgetJobs();
  const second = first.outcome.failures.length > 0 ? await runCanvas(campus, folder) : undefined;
  await rm(join(campus.folder, folder), { recursive: true, force: true });
  return {
    fault,
    struck,
    first: first.outcome,
    second: second?.outcome,
    differences: (second ?? first).differences,
  };
}

/** What a good lake makes of the result; empty when it did. */
export function complaints({ fault, first, second, differences }: FaultResult): string[] {
  const found: string[] = [];
  const kind = FAULT_KINDS.find((k) => k.what === fault)!;
  if (kind.calls === 'recover' && first.failures.length > 0) {
    found.push(`${fault} should be overcome, but: ${first.failures[0]!.message}`);
  }
  for (const { about, message: cause, hint: next } of first.failures) {
    if (!/^canvas(\.\w+)?$/.test(about)) found.push(`${fault}: a failure names no table: "${about}"`);
    if (cause.length < 20 || next.length < 10) found.push(`${fault}: a failure without cause or next action`);
  }
  if (second && second.failures.length > 0)
    found.push(`${fault}: still fails afterwards: ${second.failures[0]!.message}`);
  if (differences.length > 0) found.push(`${fault}: ${differences.join('; ')}`);
  return found;
}
