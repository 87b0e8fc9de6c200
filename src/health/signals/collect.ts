import { debugLog } from '../../debug-log.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import { type OpsTable, runStamp } from '../../ports/ledger.ts';
import type { Lineage } from '../diagnosis/lineage.ts';
import { type Signal, signal } from '../signal.ts';
import { SIGNALS } from '../tables.ts';
import { checkResults } from './check-results.ts';
import { sourceClocks } from './clocks.ts';
import { diskSpace } from './disk-space.ts';
import { failedSteps } from './failed-steps.ts';
import { lateTables } from './late-tables.ts';
import { schemaChanges } from './schema-changes.ts';
import { volumes } from './volumes.ts';

const DAY_MS = 86_400_000;
/** Loads are compared with those of a year ago, a week more or less. */
const YEAR_MS = 380 * DAY_MS;

/** Everything that a run has reported, in the order of time. All of it is read from the ledger, and no text is parsed. */
export async function collectSignals(
  lake: FeatureLake,
  run: string,
  lineage: Pick<Lineage, 'readsColumn'>,
): Promise<Signal[]> {
  const { ledger } = lake.platform;
  const found = await Promise.all([
    failedSteps(ledger, run),
    checkResults(ledger, run),
    schemaChanges(ledger, run, lineage.readsColumn),
    lateTables(lake, run),
    loadsOf(lake, run),
    diskSpace(lake, run),
    featureSignals(lake, run),
  ]);
  return inOrder(found.flat());
}

export const inOrder = (signals: readonly Signal[]): Signal[] =>
  [...signals].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

/**
 * What the loads of a run tell beside those before it. Only the loads of the weeks that matter are read: ids of loads begin
 * with their run's, and so with its month.
 */
async function loadsOf({ platform }: FeatureLake, run: string): Promise<Signal[]> {
  const { ledger, clock } = platform;
  const now = clock.now();
  const months = new Set<string>();
  for (const [from, to] of [
    [now - 70 * DAY_MS, now],
    [now - YEAR_MS, now - YEAR_MS + 30 * DAY_MS],
  ] as const)
    for (let at = from; at <= to + DAY_MS; at += 7 * DAY_MS) months.add(runStamp(at).slice(0, 6));
  months.add(run.slice(0, 6));
  const of = async (table: OpsTable) =>
    (await Promise.all([...months].map((month) => ledger.rows(table, month)))).flat();
  const [rows, reported] = await Promise.all([of('loads'), of(SIGNALS.name)]);
  return [...volumes(rows, run), ...sourceClocks(rows, reported, run)];
}

/** What other features know. One that fails in this costs its own signals only. */
async function featureSignals(lake: FeatureLake, run: string): Promise<Signal[]> {
  const at = new Date(lake.platform.clock.now()).toISOString();
  const found: Signal[] = [];
  for (const feature of lake.features ?? []) {
    try {
      for (const { code, about, tables, severity, message } of (await feature.signals?.(lake, run)) ?? [])
        for (const table of tables.length > 0 ? tables : [''])
          found.push(
            signal({ run, kind: 'promise', about: table, source: '', code, at, severity, message }, about),
          );
    } catch (error) {
      debugLog(`the signals of ${feature.name}`, error);
      lake.report.note(feature.name, 'it could not say how it is');
    }
  }
  return found;
}
