import type { FeatureLake } from '../ports/feature.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Step } from '../ports/step.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import { type Lineage, readLineage } from './diagnosis/lineage.ts';
import { ownersOfTables } from './diagnosis/owners.ts';
import { type FollowedUp, followUp } from './incidents/follow-up.ts';
import { type Diagnosed, diagnosed } from './incidents/from-finding.ts';
import { type Attempt, type Incident, isOpen } from './incidents/incident.ts';
import { changeIncidents, readIncidents } from './incidents/store.ts';
import { attempt, attemptRow, judged, propose } from './repair/attempt.ts';
import type { Signal } from './signal.ts';
import { collectSignals, inOrder } from './signals/collect.ts';
import { READ_COLUMN_GONE } from './signals/schema-changes.ts';
import { DIAGNOSES, REPAIRS, SIGNALS } from './tables.ts';

type Outcome = { signals: number; opened: number; resolved: number; open: number };

/**
 * At the end of a run: what was reported, why, and since when; then what the lake may do about it alone. Repeated, it
 * changes nothing.
 */
export const diagnoseRun: Step<{ run: string }, Outcome, FeatureLake> = {
  name: 'diagnose-run',
  async run({ run }, lake) {
    const { ledger, clock } = lake.platform;
    const lineage = await readLineage(lake);
    const reported = await collectSignals(lake, run, lineage);
    if (reported.length > 0) await ledger.append(SIGNALS.name, reported.map(signalRow));
    const before = await readIncidents(ledger);
    if (reported.length === 0 && !before.some(isOpen)) return { signals: 0, opened: 0, resolved: 0, open: 0 };
    const now = clock.now();
    const lasting = stillSo(before, reported, lineage);
    const found = await diagnosedIn(lake, inOrder([...lasting, ...reported]), lineage);
    const runStart = Math.min(now, ...reported.map(({ at }) => Date.parse(at)));
    const change = await changeIncidents(ledger, (incidents) => {
      const followed = followUp(incidents, found, run, now);
      const over = new Set(followed.resolved.map(({ id }) => id));
      const seen = new Set(followed.seenAgain.map(({ id }) => id));
      const all = followed.incidents.map((one) =>
        over.has(one.id) || seen.has(one.id) ? judged(one, over.has(one.id), runStart) : one,
      );
      return { incidents: all, result: { ...followed, incidents: all } };
    });
    await keepDiagnoses(lake, run, change, now);
    const shown = new Map(change.incidents.map((one) => [one.id, one]));
    await keepAttempts(
      lake,
      [...change.resolved, ...change.seenAgain].flatMap(({ id }) => shown.get(id) ?? []),
    );
    const active = [...change.opened, ...change.reopened, ...change.seenAgain].flatMap(
      ({ id }) => shown.get(id) ?? [],
    );
    await repairAlone(lake, run, active);
    return {
      signals: reported.length,
      opened: change.opened.length + change.reopened.length,
      resolved: change.resolved.length,
      open: change.incidents.filter(isOpen).length,
    };
  },
};

/**
 * A change of columns is reported once, and stays a cause while something is broken of it; a column that is gone, until it
 * returns or nobody reads it.
 */
function stillSo(
  incidents: readonly Incident[],
  reported: readonly Signal[],
  { readsColumn }: Pick<Lineage, 'readsColumn'>,
): Signal[] {
  const columnOf = ({ id }: Signal) => id.split('/').slice(4).join('/');
  const returned = new Set(
    reported
      .filter(({ kind, code }) => kind === 'schema-drift' && code === 'returned')
      .map((one) => `${one.about}/${columnOf(one)}`),
  );
  const isSo = (one: Signal) =>
    one.code !== READ_COLUMN_GONE ||
    (!returned.has(`${one.about}/${columnOf(one)}`) && readsColumn(one.about, columnOf(one)));
  return incidents
    .filter(isOpen)
    .flatMap(({ evidence }) => evidence.filter((one) => one.kind === 'schema-drift' && isSo(one)));
}

/** What signals are signs of, with owners and reach. */
export async function diagnosedIn(
  lake: FeatureLake,
  signals: readonly Signal[],
  known?: Lineage,
): Promise<Diagnosed[]> {
  const lineage = known ?? (await readLineage(lake));
  const ownerOf = await ownersOfTables(lake);
  const findings = await diagnose({ signals, lineage });
  return findings.map((finding) => diagnosed(finding, ownerOf, lineage.readersOf));
}

async function keepDiagnoses(
  { platform }: FeatureLake,
  run: string,
  change: FollowedUp,
  now: number,
): Promise<void> {
  const seen = [...change.opened, ...change.reopened, ...change.seenAgain];
  if (seen.length === 0) return;
  const at = new Date(now).toISOString();
  await platform.ledger.append(
    DIAGNOSES.name,
    seen.map((incident): OpsRow => {
      const { key, cause, confidence, alternatives, evidence, consequences, rule } = incident;
      return {
        id: `${run}/${key.replaceAll('|', '.')}`,
        run,
        incident: incident.id,
        cause,
        rule_version: rule.version,
        analysers: rule.analysers,
        confidence,
        alternatives: JSON.stringify(alternatives),
        evidence: JSON.stringify(evidence.map(({ id }) => id)),
        consequences: JSON.stringify(consequences),
        at,
      };
    }),
  );
}

async function keepAttempts({ platform }: FeatureLake, incidents: readonly Incident[]): Promise<void> {
  const rows = incidents.flatMap((incident) =>
    incident.tried
      .filter(({ state }) => state === 'verified' || state === 'failed')
      .map((one) => attemptRow(incident, one)),
  );
  if (rows.length > 0) await platform.ledger.append(REPAIRS.name, rows);
}

/** The first repair of each incident that the lake may do alone; what it may not is asked for. */
async function repairAlone(lake: FeatureLake, run: string, incidents: readonly Incident[]): Promise<void> {
  for (const incident of incidents) {
    const tried: Attempt[] = [];
    for (const name of incident.repairs) {
      const proposal = await propose(lake, incident, name);
      if (proposal.tables.length === 0) continue;
      const done = await attempt(lake, incident, proposal, { by: 'the lake', key: run, automatic: true });
      if (done) tried.push(done);
      if (proposal.asks === undefined) break;
    }
    if (tried.length === 0) continue;
    await keepTried(lake, incident, tried);
    for (const { state, text } of tried)
      lake.report.note(
        'health',
        `${incident.title}: ${state === 'proposed' ? `needs a person: ${text}` : text}`,
      );
  }
}

/** Keeps attempts with their incident and in `ops.repairs`. */
export async function keepTried(
  { platform }: Pick<FeatureLake, 'platform'>,
  incident: Incident,
  tried: readonly Attempt[],
): Promise<void> {
  await changeIncidents(platform.ledger, (incidents) => ({
    incidents: incidents.map((one) =>
      one.id === incident.id ? { ...one, tried: [...one.tried, ...tried] } : one,
    ),
    result: undefined,
  }));
  await platform.ledger.append(
    REPAIRS.name,
    tried.map((one) => attemptRow(incident, one)),
  );
}

function signalRow({ observed, expected, ...signal }: Signal): OpsRow {
  return { ...signal, observed: observed ?? null, expected: expected ?? null };
}
