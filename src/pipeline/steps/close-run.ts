import { debugLog } from '../../debug-log.ts';
import { LakeError } from '../../errors.ts';
import { nameOfUnexpected } from '../../failure.ts';
import type { Notice } from '../../notify/compose-notice.ts';
import type { RunSummary } from '../../notify/summary.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import type { Step, Uses } from '../../ports/step.ts';
import { readAccessHistory } from '../read-access-history.ts';
import { readRunRecord } from '../run-record.ts';
import { digestsOf, noticesOf, summarise } from '../summary.ts';

type Needs = FeatureLake & Uses<'access' | 'accessHistory'>;

/** Reads what services have kept of who asked them. Where that fails, the next run does it: nothing of it is lost. */
async function noteAccesses(lake: Needs): Promise<void> {
  try {
    await readAccessHistory(lake);
  } catch (error) {
    debugLog('the history of accesses', error);
    lake.report.note(
      'access-history',
      `who asked Athena could not be read (${inWords(error)}); the next run tries again`,
    );
  }
}

const inWords = (error: unknown): string =>
  error instanceof LakeError ? error.message : nameOfUnexpected(error);

/** Writes the run's row in `ops.runs` and hands its summary and what features tell to the notification. */
export const closeRun: Step<{ run: string }, { summary: RunSummary; notices: Notice[] }, Needs> = {
  name: 'close-run',
  async run({ run }, lake) {
    const { clock, ledger } = lake.platform;
    await noteAccesses(lake);
    const record = (await readRunRecord(ledger))?.value;
    const startedAt = record?.run === run ? record.startedAt : new Date(clock.now()).toISOString();
    const summary = await summarise(lake, run, startedAt);
    const { status, endedAt, published, tables } = summary;
    await ledger.append('runs', [
      {
        id: run,
        run,
        status,
        started_at: startedAt,
        ended_at: endedAt,
        attempts: record?.attempt ?? 1,
        as_of: summary.asOf ?? null,
        loads: summary.loads.length,
        rows: summary.loads.reduce((sum, load) => sum + load.rows, 0),
        failures: summary.failed,
        published,
        tables,
      },
    ]);
    return { summary, notices: [...(await noticesOf(lake, run)), ...(await digestsOf(lake))] };
  },
};
