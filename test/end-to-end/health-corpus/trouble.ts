import type pg from 'pg';
import type { RunEvent } from '../../../src/ports/events.ts';
import type { SmallCampus } from '../small-campus.ts';
import type { Network } from './network.ts';

export const HOUR = 3_600_000;

/** What can be done to a campus and taken back. */
export interface Bench {
  readonly campus: SmallCampus;
  /** The registrar's connection, which may write and minds no foreign key. */
  readonly sis: pg.Client;
  /** Between the lake and the database of the registrar. */
  readonly network: Network;
  /** The folder of the lake that the case works on, as campus.yaml has it. */
  readonly lake: string;
  /** The time at which the night begins, epoch ms. */
  readonly now: number;
}

/** What is really behind a night. */
export interface Cause {
  /** Ids of the rules that tell the truth: one, or two where nobody can tell them apart from outside. */
  readonly anyOf: readonly string[];
  /** What it reaches. Default: it does not matter. */
  readonly scope?: string;
}

/** One way in which a night goes wrong. */
export interface Trouble {
  readonly name: string;
  /** Each of them is one incident, however many tables are late. None: nothing is wrong. */
  readonly truth: readonly Cause[];
  /** Days since the night in which all was well. Default: 1. */
  readonly days?: number;
  /** By how many ms clocks are wrong in this night. Default: by none. */
  readonly clocks?: (seed: number) => { readonly lake?: number; readonly sis?: number };
  /** It is there in the next night too. Default: it is taken back. */
  readonly lasts?: true;
  /** It needs a disk of its own, which only root can mount. */
  readonly mounts?: true;
  /** @returns what takes it back, and what happens while the run goes */
  strike?(bench: Bench, seed: number): Promise<Struck | (() => Promise<unknown>)>;
}

export interface Struck {
  back(): Promise<unknown>;
  on?(event: RunEvent): void;
}

/** Another one for each seed, in turn. */
export const pick = <T>(of: readonly T[], seed: number): T => of[(seed - 1) % of.length]!;

export const cause = (anyOf: string | readonly string[], scope?: string): readonly Cause[] => [
  { anyOf: typeof anyOf === 'string' ? [anyOf] : anyOf, ...(scope === undefined ? {} : { scope }) },
];
