import type { Incident } from '../../health/incidents/incident.ts';
import { allIncidents } from '../../health/incidents/store.ts';
import type { Signal } from '../../health/signal.ts';
import { diagnosedIn } from '../../health/step.ts';
import { SIGNALS } from '../../health/tables.ts';
import type { FeatureLake } from '../../ports/feature.ts';
import type { OpsRow } from '../../ports/ledger.ts';

/** What today's rules make of the signals by which an incident was seen. */
export interface Replayed {
  readonly incident: string;
  /** By the rules of then. */
  readonly before: Diagnosis;
  /** By those of today. Absent: they see no incident. */
  readonly now?: Diagnosis;
  readonly isSame: boolean;
}

export interface Diagnosis {
  readonly cause: string;
  readonly confidence: number;
  readonly ruleVersion: number;
  readonly tables: readonly string[];
}

/**
 * Diagnoses past incidents once more, from the signals that were kept of their runs, with the rules and the lineage of
 * today. Changes nothing.
 * @param ids only these. Default: all
 */
export async function replayIncidents(lake: FeatureLake, ids?: readonly string[]): Promise<Replayed[]> {
  const { ledger } = lake.platform;
  const incidents = (await allIncidents(ledger)).filter(({ id }) => ids === undefined || ids.includes(id));
  const found: Replayed[] = [];
  for (const incident of incidents) found.push(await replayed(lake, incident));
  return found;
}

async function replayed(lake: FeatureLake, incident: Incident): Promise<Replayed> {
  const { id, key, cause, confidence, rule, tables, lastSeenIn } = incident;
  const signals = (await lake.platform.ledger.rows(SIGNALS.name, `${lastSeenIn}/`)).map(signalOf);
  const findings = await diagnosedIn(lake, signals.length > 0 ? signals : incident.evidence);
  const seen = new Set(incident.evidence.map((one) => one.id));
  // The cause may have another name today: then it is the one that the same evidence leads to.
  const today =
    findings.find((one) => one.key === key) ??
    findings.find(({ evidence }) => evidence.some((one) => seen.has(one.id)));
  return {
    incident: id,
    before: { cause, confidence, ruleVersion: rule.version, tables },
    ...(today
      ? {
          now: {
            cause: today.cause,
            confidence: today.confidence,
            ruleVersion: today.rule.version,
            tables: today.tables,
          },
        }
      : {}),
    isSame: today?.cause === cause,
  };
}

function signalOf({ observed, expected, ...row }: OpsRow): Signal {
  return {
    ...(row as unknown as Signal),
    ...(typeof observed === 'number' ? { observed } : {}),
    ...(typeof expected === 'number' ? { expected } : {}),
  };
}
