import type { ColumnToReview } from '../../src/app/privacy/review-columns.ts';
import { PRIVACY_CLASSES, type PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { Decision } from '../../src/campus/discover/decide.ts';

const isClass = (text: string): text is PrivacyClass => (PRIVACY_CLASSES as readonly string[]).includes(text);

export const HELP = `  a  accept: the column has the class that is proposed
  <class>  change: ${PRIVACY_CLASSES.join(', ')}
  r  refuse: leave the column behind, whatever its class
  t  accept, and so every column of this table that follows
  s  skip: decide later            q  stop here; what was decided is written
`;

/**
 * Asks about each column in turn. Nothing is written here.
 * @param ask a line of the person's answer; undefined once there is no more input
 * @param show prints what the person reads
 */
export async function askEach(
  columns: readonly ColumnToReview[],
  ask: (question: string) => Promise<string | undefined>,
  show: (text: string) => void,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let whole: string | undefined;
  show(HELP);
  for (const column of columns) {
    const { dataset, column: name } = column;
    if (whole === dataset) {
      decisions.push(acceptanceOf(column));
      continue;
    }
    show(`${lineOf(column)}\n`);
    const answer = await answerOf(ask, show);
    if (answer === undefined || answer === 'q') break;
    if (answer === 's') continue;
    if (answer === 't') whole = dataset;
    if (answer === 'a' || answer === 't') decisions.push(acceptanceOf(column));
    else if (answer === 'r') decisions.push({ dataset, column: name, decision: 'refuse' });
    else if (isClass(answer)) {
      const reason =
        answer === 'none' ? (await ask('  why does it say nothing about a person? '))?.trim() : undefined;
      decisions.push({
        dataset,
        column: name,
        decision: 'change',
        privacy: answer,
        reason: reason || undefined,
      });
    }
  }
  return decisions;
}

/** Values can have raised what the catalog says: then accepting changes the class. */
export const acceptanceOf = ({ dataset, column, privacy }: ColumnToReview): Decision => ({
  dataset,
  column,
  decision: 'change',
  privacy,
});

async function answerOf(
  ask: (question: string) => Promise<string | undefined>,
  show: (text: string) => void,
): Promise<string | undefined> {
  for (;;) {
    const answer = (await ask('  a, r, t, s, q or a class? '))?.trim().toLowerCase();
    if (answer === undefined || /^[arstq]$/.test(answer) || isClass(answer)) return answer;
    show(HELP);
  }
}

/** `sis.people.nick varchar: direct, kept (a person's name; 412 values, 400 distinct, e-mail 398)` */
export function lineOf({
  dataset,
  column,
  type,
  key,
  privacy,
  treatment,
  why,
  counts,
}: ColumnToReview): string {
  const becomes = { keep: 'kept', pseudonym: 'a pseudonym', exclude: 'left behind', mask: 'masked' }[
    treatment
  ];
  const hits = Object.entries(counts?.hits ?? {}).map(([test, n]) => `${test} ${n}`);
  const evidence = [
    why,
    ...(counts ? [[`${counts.values} values`, `${counts.distinct} distinct`, ...hits].join(', ')] : []),
  ].filter((part) => part !== '');
  return `${dataset}.${column} ${type}${key ? ', in the key' : ''}: ${privacy}, ${becomes}${evidence.length > 0 ? ` (${evidence.join('; ')})` : ''}`;
}
