import type { Json } from '../json.ts';
import type { DescribedColumn, Header } from '../models/header.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { TableSet } from '../ports/tables.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { DamagedDocumentError } from '../state/errors.ts';
import { PUBLICATION } from '../state/publication-documents.ts';
import { DamagedPublicationError, MissingPublicationError } from './errors.ts';
import { readIntact } from './read-intact.ts';

/**
 * What people see: one immutable version of every table. A publication is a document in the object store; moving the
 * pointer to it is one conditional ledger write, so readers see the old set or the new.
 */
export interface Publication {
  /** The run that made it. */
  readonly id: string;
  readonly run: string;
  /** When it was published, ISO 8601 UTC. */
  readonly at: string;
  /** The oldest data time of the tables that are as new as promised, ISO 8601 UTC. Every table has its own. */
  readonly asOf: string;
  readonly tables: TableSet;
  /**
   * What is known of each of the tables, and of datasets that should be there and were never loaded. Empty in documents
   * of older versions of the lake.
   */
  readonly facts: Readonly<Record<string, TableFacts>>;
}

/** What is known of a published version of a table. Instants are ISO 8601 UTC. */
export interface TableFacts {
  /** How far its rows are known: of a dataset by its source's clock, of a model by the oldest data that it reads. */
  readonly asOf?: string;
  /** That instant by the clock by which models tell time. Default: `asOf` */
  readonly modelAsOf?: string;
  /** When its newest load was asked for, or when it was built. */
  readonly loadedAt?: string;
  /** The run that loaded or built this version. */
  readonly run?: string;
  readonly owner?: string;
  /** Why it is older than its run, in words. Absent where it is as new as it can be. */
  readonly whyOld?: string;
  /** Whether it, or a dataset that it reads, is older than the catalog promises. Default: false */
  readonly isStale?: boolean;
  /** Of a model: the datasets that it reads, through other models too. */
  readonly sources?: readonly string[];
  /** Of a model: what its header said when it was built. */
  readonly header?: ModelWords;
}

/** What the summary says of a model. */
export type ModelWords = Pick<Header, 'description' | 'grain' | 'owner' | 'disclosure'> & {
  readonly columns: readonly Omit<DescribedColumn, 'place'>[];
};

interface Stores {
  readonly ledger: LedgerStore;
  readonly objects: ObjectStore;
}

/** The record that names the current publication. */
export type Pointer = {
  readonly id: string;
  /** Counts publications: the order of two is that of their numbers, whatever a clock said. Default: 0 */
  readonly sequence?: number;
  /** The publications that are kept for queries under way, oldest first, the current one last. */
  readonly kept?: string[];
  /** When each of those became current, ISO 8601 UTC. Default: nobody knows. */
  readonly since?: { readonly [id: string]: string };
};

/** Key of the record that names the current publication. */
export const POINTER = 'publication/current';

/** A query that began on an older publication may still be reading its files: so many are kept. */
const PUBLICATIONS_KEPT = 3;

/**
 * Where publications follow each other by the minute, three are soon gone. Of those that were replaced within the last
 * hour, the first of each slot of time is kept as well. A file that went out of sight in a slot lay in the first that was
 * replaced in it, or came in that slot too and stays by its age: nothing that a query has begun to read goes for 50
 * minutes.
 */
const REPLACED_KEPT_MS = 3600 * 1000;
const SLOT_MS = 5 * 60_000;

/** Where the document of a publication lies in the object store. */
const documentKey = (id: string) => `publications/${id}.json`;

/**
 * The current publication, or the one named by `id`; undefined when nothing was ever published, or none is named so.
 * @throws MissingPublicationError when the pointer names one whose document is gone
 * @throws DamagedPublicationError when the document cannot be read; NewerFormatError when a newer version wrote it
 */
export async function readPublication(stores: Stores, id?: string): Promise<Publication | undefined> {
  const wanted = id ?? (await currentPublicationId(stores.ledger));
  if (wanted === undefined) return undefined;
  const text = await stores.objects.getText(documentKey(wanted));
  if (text !== undefined) return parsed(wanted, text);
  if (id === undefined) throw new MissingPublicationError(wanted, documentKey(wanted));
  return undefined;
}

function parsed(id: string, text: string): Publication {
  try {
    return parseDocument<Publication>(PUBLICATION, text, documentKey(id));
  } catch (error) {
    if (error instanceof DamagedDocumentError) throw new DamagedPublicationError(id, documentKey(id), error);
    throw error;
  }
}

const textOf = (publication: Publication): string => JSON.stringify(encodeDocument(PUBLICATION, publication));

/** The id of the current publication. */
export async function currentPublicationId(ledger: LedgerStore): Promise<string | undefined> {
  return (await ledger.read<Pointer>(POINTER))?.value.id;
}

/** Every publication whose document is there, by name. */
export async function listPublications(objects: ObjectStore): Promise<string[]> {
  const keys = await objects.list('publications/');
  return keys.map((key) => key.slice('publications/'.length, -'.json'.length));
}

/** Makes a publication the current one. Doing it again changes nothing. */
export async function publish(stores: Stores, publication: Publication): Promise<void> {
  await stores.objects.putText(documentKey(publication.id), textOf(publication));
  const found = await readIntact<Pointer>(stores.ledger, POINTER);
  if (found?.value.id === publication.id) return;
  // Without a pointer that can be read, queries may be under way on any.
  const before = found ? await keptBefore(stores, found.value) : await listPublications(stores.objects);
  const times = { ...found?.value.since, [publication.id]: publication.at };
  const kept = keptWith([...before.filter((id) => id !== publication.id), publication.id], times);
  const since = Object.fromEntries(kept.flatMap((id) => (times[id] === undefined ? [] : [[id, times[id]]])));
  const sequence = (found?.value.sequence ?? 0) + 1;
  await stores.ledger.write<Json>(POINTER, { id: publication.id, sequence, kept, since }, found?.version);
}

/** Of publications, oldest first, the newest of which becomes current now: those that stay. */
export function keptWith(ids: readonly string[], since: Readonly<Record<string, string>>): string[] {
  const now = Date.parse(since[ids.at(-1)!]!);
  const newest = new Set(ids.slice(-PUBLICATIONS_KEPT));
  const firstOfSlot = new Map<number, string>();
  for (const [i, id] of ids.entries()) {
    const replacedAt = Date.parse(since[ids[i + 1] ?? ''] ?? '');
    const slot = Math.floor(replacedAt / SLOT_MS);
    // Of a clock that went back, times say nothing.
    const isRecent = replacedAt < now && now - replacedAt < REPLACED_KEPT_MS;
    if (isRecent && !firstOfSlot.has(slot)) firstOfSlot.set(slot, id);
  }
  const stays = new Set([...newest, ...firstOfSlot.values()]);
  return ids.filter((id) => stays.has(id));
}

/** What a pointer keeps; one of an older version of the lake kept the newest by name. */
async function keptBefore({ objects }: Stores, { id, kept }: Pointer): Promise<readonly string[]> {
  if (kept) return kept;
  const others = (await listPublications(objects)).filter((other) => other !== id);
  return [...others.slice(1 - PUBLICATIONS_KEPT), id];
}

/**
 * The publications that nobody can be reading any more, and those that stay: always the current one, and before it
 * those that were current last. Order is that in which they became current; ids hold the time of a clock.
 */
export async function retainedPublications(stores: Stores): Promise<{ kept: string[]; old: string[] }> {
  const found = await stores.ledger.read<Pointer>(POINTER);
  if (!found) return { kept: await listPublications(stores.objects), old: [] };
  const kept = await keptBefore(stores, found.value);
  const there = await listPublications(stores.objects);
  return { kept: [...kept], old: there.filter((id) => !kept.includes(id)) };
}

/** Forgets every publication but the current one, whatever may still be reading them. Doing it again changes nothing. */
export async function keepOnlyCurrent(stores: Stores): Promise<void> {
  const found = await stores.ledger.read<Pointer>(POINTER);
  if (!found) return;
  const { id } = found.value;
  await stores.ledger.write<Json>(POINTER, { ...found.value, kept: [id] }, found.version);
  const others = (await listPublications(stores.objects)).filter((other) => other !== id);
  await forgetPublications(stores.objects, others);
}

/** Replaces the document of a publication, from which tables were withdrawn. */
export async function rewritePublication(
  objects: Pick<ObjectStore, 'putText'>,
  publication: Publication,
): Promise<void> {
  await objects.putText(documentKey(publication.id), textOf(publication));
}

/** Forgets publications that nobody can be reading any more. */
export async function forgetPublications(objects: ObjectStore, ids: readonly string[]): Promise<void> {
  await objects.delete(ids.map(documentKey));
}
