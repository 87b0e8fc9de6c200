import type { Facts } from './facts.ts';

/** What a question is about, as far as its words told. */
export interface About {
  /** Empty: the lake as a whole. */
  readonly tables: readonly string[];
  readonly sources: readonly string[];
  readonly incident?: string;
  /** The runs that are looked at; those before them are what they are compared with. */
  readonly runs: readonly string[];
}

/** One row of the ledger that supports what is said. */
export interface Evidence {
  /** `ops.loads/20261130T023000Z-4f1c:canvas.users`: a table and the id of a row of it. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** What the row says. */
  readonly text: string;
}

/** A possible cause of what was asked about. */
export interface Candidate {
  /** Stable, kebab-case: the id of a rule, the code of a failure, or that of an analyser. */
  readonly reason: string;
  /** A table, a source, a job, or `lake`. */
  readonly component: string;
  /** When it began, ISO 8601 UTC. */
  readonly time: string;
  /** Between 0 and 1. */
  readonly confidence: number;
  /** One sentence. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** It only says how the cause shows: a cause itself where nothing else is found. Default: no. */
  readonly isSymptom?: boolean;
}

/** What one analyser has found, in the manner of a check: whether there was something to look at, and whether it matters. */
export interface Analysis {
  readonly analyser: string;
  /** Whether there were rows to look at. */
  readonly found: boolean;
  /** Whether something was not as it should be. */
  readonly interesting: boolean;
  readonly evidence: readonly Evidence[];
  /** One sentence. */
  readonly details: string;
  readonly candidates: readonly Candidate[];
}

/** Looks at one kind of rows. Pure: of the same facts it says the same. */
export interface Analyser {
  readonly name: string;
  run(facts: Facts, about: About): Analysis;
}

export const evidenceOf = (table: string, id: string, at: string, text: string): Evidence => ({
  id: `ops.${table}/${id}`,
  at,
  text,
});

/** What an analyser says from its candidates. */
export function analysis(
  analyser: string,
  found: boolean,
  candidates: readonly Candidate[],
  otherwise: string,
): Analysis {
  const evidence = [
    ...new Map(candidates.flatMap((one) => one.evidence).map((one) => [one.id, one])).values(),
  ];
  return {
    analyser,
    found,
    interesting: candidates.length > 0,
    evidence,
    details: candidates.map(({ text }) => text).join(' ') || otherwise,
    candidates,
  };
}

/** Of several values that of the middle; of an even number, the lower one. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
