import { consequences } from './consequences.ts';
import type { Analyser, Case, Finding } from './finding.ts';
import { byRules, findingOf } from './match-rules.ts';
import { sameTable } from './same-table.ts';

/** The analysers, each with its version: a diagnosis is kept with those that made it. */
export const ANALYSERS: readonly Analyser[] = [
  byRules('failures', ['step-failed', 'source-down', 'disk', 'slot']),
  byRules('checks', ['check-failed', 'rows-differ']),
  byRules('schemas', ['schema-drift']),
  byRules('volumes', ['volume-anomaly']),
  byRules('lateness', ['load-late', 'clock']),
  byRules('promises', ['promise']),
  sameTable,
  consequences,
];

/** Stages one after another; the analysers of one look at the same and do not wait for each other. */
const STAGES = [1, 2, 3] as const;

/**
 * The causes of what was seen, each with what follows from it: one finding is one incident. Signals that are only worth
 * knowing are evidence for others, and no findings by themselves.
 */
export async function diagnose(of: Case, analysers: readonly Analyser[] = ANALYSERS): Promise<Finding[]> {
  let findings: readonly Finding[] = [];
  for (const stage of STAGES) {
    const before = findings;
    const found = await Promise.all(
      analysers.filter((one) => one.stage === stage).map(async (one) => one.run(of, before)),
    );
    findings = merged(found.flat());
  }
  return findings.filter(isIncident).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Several analysers may find one cause: it is one finding, with the signals of all. */
function merged(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) byKey.set(finding.key, [...(byKey.get(finding.key) ?? []), finding]);
  return [...byKey.values()].map(([first, ...others]) => {
    if (others.length === 0) return first!;
    const signals = [first!, ...others].flatMap((one) => one.signals);
    return findingOf(first!.key, first!.rule, first!.scope, signals);
  });
}

/** Something that somebody may have to act on. */
function isIncident({ rule, signals, consequences: following }: Finding): boolean {
  if (signals.some(({ severity }) => severity !== 'info') && rule.severity !== 'info') return true;
  // A column that changed is an incident once something broke of it.
  return following.some(({ signals: others }) => others.some(({ severity }) => severity === 'error'));
}

/** `failures 1, checks 1, …`, as a diagnosis keeps it. */
export const analysersInWords = (): string =>
  ANALYSERS.map(({ name, version }) => `${name} ${version}`).join(', ');
