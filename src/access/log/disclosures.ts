import { InputError } from '../../errors.ts';
import type { OpsRow } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';
import { appendChained, chainedRows } from './chain.ts';
import { commitment, logKey } from './people.ts';
import { newAccess } from './record-access.ts';

/**
 * What has to be kept of records that go to others (34 CFR 99.32): each request, each disclosure, what a party that
 * received them has passed on, and what was disclosed in an emergency.
 */
export const DISCLOSURE_KINDS = ['disclosure', 'request', 'onward', 'emergency'] as const;

/** A disclosure to a party outside of the college, or a request for one. */
export interface Disclosure {
  readonly kind: (typeof DISCLOSURE_KINDS)[number];
  /** Who asked for the records or received them. */
  readonly party: string;
  /** The legitimate interest of the party; in an emergency, the threat. */
  readonly interest: string;
  /** By which exception consent was not needed, such as `99.31(a)(6)`; or `consent`. */
  readonly basis: string;
  /** Which records: `enrolment of fall 2026`. */
  readonly records: string;
  /** Ids of the students, all those whom it is about. */
  readonly students: readonly string[];
  /** A file or folder, where the lake wrote one. */
  readonly destination?: string;
  /** Whether the party was told that it may not pass them on (99.33). */
  readonly notice: boolean;
}

/** As it is on record, without the students. */
export interface KeptDisclosure extends Omit<Disclosure, 'students'> {
  readonly disclosure: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly principal: string;
  readonly people: number;
}

/**
 * Puts a disclosure on record. It is kept as long as the education record, and erasing a person leaves it: it holds a
 * keyed digest of each student, no id.
 * @returns what names it
 * @throws InputError where nobody or nothing is named; LedgerUnusableError where it cannot be kept
 */
export async function recordDisclosure(
  { session, platform }: Uses<'session' | 'clock' | 'ledger'>,
  given: Disclosure,
): Promise<string> {
  for (const [name, value] of Object.entries({ ...given, destination: 'x' }))
    if (typeof value === 'string' && value.trim() === '')
      throw new InputError(`A disclosure needs its ${name}.`, {
        hint: '34 CFR 99.32 asks for the parties and their interest',
      });
  const students = [...new Set(given.students.map((id) => id.trim()).filter((id) => id !== ''))];
  if (students.length === 0)
    throw new InputError('A disclosure is about somebody.', {
      hint: 'name the students with --student or --students-from',
    });
  const disclosure = newAccess();
  const key = await logKey(platform.ledger);
  const { kind, party, interest, basis, records, destination, notice } = given;
  await appendChained(platform.ledger, 'disclosures', {
    disclosure,
    at: new Date(platform.clock.now()).toISOString(),
    kind,
    party,
    interest,
    basis,
    records,
    people: students.length,
    people_listed: students
      .map((id) => commitment(key, disclosure, id))
      .sort()
      .join(' '),
    principal: session.principal,
    destination: destination ?? null,
    notice: notice ? 'given' : 'not given',
  });
  return disclosure;
}

/**
 * The disclosures, newest first.
 * @param student all ids of one person: only disclosures of this person's records. Default: all
 */
export async function disclosures(
  { platform: { ledger } }: Uses<'ledger'>,
  student?: readonly string[],
): Promise<KeptDisclosure[]> {
  const rows = await chainedRows(ledger, 'disclosures');
  const key = student === undefined ? undefined : await logKey(ledger);
  const isAbout = ({ disclosure, people_listed: listed }: OpsRow) =>
    key === undefined ||
    student!.some((id) =>
      String(listed)
        .split(' ')
        .includes(commitment(key, String(disclosure), id)),
    );
  return rows.filter(isAbout).reverse().map(keptOf);
}

const keptOf = (row: OpsRow): KeptDisclosure => ({
  disclosure: String(row.disclosure),
  at: new Date(String(row.at)).toISOString(),
  kind: row.kind as KeptDisclosure['kind'],
  party: String(row.party),
  interest: String(row.interest),
  basis: String(row.basis),
  records: String(row.records),
  people: Number(row.people),
  principal: String(row.principal),
  ...(typeof row.destination === 'string' ? { destination: row.destination } : {}),
  notice: row.notice === 'given',
});
