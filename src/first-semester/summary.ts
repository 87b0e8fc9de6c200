import { count, instant } from '../notify/words.ts';
import { listModelRecords } from '../pipeline/model-record.ts';
import { readPublication } from '../pipeline/publication.ts';
import type { FeatureSummary } from '../ports/feature.ts';
import type { Uses } from '../ports/step.ts';
import { MODEL } from './tables.ts';

/** How many students the list holds, where this run has built it. Its own time is said where the other tables' differs. */
export async function summaryOf(
  { platform }: Uses<'ledger' | 'objects'>,
  run: string,
): Promise<FeatureSummary | undefined> {
  const records = await listModelRecords(platform.ledger);
  const built = records.find((record) => record.model === MODEL && record.run === run);
  if (!built) return undefined;
  const { rows } = built.version;
  const publication = await readPublication(platform, run);
  const known =
    built.asOf === undefined || built.asOf === publication?.asOf ? '' : `, as of ${instant(built.asOf)}`;
  return {
    headline: `${count(rows, 'student')} may need attention`,
    lines: [`${count(rows, 'first-semester student')} may need attention${known}.`],
  };
}
