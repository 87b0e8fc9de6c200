import type { Analysis, Evidence } from './analysis.ts';
import type { Intent } from './question/understand.ts';
import type { Cause } from './rank.ts';

/**
 * `cause`: causes were found. `no-incident`: nothing is wrong with what was asked about. `unknown`: the assistant does
 * not know, and says why. `status`, `metadata`: what was asked is no cause. `refused`: the question names a person whom
 * the role may not see. `elsewhere`: another command answers it.
 */
export type AnswerKind =
  | 'cause'
  | 'no-incident'
  | 'unknown'
  | 'status'
  | 'metadata'
  | 'refused'
  | 'elsewhere';

/** What to do next. */
export interface NextStep {
  readonly text: string;
  /** A page of the documentation: `docs/runbook.md`. */
  readonly link?: string;
  /** A command that shows more or does it. */
  readonly command?: string;
}

/** A table or a column that answers a question of what there is. */
export interface FoundName {
  readonly table: string;
  /** Absent: the table itself. */
  readonly column?: string;
  readonly type?: string;
  readonly description?: string;
  readonly owner?: string;
  /** `docs/dictionary.md#campusgrades` */
  readonly link: string;
  /** Which words of the question it has, and where. */
  readonly why?: string;
}

/** How a table is now, as `lake health` has it. */
export interface TableNow {
  readonly table: string;
  readonly status: string;
  readonly reason?: string;
  readonly since?: string;
  readonly asOf?: string;
  readonly nextExpected?: string;
  readonly owner?: string;
}

/** An answer. Plain JSON; instants are ISO 8601 UTC. */
export interface Answer {
  readonly kind: AnswerKind;
  readonly intent: Intent;
  /** Names that the question was taken to be about: tables, sources, an incident, a run. */
  readonly about: readonly string[];
  readonly window?: { readonly from: string; readonly to: string; readonly words: string };
  /** The answer in one or two sentences. */
  readonly headline: string;
  /** The likeliest first. */
  readonly causes: readonly Cause[];
  readonly analyses: readonly Omit<Analysis, 'candidates'>[];
  /** Every row that is cited, once. */
  readonly evidence: readonly Evidence[];
  readonly next: readonly NextStep[];
  readonly found: readonly FoundName[];
  readonly tables: readonly TableNow[];
  /** What to know about the answer: how a name was read, what the role may not read. */
  readonly remarks: readonly string[];
  readonly by: AnsweredBy;
}

/** Who has written the answer: the rules, or a model whose every claim was checked. */
export type AnsweredBy =
  | { readonly kind: 'rules'; readonly fellBack?: { readonly code: string; readonly text: string } }
  | {
      readonly kind: 'model';
      readonly model: string;
      readonly claims: readonly { readonly text: string; readonly evidence: readonly string[] }[];
    };

/** An answer with nothing in it yet. */
export const emptyAnswer = (
  kind: AnswerKind,
  headline: string,
  of: { readonly intent: Intent; readonly about?: readonly string[] },
): Answer => ({
  kind,
  intent: of.intent,
  about: of.about ?? [],
  headline,
  causes: [],
  analyses: [],
  evidence: [],
  next: [],
  found: [],
  tables: [],
  remarks: [],
  by: { kind: 'rules' },
});
