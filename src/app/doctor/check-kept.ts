import { join } from 'node:path';
import { type KeptColumn, keptColumns } from '../../campus/kept-columns.ts';
import { count, type DoctorContext, type Finding, ok, some, warn } from './finding.ts';

const ABOUT = 'privacy';

/**
 * What is loaded of the classes that are excluded unless somebody decides otherwise, and by whose line: what one
 * steward has switched on another can see.
 */
export async function checkKept({ campus }: DoctorContext): Promise<Finding[]> {
  const kept = await keptColumns(campus, join(campus.root, 'campus.yaml'));
  if (kept.length === 0)
    return [ok(ABOUT, 'nothing of the classes secret, special, aid, text and log is kept')];
  const byDecision = new Map<string, KeptColumn[]>();
  for (const column of kept) {
    const key = `${column.decidedAt} ${column.privacy} ${column.treatment} ${column.mask}`;
    byDecision.set(key, [...(byDecision.get(key) ?? []), column]);
  }
  return [...byDecision.values()].map((columns) => {
    const { decidedAt, privacy, treatment, mask } = columns[0]!;
    const names = columns.map(({ dataset, column }) => `${dataset}.${column}`);
    const how = { keep: 'kept as they are', pseudonym: 'kept as pseudonyms', mask: `masked (${mask})` }[
      treatment
    ];
    return warn(
      ABOUT,
      `${decidedAt}: ${count(columns.length, 'column')} of class ${privacy} ${how}: ${some(names, 10)}`,
      'leave them behind (treatment: exclude) unless the data steward has agreed to that line',
    );
  });
}
