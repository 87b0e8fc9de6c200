import type { Notice } from '../../notify/compose-notice.ts';
import type { RunSummary } from '../../notify/summary.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import type { Step } from '../../ports/step.ts';
import { readRunRecord } from '../run-record.ts';
import { noticesOf, summarise } from '../summary.ts';

/** Writes the run's row in `ops.runs` and hands its summary and what features tell to the notification. */
export const closeRun: Step<{ run: string }, { summary: RunSummary; notices: Notice[] }, FeatureLake> = {
  name: 'close-run',
  async run({ run }, lake) {
    const { clock, ledger } = lake.platform;
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
    return { summary, notices: await noticesOf(lake, run) };
  },
};
