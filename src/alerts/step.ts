import { stagedTables } from '../models/build-model.ts';
import { datasetsOf, inputsOf, whyKept } from '../pipeline/model-inputs.ts';
import {
  forgetModelRecord,
  listModelRecords,
  recordsOfRun,
  wordsOf,
  writeModelRecord,
} from '../pipeline/model-record.ts';
import type { FeatureLake } from '../ports/feature.ts';
import type { Step } from '../ports/step.ts';
import type { TableVersion } from '../ports/tables.ts';
import { runChecks } from '../quality/run-checks.ts';
import { checksOfModel } from '../quality/table-check.ts';
import { readsOf } from '../staging/definition.ts';
import { currentHeader, currentTable } from './current-table.ts';
import { evaluateHistory } from './history/evaluate-history.ts';
import { lookBack } from './history/look-back.ts';
import { METRICS, ROSTER } from './metrics.ts';
import { recordStandings } from './record.ts';
import type { Alert } from './rules/alert.ts';
import { loadAlerts, readsMetric } from './rules/load-alerts.ts';
import { CURRENT } from './tables.ts';

const MODEL = CURRENT.slice(CURRENT.indexOf('.') + 1);

/** The tables that the metrics of data read. */
const READS = [
  ...new Set([...METRICS.filter(({ isOfLake }) => !isOfLake).flatMap(({ reads }) => reads), ...ROSTER.reads]),
];

type Out = { alerts: number; firing: number };

/**
 * Evaluates the alerts on data, up to the moment to which the data are known, and builds `campus.alerts`. It names
 * people: where something that it is made of is older than promised, it keeps its last version.
 * @throws CampusFileError for mistakes in alerts.yaml
 */
export const dataAlerts: Step<{ run: string }, Out, FeatureLake> = {
  name: 'alerts',
  async run({ run }, lake) {
    const { ledger, clock, engine } = lake.platform;
    const alerts = (await loadAlerts(lake.campus)).alerts.filter((alert) => !isOfLake(alert));
    const records = await listModelRecords(ledger);
    const before = records.find(({ version }) => version.table === CURRENT);
    if (alerts.length === 0) {
      if (before) await forgetModelRecord(ledger, before.model);
      return { alerts: 0, firing: 0 };
    }
    const ofRun = recordsOfRun(records, run);
    const built = Object.fromEntries(
      ofRun
        .filter(({ version }) => READS.includes(version.table))
        .map(({ version }) => [version.table, version]),
    );
    const missing = READS.filter((table) => !Object.hasOwn(built, table));
    if (missing.length > 0) {
      lake.report.note('alerts', `alerts are not evaluated again: ${missing.join(', ')} could not be built`);
      return { alerts: 0, firing: 0 };
    }
    const inputs = inputsOf(READS, await datasetsOf(lake, run), ofRun, run);
    const why = whyKept(inputs, before !== undefined);
    if (why !== undefined) {
      if (before) await writeModelRecord(ledger, { ...before, kept: { run, why } });
      lake.report.note('alerts', `alerts keep their last version: ${why}`);
      return { alerts: 0, firing: 0 };
    }
    const now = clock.now();
    const to = inputs.asOf === undefined ? now : Date.parse(inputs.asOf);
    const evaluated = await evaluateHistory(lake, built, alerts, { from: lookBack(alerts, to), to });
    const version = await currentTable(engine, alerts, evaluated.states, to, run);
    await check(lake, run, version, before?.version.rows);
    await writeModelRecord(ledger, {
      model: MODEL,
      run,
      version: { ...version, reads: readsOf(Object.values(built)) },
      ...(inputs.asOf === undefined ? {} : { asOf: inputs.asOf }),
      builtAt: new Date(now).toISOString(),
      sources: inputs.sources,
      header: wordsOf(currentHeader()),
    });
    await recordStandings(ledger, alerts, evaluated, { run, to, now });
    tellLimits(lake, evaluated.over);
    return { alerts: alerts.length, firing: firingOf(alerts, evaluated) };
  },
};

/** Evaluates the alerts on the lake itself, such as on steps that failed, when all of a run has been tried. */
export const lakeAlerts: Step<{ run: string }, Out, FeatureLake> = {
  name: 'run-alerts',
  async run({ run }, lake) {
    const { ledger, clock, engine } = lake.platform;
    const alerts = (await loadAlerts(lake.campus)).alerts.filter(isOfLake);
    if (alerts.length === 0) return { alerts: 0, firing: 0 };
    const tables = await engine.opsTables(
      ledger,
      METRICS.filter((metric) => metric.isOfLake).flatMap(({ reads }) => reads),
    );
    const now = clock.now();
    // What has failed in this step will not have succeeded at its end.
    const to = Math.max(...alerts.map(({ axis }) => axis.startOf(axis.after(axis.stepAt(now)))));
    const evaluated = await evaluateHistory(lake, tables, alerts, { from: lookBack(alerts, to), to });
    await recordStandings(ledger, alerts, evaluated, { run, to, now });
    tellLimits(lake, evaluated.over);
    return { alerts: alerts.length, firing: firingOf(alerts, evaluated) };
  },
};

const isOfLake = ({ expr }: Alert): boolean =>
  METRICS.some((metric) => metric.isOfLake && readsMetric(expr, metric.name)) &&
  !METRICS.some((metric) => !metric.isOfLake && readsMetric(expr, metric.name));

async function check(
  lake: FeatureLake,
  run: string,
  version: TableVersion,
  rowsBefore?: number,
): Promise<void> {
  const checks = checksOfModel(
    currentHeader(),
    version.columns.map(({ name }) => name),
  );
  await runChecks(lake, { run, version, checks, others: await stagedTables(lake, []), rowsBefore });
}

function tellLimits({ report }: FeatureLake, over: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [alert, data] of over)
    report.note(
      'alerts',
      `${alert} was evaluated without ${data.size === 1 ? 'a part' : 'parts'} of its data: more groups than it may have`,
    );
}

const firingOf = (
  alerts: readonly Alert[],
  { states }: Awaited<ReturnType<typeof evaluateHistory>>,
): number =>
  alerts.reduce(
    (sum, { name }) => sum + states.of(name).filter(({ state }) => state.phase === 'firing').length,
    0,
  );
