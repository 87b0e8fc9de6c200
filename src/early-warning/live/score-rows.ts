import { createHash } from 'node:crypto';
import { Batches } from '../../inference/batches.ts';
import { AsyncOperator } from '../../inference/operator.ts';
import type { Outcome } from '../../inference/outcome.ts';
import type { FeatureRow, ScoringModel } from '../../inference/scoring-model.ts';
import type { Clock } from '../../ports/platform.ts';
import { MODEL_COLUMNS } from './own-model.ts';

/** A student in a course, as the features say by now. */
export interface LiveRow {
  readonly user: string;
  readonly course: string;
  readonly term: string;
  readonly evidence: string;
  /** The values of `MODEL_COLUMNS`. */
  readonly features: FeatureRow;
  /** By the lake's own model; null where it gives none. */
  readonly ownRisk: number | null;
}

/** What is kept of a scored row. */
export interface ScoredRow {
  readonly digest: string;
  readonly model: string;
  readonly risk: number | null;
  readonly outcome: 'score' | 'fallback' | 'dead letter' | 'no score';
  readonly reason: string | null;
  /** ISO 8601 UTC. */
  readonly asOf: string;
  readonly scoredAt: string;
}

export const keyOfRow = ({ user, course, term }: Pick<LiveRow, 'user' | 'course' | 'term'>): string =>
  `${user}/${course}/${term}`;

/** The same facts have the same digest, whoever they are of. */
export const digestOfRow = ({ evidence, features }: Pick<LiveRow, 'evidence' | 'features'>): string =>
  createHash('sha256')
    .update(JSON.stringify([evidence, ...features]))
    .digest('hex')
    .slice(0, 16);

export interface RowScoring {
  readonly clock: Clock;
  readonly model: ScoringModel;
  /** The lake's own model, which gives the fallback. */
  readonly own: string;
  /** What was kept of the rows before, by `keyOfRow`. */
  readonly before: ReadonlyMap<string, ScoredRow>;
  /** How far everything that the rows were made of is known, ISO 8601 UTC. */
  readonly asOf: string;
  readonly signal: AbortSignal;
}

/** Over all attempts of a row; a round waits for it at most once, since rows are asked at the same time. */
const TIMEOUT_MS = 20_000;
const CAPACITY = 1_000;
const BATCH_ROWS = 100;
const BATCH_WAIT_MS = 5;

/**
 * Scores the rows whose facts have changed, or that another model scored; the others keep their score, with its own
 * moment. Each row ends once: with the model's score, with that of the lake's own as a fallback, or as a dead letter.
 */
export async function scoreRows(
  rows: readonly LiveRow[],
  { clock, model, own, before, asOf, signal }: RowScoring,
): Promise<{ readonly scored: ReadonlyMap<string, ScoredRow>; readonly isSame: boolean }> {
  const scored = new Map<string, ScoredRow>();
  const batches = new Batches(model, MODEL_COLUMNS, { clock, mostRows: BATCH_ROWS, waitMs: BATCH_WAIT_MS });
  const scoredAt = new Date(clock.now()).toISOString();
  const operator = new AsyncOperator<LiveRow, number>({
    clock,
    capacity: CAPACITY,
    timeoutMs: TIMEOUT_MS,
    order: 'unordered',
    attempts: 3,
    pauseMs: 500,
    call: ({ features }) => batches.score(features),
    fallback: ({ ownRisk }) => ownRisk ?? undefined,
    emit: (outcome) => {
      scored.set(
        outcome.of.id,
        scoredRow(outcome, { model: outcome.kind === 'fallback' ? own : model.id, asOf, scoredAt }),
      );
    },
  });
  const onAbort = () => operator.stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let kept = 0;
  try {
    for (const row of rows) {
      const id = keyOfRow(row);
      const digest = digestOfRow(row);
      const known = before.get(id);
      // What ended without its score is tried again; a change of the hold or the correction is a change of the digest.
      const isSame = known?.digest === digest && known.model === model.id;
      if (isSame && (known.outcome === 'score' || known.outcome === 'no score')) {
        scored.set(id, known);
        kept += 1;
      } else if (row.evidence !== 'scored')
        scored.set(id, {
          digest,
          model: model.id,
          risk: null,
          outcome: 'no score',
          reason: null,
          asOf,
          scoredAt,
        });
      else {
        await operator.admit({ id, key: id, record: row });
      }
    }
    await operator.end();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  return { scored, isSame: kept === rows.length && kept === before.size };
}

function scoredRow(
  { kind, of, ...rest }: Outcome<LiveRow, number>,
  known: Pick<ScoredRow, 'model' | 'asOf' | 'scoredAt'>,
): ScoredRow {
  return {
    ...known,
    digest: digestOfRow(of.record),
    risk: 'score' in rest ? rest.score : null,
    outcome: kind,
    reason: 'reason' in rest ? rest.reason : null,
  };
}
