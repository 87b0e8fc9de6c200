import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { Item } from './table.ts';

/** An item holds 400 KB with its keys and names: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const LONGEST_BYTES = 350_000;
const FOLDER = 'ledger/long';

/** A text as attributes of an item: itself, or the key of the object that holds it. */
export type KeptText = { readonly text: string } | { readonly long: string };

/**
 * Texts too long for an item, each in an object of its own that is never changed. The object is written before the
 * item that names it and removed after the item that replaces it, so an item never names what is not there, but
 * for a reader who is overtaken: that one reads the item again.
 */
export class LongTexts {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async keep(text: string): Promise<KeptText> {
    if (Buffer.byteLength(text) <= LONGEST_BYTES) return { text };
    const long = `${FOLDER}/${randomUUID()}.json`;
    await this.#objects.putText(long, text);
    return { long };
  }

  /** undefined when the object was replaced meanwhile. */
  async read(item: Item): Promise<string | undefined> {
    return typeof item.long === 'string' ? this.#objects.getText(item.long) : (item.text as string);
  }

  /** Removes the object of a text that no item names any more. */
  async forget(kept: Item | KeptText | undefined): Promise<void> {
    if (kept && 'long' in kept && typeof kept.long === 'string') await this.#objects.delete([kept.long]);
  }
}
