import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ObjectStore } from '../../ports/objects.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../state/document.ts';
import { fieldsOf, instant, word } from '../../state/parts.ts';

/** What can be wrong in a row, as a student says: words of this program, so that no free text is kept about people. */
export const FACTS = ['work', 'scores', 'lateness', 'silence', 'enrolment'] as const;
export type Fact = (typeof FACTS)[number];

export const WAYS = ['call', 'e-mail', 'message', 'meeting'] as const;
export type Way = (typeof WAYS)[number];

/** A student says that facts of a course's row are wrong; until the source is corrected there is no risk of it. */
export interface Correction {
  /** The course's short name. */
  readonly course: string;
  readonly facts: readonly Fact[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Somebody tried to reach a student. */
export interface Contact {
  /** ISO 8601 UTC of the recording, which tells contacts apart. */
  readonly at: string;
  /** ISO date by the clock of the campus. */
  readonly on: string;
  readonly how: Way;
  readonly reached: boolean;
  /** The course that it was about. Absent: no one course. */
  readonly course?: string;
  /** Who it was: the registrar's number of the adviser. Absent: not said. */
  readonly by?: string;
}

/** All that early warning keeps about one student besides its tables. */
export interface StudentRecord {
  /** The registrar's number, as the tables show it. */
  readonly student: string;
  /** ISO 8601 UTC since when the student is not to be scored. Absent: no opt-out. */
  readonly optedOut?: string;
  /** One for each course. */
  readonly corrections: readonly Correction[];
  /** Oldest first; of the last `CONTACT_DAYS`. */
  readonly contacts: readonly Contact[];
}

/** How long a contact is kept, in days: over a year, so that the same term of last year can be compared. */
export const CONTACT_DAYS = 400;

const FOLDER = 'early-warning/students/';

const RECORD: DocumentKind = {
  what: 'record of a student in early warning',
  migrations: [],
  schema: fieldsOf<StudentRecord>({
    student: word,
    optedOut: instant.optional(),
    corrections: z.array(
      fieldsOf<Correction>({ course: word, facts: z.array(z.enum(FACTS)).min(1), at: instant }),
    ),
    contacts: z.array(
      fieldsOf<Contact>({
        at: instant,
        on: z.iso.date(),
        how: z.enum(WAYS),
        reached: z.boolean(),
        course: word.optional(),
        by: word.optional(),
      }),
    ),
  }),
  whenDamaged: 'Restore it from a backup; deleting it drops an opt-out that it may hold.',
};

/** One object a student, so that two advisers who write at the same time do not meet; the name tells no number. */
const keyOf = (student: string): string =>
  `${FOLDER}${createHash('sha256').update(student).digest('hex').slice(0, 32)}.json`;

const emptyRecord = (student: string): StudentRecord => ({ student, corrections: [], contacts: [] });

/** What is kept about a student; empty where nothing is. */
export async function readStudent(objects: ObjectStore, student: string): Promise<StudentRecord> {
  const key = keyOf(student);
  const text = await objects.getText(key);
  return text === undefined ? emptyRecord(student) : parseDocument<StudentRecord>(RECORD, text, key);
}

/** What is kept about every student of whom anything is, by number; contacts that are too old count no more. @param now epoch ms */
export async function readStudents(objects: ObjectStore, now: number): Promise<StudentRecord[]> {
  const records: StudentRecord[] = [];
  const keys = await objects.list(FOLDER);
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const texts = await Promise.all(
      keys.slice(from, from + AT_ONCE).map(async (key) => ({ key, text: await objects.getText(key) })),
    );
    for (const { key, text } of texts)
      if (text !== undefined) records.push(fresh(parseDocument<StudentRecord>(RECORD, text, key), now));
  }
  return records.sort((a, b) => (a.student < b.student ? -1 : 1));
}

const AT_ONCE = 32;

const fresh = (record: StudentRecord, now: number): StudentRecord => {
  const since = now - CONTACT_DAYS * 86_400_000;
  return { ...record, contacts: record.contacts.filter(({ on }) => Date.parse(on) >= since) };
};

/** Keeps what has become of a record, without contacts that are too old; one that then holds nothing is removed. @param now epoch ms */
export async function writeStudent(objects: ObjectStore, record: StudentRecord, now: number): Promise<void> {
  const kept = fresh(record, now);
  const key = keyOf(record.student);
  if (kept.optedOut === undefined && kept.corrections.length === 0 && kept.contacts.length === 0) {
    await objects.delete([key]);
    return;
  }
  await objects.putText(key, `${JSON.stringify(encodeDocument(RECORD, kept), null, 2)}\n`);
}

/** Removes contacts that are too old from every record. @param now epoch ms */
export async function expireContacts(objects: ObjectStore, now: number): Promise<void> {
  for (const { student } of await readStudents(objects, now)) {
    const record = await readStudent(objects, student);
    if (fresh(record, now).contacts.length < record.contacts.length) await writeStudent(objects, record, now);
  }
}

/** Removes everything that is kept about a student. @returns whether there was anything */
export async function forgetStudent(objects: ObjectStore, student: string): Promise<boolean> {
  const key = keyOf(student);
  const was = (await objects.head(key)) !== undefined;
  await objects.delete([key]);
  return was;
}
