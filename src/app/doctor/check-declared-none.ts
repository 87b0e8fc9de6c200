import { type DoubtfulNone, doubtfulNones } from '../../privacy/declared-none.ts';
import { count, type DoctorContext, type Finding, ok, some, warn } from './finding.ts';

const ABOUT = 'privacy';

/** Columns that the catalog declares to say nothing about a person, and whose names say otherwise. */
export async function checkDeclaredNone({ campus, catalog }: DoctorContext): Promise<Finding[]> {
  const doubtful = doubtfulNones(campus, catalog);
  if (doubtful.length === 0)
    return [ok(ABOUT, 'no column of class none is called as if it said something about a person')];
  const byClass = new Map<string, DoubtfulNone[]>();
  for (const column of doubtful) {
    const key = `${column.privacy}: ${column.why}`;
    byClass.set(key, [...(byClass.get(key) ?? []), column]);
  }
  return [...byClass].map(([said, columns]) => {
    const names = columns.map(({ dataset, column }) => `${dataset}.${column}`);
    return warn(
      ABOUT,
      `${count(columns.length, 'column')} declared none, by the name ${said}: ${some(names, 10)}`,
      'give the column its class, or say in the catalog why it is none: privacyReason: "…"',
    );
  });
}
