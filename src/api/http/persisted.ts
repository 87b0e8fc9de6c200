import { createHash } from 'node:crypto';
import { ApiError } from '../errors.ts';

/** The parameters of a request that is kept by its digest. */
interface Params {
  readonly query?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } };
}

const QUERIES_KEPT = 1000;
const ANSWERS_KEPT = 10_000;

/** Texts of requests by their SHA-256, so that a client sends a long one once; and the tags of answers. */
export class PersistedQueries {
  readonly #texts = new Map<string, string>();
  readonly #answers = new Set<string>();

  /** Whether this server has given an answer with the tag: nobody learns by a guessed one what would be answered. */
  isKnownAnswer(etag: string): boolean {
    return this.#answers.has(etag);
  }

  rememberAnswer(etag: string): void {
    this.#answers.add(etag);
    const [oldest] = this.#answers;
    if (this.#answers.size > ANSWERS_KEPT) this.#answers.delete(oldest!);
  }

  /**
   * The text that parameters mean where they name it by its digest; undefined where they say it themselves.
   * Source: https://www.apollographql.com/docs/apollo-server/performance/apq
   * @throws ApiError persisted-query-not-found: clients then send the text
   */
  textOf(params: Params | undefined): string | undefined {
    const digest = params?.extensions?.persistedQuery?.sha256Hash;
    if (typeof digest !== 'string') return undefined;
    if (typeof params?.query !== 'string') {
      const found = this.#texts.get(digest);
      // Clients go by these words.
      if (found === undefined) throw new ApiError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      return found;
    }
    if (createHash('sha256').update(params.query).digest('hex') !== digest)
      throw ApiError.invalid('provided sha does not match query');
    this.#texts.set(digest, params.query);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > QUERIES_KEPT) this.#texts.delete(oldest!);
    return undefined;
  }

  /** The body of a request, with the text of a kept one put in. */
  body(text: string): string {
    if (!text.includes('persistedQuery')) return text;
    const params = parsed(text);
    const query = this.textOf(params);
    return query === undefined ? text : JSON.stringify({ ...params, query });
  }

  /** The address of a request, with the text of a kept one put in. */
  url(address: string): string {
    const url = new URL(address);
    const extensions = url.searchParams.get('extensions');
    if (extensions === null) return address;
    const query = this.textOf({
      query: url.searchParams.get('query') ?? undefined,
      extensions: parsed(extensions) as Params['extensions'],
    });
    if (query !== undefined) url.searchParams.set('query', query);
    return url.href;
  }
}

/** What is no JSON is for another to refuse. */
function parsed(text: string): Params | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
