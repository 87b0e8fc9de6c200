import type { Analysis, Candidate, Evidence } from './analysis.ts';
import type { Facts } from './facts.ts';
import { LAKE, reaches } from './lineage.ts';

/** A cause with what follows from it. */
export interface Cause extends Candidate {
  /** Names of the analysers that have found it. */
  readonly by: readonly string[];
  /** Candidates that it explains, the surest first. */
  readonly explains: readonly Candidate[];
}

/** Nothing is certain. */
const SUREST = 0.99;
/** What the lake has diagnosed and what its rows tell are of one event within so long. */
const SAME_EVENT_MS = 60 * 60_000;

/**
 * The causes among what analysers have found, the likeliest first. One that reaches another's component and came no
 * later explains it; what only shows explains nothing.
 */
export function rank(facts: Facts, analyses: readonly Analysis[]): Cause[] {
  const found = merged(analyses);
  const causesOf = new Map(found.map((one) => [one, found.filter((other) => explains(facts, other, one))]));
  const roots = found.filter((one) => causesOf.get(one)!.length === 0);
  return roots
    .map((root): Cause => {
      const following = found.filter((one) => leadsTo(root, one, causesOf));
      const sure = following.length > 0 ? 1 - (1 - root.confidence) * 0.7 : root.confidence;
      return {
        ...root,
        confidence: Math.min(SUREST, Math.round(sure * 100) / 100),
        explains: following.map(({ by: _, ...one }) => one).sort((a, b) => b.confidence - a.confidence),
      };
    })
    .sort((a, b) => b.confidence - a.confidence || (a.time < b.time ? -1 : 1));
}

interface Merged extends Candidate {
  readonly by: readonly string[];
}

/** Candidates of one reason and component are one, with the evidence of all. */
function merged(analyses: readonly Analysis[]): Merged[] {
  const byKey = new Map<string, Merged>();
  for (const { analyser, candidates } of analyses)
    for (const one of candidates) {
      const key = `${one.reason}|${one.component}`;
      const before = byKey.get(key);
      byKey.set(
        key,
        before
          ? {
              ...before,
              time: [before.time, one.time].sort()[0]!,
              confidence: 1 - (1 - before.confidence) * (1 - one.confidence),
              evidence: unique([...before.evidence, ...one.evidence]),
              by: [...new Set([...before.by, analyser])],
            }
          : { ...one, by: [analyser] },
      );
    }
  return [...byKey.values()];
}

const unique = (evidence: readonly Evidence[]): Evidence[] => [
  ...new Map(evidence.map((one) => [one.id, one])).values(),
];

function explains(facts: Facts, cause: Merged, other: Merged): boolean {
  if (cause === other || cause.isSymptom || !reachesComponent(facts, cause.component, other.component))
    return false;
  if (other.isSymptom) return true;
  const isBoth = (name: string) => cause.by.includes(name) && !other.by.includes(name);
  const within = Math.abs(Date.parse(cause.time) - Date.parse(other.time)) <= SAME_EVENT_MS;
  // What the lake has diagnosed explains the rows of the ledger from which it was diagnosed.
  if (isBoth('incidents')) return within || cause.time <= other.time;
  if (other.by.includes('incidents')) return false;
  if (cause.component === other.component) return firstOf(cause, other) === cause;
  return cause.time <= other.time || wider(cause.component, other.component);
}

/** Of two of one component: the surer one, then the earlier, then by name. */
function firstOf(a: Merged, b: Merged): Merged {
  const depth = (one: Merged) => ORDER.findIndex((name) => one.by.includes(name));
  if (depth(a) !== depth(b)) return depth(a) < depth(b) ? a : b;
  if (a.confidence !== b.confidence) return a.confidence > b.confidence ? a : b;
  return a.time < b.time || (a.time === b.time && a.reason < b.reason) ? a : b;
}

/** What changed comes before what broke of it: columns before failures, failures before sizes and times. */
const ORDER = ['incidents', 'runs', 'schema changes', 'clocks', 'failures', 'work', 'volumes', 'checks'];

const wider = (component: string, other: string): boolean => component === LAKE && other !== LAKE;

function reachesComponent(facts: Facts, cause: string, other: string): boolean {
  if (cause === LAKE || cause === other) return true;
  if (other === LAKE) return false;
  if (facts.tables.has(other)) return reaches(facts, cause, other);
  // Of a source, what concerns one of its tables is narrower.
  return false;
}

function leadsTo(
  root: Merged,
  one: Merged,
  causesOf: ReadonlyMap<Merged, readonly Merged[]>,
  seen: ReadonlySet<Merged> = new Set(),
): boolean {
  if (one === root || seen.has(one)) return false;
  const further = new Set([...seen, one]);
  return causesOf.get(one)!.some((cause) => cause === root || leadsTo(root, cause, causesOf, further));
}
