import type { SignalKind } from '../signal.ts';

/** What can be done about a cause; see `src/health/repair/`. */
export type RepairName =
  | 'run-again'
  | 'sign-again'
  | 'new-snapshot'
  | 'keep-rows-aside'
  | 'restore-last-good'
  | 'repair-damage';

/** A cause and how it is recognised. Its words are a row of docs/runbook.md, which is written from the rules. */
export interface Rule {
  /** The code of the cause: stable, kebab-case. */
  readonly id: string;
  /** Goes up with every change of what it recognises. */
  readonly version: number;
  /** A few words, for a list. */
  readonly title: string;
  /** The signals by which it is recognised. Absent: it is a row of the runbook alone. */
  readonly when?: {
    readonly kinds: readonly SignalKind[];
    /** Default: any code. */
    readonly codes?: readonly string[];
    /** Default: whichever step reported it. */
    readonly steps?: readonly string[];
  };
  /** How far the cause reaches where it is found. */
  readonly scope: 'table' | 'source' | 'lake';
  /** Who can do something about it: the owner of the table, who operates the lake, or who runs the source. */
  readonly assignee: 'owner' | 'operator' | 'source';
  /** Default: error. */
  readonly severity?: 'info' | 'warning';
  /** How sure one signal makes it, between 0 and 1. */
  readonly confidence: number;
  /** Ids of causes that look the same. Default: none. */
  readonly alternatives?: readonly string[];
  /**
   * Ids of causes that it brings about in what it reaches and what reads that, a `*` at the end for all that begin so.
   * Default: `SYMPTOMS`.
   */
  readonly explains?: readonly string[];
  /** What can be done about it, the first first. Default: nothing that the lake knows. */
  readonly repairs?: readonly RepairName[];
  readonly runbook: {
    /** What a person reads. Markdown, as are the others. */
    readonly message: string;
    readonly cause: string;
    readonly action: string;
  };
}

/** What every cause brings about. They are a cause themselves only where there is no other. */
export const SYMPTOMS: readonly string[] = ['data-late', 'model-waits', 'promise-at-risk'];
