import type { Json } from '../json.ts';
import type { LedgerStore } from '../platform/ports/ledger.ts';
import type { ObjectStore } from '../platform/ports/objects.ts';
import type { TableSet } from '../platform/ports/tables.ts';

/**
 * What people see: one immutable version of every table, all from one run. A publication is a document in the
 * object store; moving the pointer to it is one conditional ledger write, so readers see the old set or the new.
 */
export interface Publication {
  /** The run that made it. */
  readonly id: string;
  readonly run: string;
  /** When it was published, ISO 8601 UTC. */
  readonly at: string;
  /** How far the sources had been loaded: the instant that the models take as now, ISO 8601 UTC. */
  readonly asOf: string;
  readonly tables: TableSet;
}

interface Stores {
  readonly ledger: LedgerStore;
  readonly objects: ObjectStore;
}

const POINTER = 'publication/current';

const documentKey = (id: string) => `publications/${id}.json`;

/** The current publication, or the one named by `id`; undefined when there is none. */
export async function readPublication(stores: Stores, id?: string): Promise<Publication | undefined> {
  const wanted = id ?? (await currentPublicationId(stores.ledger));
  if (wanted === undefined) return undefined;
  const text = await stores.objects.getText(documentKey(wanted));
  return text === undefined ? undefined : (JSON.parse(text) as Publication);
}

/** The id of the current publication. */
export async function currentPublicationId(ledger: LedgerStore): Promise<string | undefined> {
  const pointer = await ledger.read<{ id: string }>(POINTER);
  return pointer?.value.id;
}

/** Every publication that is kept, oldest first. */
export async function listPublications(objects: ObjectStore): Promise<string[]> {
  const keys = await objects.list('publications/');
  return keys.map((key) => key.slice('publications/'.length, -'.json'.length));
}

/** Makes a publication the current one. Doing it again changes nothing. */
export async function publish(stores: Stores, publication: Publication): Promise<void> {
  await stores.objects.putText(documentKey(publication.id), JSON.stringify(publication));
  const pointer = await stores.ledger.read<{ id: string }>(POINTER);
  if (pointer?.value.id === publication.id) return;
  await stores.ledger.write<Json>(POINTER, { id: publication.id }, pointer?.version);
}

/** Forgets publications that nobody can be reading any more. */
export async function forgetPublications(objects: ObjectStore, ids: readonly string[]): Promise<void> {
  await objects.delete(ids.map(documentKey));
}
