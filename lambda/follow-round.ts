import type { Json } from '../src/json.ts';
import { type FollowEvent, follow } from '../src/pipeline/live/follow.ts';
import { currentPublicationId } from '../src/pipeline/publication.ts';
import { RunLockedError } from '../src/ports/errors.ts';
import type { Lake } from '../src/ports/step.ts';
import { followedSources } from '../src/sis/take-changes.ts';

export interface RoundContext {
  readonly lake: Lake;
  /** Whether another execution still goes on. */
  isAlive(execution: string): Promise<boolean>;
}

type Round = Extract<FollowEvent, { type: 'round' }>;

/** What a round tells CloudWatch. */
export const FOLLOW_METRICS = {
  /** 1 for each round that came to its end, or found a run under way. */
  rounds: 'FollowRounds',
  /** How far the lake is behind the SIS that is followed least far, in seconds. */
  behind: 'FollowedBehind',
} as const;

/**
 * One round of following the changes of every SIS, as `lake follow --once` does it on one machine. A run that is under
 * way, or was interrupted, is not disturbed: the next round comes by itself.
 * @returns what became of it, and its values for CloudWatch
 * @throws what keeps the round from being done
 */
export async function followRound({ lake: whole, isAlive }: RoundContext): Promise<{ [key: string]: Json }> {
  // What stays in a process, such as the receiver of live events, is of one machine: a function is gone after its round.
  const lake: Lake = { ...whole, features: whole.features?.map(({ resident: _stays, ...one }) => one) };
  const sources = followedSources(lake);
  const rounds = { name: FOLLOW_METRICS.rounds, value: 1, dimensions: {} };
  if (sources.length === 0 || (await currentPublicationId(lake.platform.ledger)) === undefined)
    return { round: 'nothing to follow yet', metrics: [rounds] };
  let round: Round | undefined;
  const on = (event: FollowEvent) => {
    if (event.type === 'round') round = event;
    if (event.type === 'note') lake.report.note(event.about, event.text);
  };
  try {
    const isOutdated = async () => false;
    await follow(lake, { sources, intervalMs: 0, once: true, on, isAlive, isOutdated });
  } catch (error) {
    if (error instanceof RunLockedError) return { round: 'held', why: error.message, metrics: [rounds] };
    throw error;
  }
  lake.signal.throwIfAborted();
  const { tables = [], failed = [], models = [], asOf = {}, publishedAt } = round ?? {};
  for (const { about, message } of failed) lake.report.note(about, message);
  const oldest = Object.values(asOf).toSorted()[0];
  const behind = oldest === undefined ? undefined : (lake.platform.clock.now() - Date.parse(oldest)) / 1000;
  return {
    round: 'done',
    changes: tables.reduce((sum, table) => sum + table.changes, 0),
    tables: tables.map(({ dataset }) => dataset),
    models: [...models],
    failed: failed.map(({ about }) => about),
    publishedAt: publishedAt ?? null,
    metrics: [
      rounds,
      ...(behind === undefined ? [] : [{ name: FOLLOW_METRICS.behind, value: behind, dimensions: {} }]),
    ],
  };
}
