import { createHmac, randomBytes } from 'node:crypto';
import { LedgerConflictError } from '../../ports/errors.ts';
import type { LedgerStore } from '../../ports/ledger.ts';

/** The record of the key under which people are on record. */
export type LogKey = { readonly key: string };

const KEY = 'log-key/access';

/**
 * The secret key of the access log, made when the first person is put on record. Without it nobody can tell by the log
 * who was looked at; once it is destroyed, nobody ever can.
 */
export async function logKey(ledger: LedgerStore): Promise<Buffer> {
  const found = (await ledger.read<LogKey>(KEY))?.value;
  if (found) return Buffer.from(found.key, 'hex');
  try {
    const key = randomBytes(32);
    await ledger.write<LogKey>(KEY, { key: key.toString('hex') }, undefined);
    return key;
  } catch (error) {
    if (error instanceof LedgerConflictError) return logKey(ledger);
    throw error;
  }
}

/** One id, however it is written, also as a decimal with places. */
const canonical = (id: string): string =>
  id
    .trim()
    .toLowerCase()
    .replace(/^(-?\d+)\.0+$/, '$1');

/**
 * What stands for a person in one entry: of another entry it is another, so that entries about the same person cannot
 * be told to be so without the key and the person's id.
 * @param salt of the entry
 */
export const commitment = (key: Buffer, salt: string, id: string): string =>
  createHmac('sha256', key)
    .update(`${salt}|${canonical(id)}`)
    .digest('hex')
    .slice(0, 16);

/** More people than that are counted and not listed: whoever may be among them is told so. */
const LISTED_AT_MOST = 1000;
const COUNTED_AT_MOST = 100_000;

/** Collects the ids of people while rows pass. */
export class PeopleSeen {
  readonly #ids = new Set<string>();

  add(id: unknown): void {
    if (id === null || id === undefined || this.#ids.size >= COUNTED_AT_MOST) return;
    this.#ids.add(canonical(String(id)));
  }

  /** How many; 100,000 stands for so many or more. */
  get count(): number {
    return this.#ids.size;
  }

  /** A digest of all of them, which tells whether two entries are about the same people to whoever has the key. */
  digest(key: Buffer): string | null {
    if (this.#ids.size === 0) return null;
    return createHmac('sha256', key)
      .update([...this.#ids].sort().join('\n'))
      .digest('hex');
  }

  /** Each person as in `commitment`; none where they are too many. */
  listed(key: Buffer, salt: string): string | null {
    if (this.#ids.size === 0 || this.#ids.size > LISTED_AT_MOST) return null;
    return [...this.#ids]
      .map((id) => commitment(key, salt, id))
      .sort()
      .join(' ');
  }
}

const PERSON_ID =
  /^(.*_)?(user|student|person|advisor|adviser|instructor|author|sender|editor|grader|assessor|leader|employee|applicant|unique)_id$/;

/** Whether values of a column are ids of people, by its name and what it says of a person. */
export const isPersonId = (name: string, privacy: string | undefined): boolean =>
  privacy !== undefined &&
  privacy !== 'none' &&
  (PERSON_ID.test(name) || (name === 'id' && privacy !== 'education'));
