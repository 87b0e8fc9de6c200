import { printable } from '../../printable.ts';
import type { StudentRecord } from '../students/records.ts';
import { contactInWords } from '../students/tables.ts';

/** A list as a program reads it, and as a person does. */
export interface ShownStudents {
  readonly json: readonly { readonly student: string }[];
  readonly text: string;
}

const shown = (json: ShownStudents['json'], lines: readonly string[], nothing: string): ShownStudents => ({
  json,
  text: lines.length === 0 ? nothing : lines.map(printable).join('\n'),
});

/** Who opted out, by number. */
export function optOutsInWords(records: readonly StudentRecord[]): ShownStudents {
  const all = records.flatMap(({ student, optedOut }) =>
    optedOut === undefined ? [] : [{ student, since: optedOut }],
  );
  const lines = all.map(({ student, since }) => `${student}  since ${since.slice(0, 10)}`);
  return shown(all, lines, 'Nobody has opted out.');
}

/** What waits to be corrected at its source, the oldest first. */
export function correctionsInWords(records: readonly StudentRecord[]): ShownStudents {
  const all = records
    .flatMap(({ student, corrections }) => corrections.map((one) => ({ student, ...one })))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const lines = all.map(
    ({ student, course, facts, at }) =>
      `${student}  ${course}  ${facts.join(', ')}, since ${at.slice(0, 10)}`,
  );
  return shown(all, lines, 'No correction waits.');
}

/** Who was contacted, the newest first. */
export function contactsInWords(records: readonly StudentRecord[]): ShownStudents {
  const all = records
    .flatMap(({ student, contacts }) => contacts.map((one) => ({ student, ...one })))
    .sort((a, b) => (`${a.on} ${a.at}` < `${b.on} ${b.at}` ? 1 : -1));
  const lines = all.map(({ student, on, course, by, ...one }) =>
    [`${on}  ${student}`, contactInWords(one), course ?? '', by === undefined ? '' : `by ${by}`]
      .filter((part) => part !== '')
      .join('  '),
  );
  return shown(all, lines, 'No contact is recorded.');
}
