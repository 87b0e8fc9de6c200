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

export const writeHold = (register: ObjectStore, hold: Hold): Promise<void> =>
  writeJson(register, keyOf('holds', hold.hold), hold as unknown as Json);

/** @throws SubjectError where there is no such hold */
export async function removeHold(register: ObjectStore, hold: string): Promise<void> {
  const key = keyOf('holds', hold);
  if ((await register.head(key)) === undefined) {
    throw new SubjectError(`There is no hold "${hold}".`, { hint: '`lake subject list` shows the holds' });
  }
  await register.delete([key]);
}
