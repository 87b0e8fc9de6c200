import { word } from '../campus/words.ts';
import type { Json } from '../json.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { SubjectError } from './errors.ts';

/** What was found of a person in one place, and what the catalog says becomes of it. */
export type PlannedTable = {
  readonly zone: 'raw' | 'staged' | 'curated' | 'features';
  readonly table: string;
  /** Rows or records that are the person's. In raw, distinct keys in each file are counted. */
  readonly rows: number;
  readonly outcome: 'erase' | 'mask' | 'retain' | 'rebuild';
  readonly reason: string;
};

/** A request to erase somebody that a person has confirmed. It names nobody: the subject is a keyed digest. */
export type ErasureRequest = {
  readonly request: string;
  readonly subject: string;
  readonly confirmedBy: string;
  /** ISO 8601 UTC. */
  readonly confirmedAt: string;
  readonly found: readonly PlannedTable[];
  /** Datasets that had rows of the person: models that read them are built again. */
  readonly touched: readonly string[];
  /** Numbers and keys by which the person was known. */
  readonly numbers: number;
  /** The number of its certificate. Absent: the erasure is not complete. */
  readonly certificate?: number;
};

/** Nothing about a person may be erased while one stands. */
export type Hold = {
  readonly hold: string;
  /** Keyed digests of the person's numbers. */
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: string;
};

const folder = (name: string) => `${name}/`;
const keyOf = (name: 'requests' | 'holds', id: string) => `${folder(name)}${encodeURIComponent(id)}.json`;

async function readJson<T>(register: ObjectStore, key: string): Promise<T | undefined> {
  const text = await register.getText(key);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

const writeJson = async (register: ObjectStore, key: string, value: Json): Promise<void> => {
  await register.putText(key, `${JSON.stringify(value, null, 2)}\n`);
};

export const readRequest = (register: ObjectStore, request: string): Promise<ErasureRequest | undefined> =>
  readJson(register, keyOf('requests', request));

export const writeRequest = (register: ObjectStore, request: ErasureRequest): Promise<void> =>
  writeJson(register, keyOf('requests', request.request), request as unknown as Json);

export async function listRequests(register: ObjectStore): Promise<ErasureRequest[]> {
  const found: ErasureRequest[] = [];
  for (const key of await register.list(folder('requests'))) {
    found.push((await readJson<ErasureRequest>(register, key))!);
  }
  return found;
}

export async function listHolds(register: ObjectStore): Promise<Hold[]> {
  const found: Hold[] = [];
  for (const key of await register.list(folder('holds'))) found.push((await readJson<Hold>(register, key))!);
  return found;
}

/**
 * Keeps a hold. One that stands already for the same person stays as it is.
 * @throws SubjectError where a hold of that name protects somebody else, who would lose it
 */
export async function writeHold(register: ObjectStore, hold: Hold): Promise<void> {
  const key = keyOf('holds', hold.hold);
  const before = await readJson<Hold>(register, key);
  if (before?.subjects.some((subject) => hold.subjects.includes(subject))) return;
  if (before)
    throw new SubjectError(`Hold ${hold.hold} protects somebody else.`, { hint: 'give it another --hold' });
  await writeJson(register, key, hold as unknown as Json);
}

/**
 * Checks what the college calls a request or a hold: it is kept when the person is erased.
 * @param given by the name of the option
 * @param numbers of the person
 * @throws SubjectError for a text that is empty or more than one line, or has a number of the person in it
 */
export function checkBookWords(given: Readonly<Record<string, string>>, numbers: readonly string[]): void {
  for (const [option, text] of Object.entries(given)) {
    if (!word().safeParse(text.trim()).success)
      throw new SubjectError(`--${option} is empty, or is more than one line.`, {
        hint: "write it on one line; a request or hold has a name in the college's books, such as 2026-031",
      });
    const written = text.toLowerCase();
    if (numbers.some((number) => number.length >= 4 && written.includes(number.toLowerCase())))
      throw new SubjectError(`--${option} has a number of the person in it, and is kept.`, {
        hint: 'choose words that name nobody',
      });
  }
}

/** @throws SubjectError where there is no such hold */
export async function removeHold(register: ObjectStore, hold: string): Promise<void> {
  const key = keyOf('holds', hold);
  if ((await register.head(key)) === undefined) {
    throw new SubjectError(`There is no hold "${hold}".`, { hint: '`lake subject list` shows the holds' });
  }
  await register.delete([key]);
}
