import type { Rule } from '../rules/rule.ts';
import type { Signal } from '../signal.ts';
import type { Lineage } from './lineage.ts';

/** What a cause reaches: all of the lake, a source, or one table. */
export interface Scope {
  readonly kind: 'lake' | 'source' | 'table';
  /** Empty for the lake. */
  readonly name: string;
}

/** A cause that may be behind some signals. */
export interface Finding {
  /** The cause and what it reaches: two findings with one key are one. */
  readonly key: string;
  readonly rule: Rule;
  readonly scope: Scope;
  /** When the first of its signals came, ISO 8601 UTC. */
  readonly at: string;
  readonly signals: readonly Signal[];
  /** The tables that its signals name. */
  readonly tables: readonly string[];
  /** Between 0 and 1. */
  readonly confidence: number;
  /** Other causes of what was seen, the likeliest first, with how likely they are. */
  readonly alternatives: readonly Alternative[];
  /** Findings that follow from it: what was late, waited or failed because of it. */
  readonly consequences: readonly Finding[];
}

export type Alternative = { readonly cause: string; readonly confidence: number };

/** What analysers look at. */
export interface Case {
  readonly signals: readonly Signal[];
  readonly lineage: Lineage;
}

/**
 * One step of a diagnosis. Those of one stage do not see each other's findings, and are run at once; those of a later
 * stage get what is left of the earlier ones.
 */
export interface Analyser {
  readonly name: string;
  readonly version: number;
  readonly stage: 1 | 2 | 3;
  run(of: Case, findings: readonly Finding[]): readonly Finding[];
}

export const keyOf = (rule: Pick<Rule, 'id'>, { kind, name }: Scope): string =>
  kind === 'lake' ? rule.id : `${rule.id}|${name}`;
