import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { ObjectStore } from '../ports/objects.ts';
import { SubjectError } from './errors.ts';

/** Between the parts of a key that is kept as one text. */
const SEPARATOR = '\u001f';
const FOLDER = 'suppression/';
const KEY = 'suppression-key';

/** A key of several columns as one text. */
export const joinedKey = (texts: readonly string[]): string => texts.join(SEPARATOR);

/**
 * The people who must not come back, as keyed digests of every number and key by which the lake knew them: enough to
 * recognise them in the next load, a reload, a restore or a replay, and of no use without the key.
 */
export class SuppressionList {
  readonly #register: ObjectStore;
  readonly #key: Buffer;
  /** By kind, the request to which a digest belongs. */
  readonly #digests = new Map<string, Map<string, string>>();
  readonly #known = new Map<string, string | undefined>();
  readonly #unsaved = new Set<string>();

  private constructor(register: ObjectStore, key: Buffer) {
    this.#register = register;
    this.#key = key;
  }

  /** Reads the list; undefined where nobody was ever erased. */
  static async open(register: ObjectStore): Promise<SuppressionList | undefined> {
    const key = await register.getText(KEY);
    if (key === undefined) return undefined;
    const list = new SuppressionList(register, Buffer.from(key.trim(), 'hex'));
    for (const name of await register.list(FOLDER)) {
      const [request = '', kind = ''] = name
        .slice(FOLDER.length, -'.json'.length)
        .split('/')
        .map(decodeURIComponent);
      const digests = JSON.parse((await register.getText(name)) ?? '[]') as string[];
      for (const digest of digests) list.#of(kind).set(digest, request);
    }
    return list;
  }

  /** Reads the list, and makes an empty one with a new secret key where there is none. */
  static async create(register: ObjectStore): Promise<SuppressionList> {
    const found = await SuppressionList.open(register);
    if (found) return found;
    await register.putText(KEY, `${randomBytes(32).toString('hex')}\n`);
    return (await SuppressionList.open(register))!;
  }

  /** A keyed digest: of one text the same, and nothing can be read off it. Spaces around it and case do not count. */
  digest(kind: string, text: string): string {
    return createHmac('sha256', this.#key)
      .update(`v1|${kind}|${text.trim().toLowerCase()}`)
      .digest('hex')
      .slice(0, 32);
  }

  /** Nothing leads back from it without the key. */
  surrogateOf(text: string): string {
    return `erased-${this.digest('surrogate', text).slice(0, 24)}`;
  }

  has(kind: string, text: string): boolean {
    return this.requestOf(kind, text) !== undefined;
  }

  /** The request by which it came onto the list. */
  requestOf(kind: string, text: string): string | undefined {
    const digests = this.#digests.get(kind);
    if (!digests || digests.size === 0) return undefined;
    const asked = `${kind}|${text}`;
    if (this.#known.has(asked)) return this.#known.get(asked);
    const request = digests.get(this.digest(kind, text));
    if (this.#known.size > REMEMBERED) this.#known.clear();
    this.#known.set(asked, request);
    return request;
  }

  /** @returns whether it was not on the list yet */
  add(request: string, kind: string, text: string): boolean {
    if (this.has(kind, text)) return false;
    this.#of(kind).set(this.digest(kind, text), request);
    this.#known.clear();
    this.#unsaved.add(nameOf(request, kind));
    return true;
  }

  /**
   * Writes what was added. Everything that is done by the list is done after it was saved. Tables that are staged at
   * the same time add to it too: what they have saved meanwhile stays, and is known here afterwards.
   */
  async save(): Promise<void> {
    const turn = saving.then(() => this.#save());
    saving = turn.catch(() => undefined);
    return turn;
  }

  async #save(): Promise<void> {
    for (const [kind, digests] of this.#digests) {
      for (const request of new Set(digests.values())) {
        const name = nameOf(request, kind);
        if (!this.#unsaved.has(name)) continue;
        const stored = JSON.parse((await this.#register.getText(name)) ?? '[]') as string[];
        for (const digest of stored) if (!digests.has(digest)) digests.set(digest, request);
        const own = [...digests].filter(([, of]) => of === request).map(([digest]) => digest);
        await this.#register.putText(name, JSON.stringify(own.sort()));
        this.#unsaved.delete(name);
      }
    }
    this.#known.clear();
  }

  /** Takes a request's digests off the list: the person may come back. */
  async remove(request: string): Promise<void> {
    const names = (await this.#register.list(FOLDER)).filter((name) =>
      name.startsWith(`${FOLDER}${encodeURIComponent(request)}/`),
    );
    if (names.length === 0) {
      throw new SubjectError(`Nobody is kept out by a request "${request}".`, {
        hint: '`lake subject list` shows the requests that keep somebody out',
      });
    }
    await this.#register.delete(names);
  }

  /** The requests that keep somebody out, with the digests of each. */
  requests(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const digests of this.#digests.values()) {
      for (const request of digests.values()) counts.set(request, (counts.get(request) ?? 0) + 1);
    }
    return counts;
  }

  /** Digests on the list, of one request. */
  countOf(request: string): number {
    return this.requests().get(request) ?? 0;
  }

  /** Changes whenever a digest of one of these kinds comes or goes. */
  fingerprint(kinds: readonly string[]): string {
    const hash = createHash('sha256');
    for (const kind of [...new Set(kinds)].sort()) {
      hash.update(`${kind}:${[...(this.#digests.get(kind)?.keys() ?? [])].sort().join(',')};`);
    }
    return hash.digest('hex').slice(0, 32);
  }

  #of(kind: string): Map<string, string> {
    const found = this.#digests.get(kind) ?? new Map<string, string>();
    this.#digests.set(kind, found);
    return found;
  }
}

/** One saving after another in this process; a run holds the lake's lock against others. */
let saving: Promise<unknown> = Promise.resolve();

/** Texts of which it is remembered whether they are on the list. */
const REMEMBERED = 500_000;

const nameOf = (request: string, kind: string): string =>
  `${FOLDER}${encodeURIComponent(request)}/${encodeURIComponent(kind)}.json`;
