import { currentPublicationId } from '../../pipeline/publication.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Uses } from '../../ports/step.ts';

/** The least by which somebody who watches knows that there is something new. */
export interface RunPulse {
  readonly run?: string;
  readonly status?: string;
  readonly attempt?: number;
  readonly publication?: string;
  /** While a run is under way it changes with each look, since steps end at any time. */
  readonly beat?: number;
}

/** What is under way, at the cost of two small records. */
export async function readPulse({ platform }: Uses<'ledger' | 'clock'>): Promise<RunPulse> {
  const [record, publication] = await Promise.all([
    readRunRecord(platform.ledger),
    currentPublicationId(platform.ledger),
  ]);
  const { run, status, attempt } = record?.value ?? {};
  return {
    run,
    status,
    attempt,
    publication,
    ...(status === 'running' ? { beat: platform.clock.now() } : {}),
  };
}
