import type { Alternative } from '../diagnosis/finding.ts';
import type { RepairName } from '../rules/rule.ts';
import type { Signal } from '../signal.ts';

/**
 * `new`: nobody has looked at it. `acknowledged`: somebody has. `reopened`: it was resolved and came back within a week.
 * `resolved`: a run has shown that it is over, or a person has said so.
 */
export type IncidentState = 'new' | 'acknowledged' | 'reopened' | 'resolved';

/** One cause and what follows from it, from when it was first seen. Plain JSON; instants are ISO 8601 UTC. */
export type Incident = {
  /** The run in which it was opened, and its key: `20261130T023000Z-4f1c/lms-unreachable.canvas`. */
  readonly id: string;
  /** The cause and what it reaches. Two incidents of one key are never open at once. */
  readonly key: string;
  /** Id of the rule. */
  readonly cause: string;
  readonly title: string;
  readonly scope: { readonly kind: 'lake' | 'source' | 'table'; readonly name: string };
  readonly state: IncidentState;
  readonly severity: 'warning' | 'error';
  readonly confidence: number;
  readonly alternatives: readonly Alternative[];
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly lastSeenIn: string;
  /** In how many runs it was seen. */
  readonly runs: number;
  readonly reopened: number;
  readonly acknowledged?: Deed;
  /** Until then nobody is told of it again. Absent: nobody has asked for that. */
  readonly snoozed?: Deed & { readonly until: string };
  readonly resolved?: Deed & { readonly how: string };
  /** The tables in which the cause was seen, and those that are late, wait or failed because of it. */
  readonly tables: readonly string[];
  readonly affected: readonly string[];
  /** Owners of these tables, as the catalog and the models name them. */
  readonly owners: readonly string[];
  /** Who can do something about it: an owner, `operator of the lake`, or `operator of canvas`. */
  readonly assignee: string;
  /** What it was seen by, in the order of time: the first of them all. */
  readonly evidence: readonly Signal[];
  /** What follows from it: causes that were found and explained by this one. */
  readonly consequences: readonly { readonly cause: string; readonly tables: readonly string[] }[];
  /** The row of the runbook: why, and what a person does. Markdown. */
  readonly why: string;
  readonly manualSteps: string;
  /** What the failure itself says to do next. Absent: nothing. */
  readonly hint?: string;
  /** What the lake can do about it. */
  readonly repairs: readonly RepairName[];
  /** What was tried, the newest last. */
  readonly tried: readonly Attempt[];
  /** The versions of the rule and the analysers by which it was diagnosed. */
  readonly rule: { readonly version: number; readonly analysers: string };
};

export type Deed = { readonly at: string; readonly by: string };

/**
 * One attempt at a repair. `proposed`: the lake may not do it alone, and asks. `waiting`: it is due at `notBefore`.
 * `applied`: it was done, and the next run shows whether it helped. `verified`, `failed`: that run came.
 */
export type Attempt = Deed & {
  /** Also its idempotency key: of one id there is one attempt. */
  readonly id: string;
  readonly repair: RepairName;
  readonly state: 'proposed' | 'waiting' | 'applied' | 'verified' | 'failed';
  readonly automatic: boolean;
  readonly tables: readonly string[];
  /** What was done, or why the lake asks. */
  readonly text: string;
  readonly notBefore?: string;
};

export const isOpen = ({ state }: Pick<Incident, 'state'>): boolean => state !== 'resolved';

/** @param now epoch ms */
export const isSnoozed = ({ snoozed }: Pick<Incident, 'snoozed'>, now: number): boolean =>
  snoozed !== undefined && now < Date.parse(snoozed.until);
