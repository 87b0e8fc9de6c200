import { debugLog } from '../debug-log.ts';
import { type Failure, failureOf } from '../failure.ts';
import { groupFailures } from '../failure-groups.ts';
import { composeRun } from '../notify/compose-run.ts';
import { notifyUnrecorded } from '../notify/notify-unrecorded.ts';
import type { RunSummary } from '../notify/summary.ts';
import type { LedgerUnusableError } from '../ports/errors.ts';
import type { Uses } from '../ports/step.ts';
import { readPublication } from './publication.ts';
import type { RunRecord } from './run-record.ts';
import { staleTables } from './stale-tables.ts';

/** What is known of a run that could not keep its record. */
export interface BrokenRun {
  readonly fault: LedgerUnusableError;
  /** Absent: it had not begun. */
  readonly record?: RunRecord;
  readonly failures: readonly Failure[];
  /** Epoch ms. */
  readonly startedAt: number;
}

/**
 * Tells the team of a run whose ledger cannot be used, by every way that works and from what is in memory; and leaves
 * a note outside of the ledger, which the next `lake status` shows. Fails with nothing: the fault itself is the error.
 */
export async function reportFault(
  lake: Uses<'campus' | 'report' | 'signal' | 'clock' | 'objects' | 'ledger' | 'secrets' | 'topic'>,
  broken: BrokenRun,
): Promise<void> {
  const { clock, ledger } = lake.platform;
  const { fault, record, startedAt } = broken;
  const sources = Object.keys(lake.campus.sources);
  const failure = failureOf(fault, { sources });
  const others = broken.failures.filter(({ message }) => message !== failure.message);
  const at = new Date(clock.now()).toISOString();
  const publication = record && (await readPublication(lake.platform, record.run).catch(() => undefined));
  const summary: RunSummary = {
    run: record?.run ?? 'that could not begin',
    campus: lake.campus.name,
    status: 'failed',
    startedAt: new Date(startedAt).toISOString(),
    endedAt: at,
    ...(publication ? { asOf: publication.asOf } : {}),
    loads: [],
    failures: groupFailures([failure, ...others]),
    failed: 1 + others.length,
    checks: { run: 0, warned: 0, failed: 0 },
    stale: publication ? staleTables(publication) : [],
    schemaChanges: [],
    remarks: [],
    published: publication !== undefined,
    tables: Object.keys(publication?.tables ?? {}).length,
  };
  await notifyUnrecorded(lake, composeRun(summary));
  const { message, hint } = failure;
  const run = record ? { run: record.run } : {};
  await ledger.health?.note({ at, ...run, message, hint }).catch((error: unknown) => {
    debugLog('the note about the ledger', error);
  });
}
