import { UnexpectedAnswerError } from '../errors.ts';

/** A signed address is given up so long before its end: time enough to open a connection. */
const EARLY_MS = 60_000;
/** 200 calls a minute are allowed; the official client spends one on every file. */
const BATCH = 50;

export interface ObjectUrlsParts {
  /** Every object of the job, in the order in which they are fetched. */
  readonly ids: readonly string[];
  /** Signs some objects. @returns addresses by object id */
  readonly sign: (ids: string[]) => Promise<Record<string, { url: string }>>;
  /** Epoch ms. */
  readonly now: () => number;
  /** How long an address lives, in ms. */
  readonly lifetimeMs: number;
}

/** The addresses of a job's files: signed in batches shortly before they are needed, again when they age. */
export class ObjectUrls {
  readonly #parts: ObjectUrlsParts;
  readonly #known = new Map<string, { url: string; until: number }>();
  #signing?: Promise<void>;

  constructor(parts: ObjectUrlsParts) {
    this.#parts = parts;
  }

  async get(id: string): Promise<string> {
    for (;;) {
      const known = this.#known.get(id);
      if (known && this.#parts.now() < known.until) return known.url;
      if (this.#signing) await this.#signing;
      else {
        this.#signing = this.#sign(id).finally(() => {
          this.#signing = undefined;
        });
        await this.#signing;
        return this.#known.get(id)!.url;
      }
    }
  }

  /** The address was refused: the next `get` signs it again. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** The file is fetched: it needs no address any more. */
  done(id: string): void {
    this.#known.set(id, { url: '', until: Number.POSITIVE_INFINITY });
  }

  /** Signs this object and those after it that have no address which still lives. */
  async #sign(id: string): Promise<void> {
    const { ids, sign, now, lifetimeMs } = this.#parts;
    const asked = now();
    const batch = [id];
    for (let i = ids.indexOf(id) + 1; i < ids.length && batch.length < BATCH; i += 1) {
      const next = ids[i]!;
      const known = this.#known.get(next);
      if (!known || known.until <= asked) batch.push(next);
    }
    const urls = await sign(batch);
    const until = asked + Math.max(lifetimeMs - EARLY_MS, lifetimeMs / 2);
    for (const each of batch) {
      const signed = urls[each];
      if (signed) this.#known.set(each, { url: signed.url, until });
    }
    if (!urls[id]) throw new UnexpectedAnswerError('Canvas signed no address for a file that its job names');
  }
}
