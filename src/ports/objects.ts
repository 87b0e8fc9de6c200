import type { Readable } from 'node:stream';

/**
 * Where raw files, staged files and curated files lie. Keys are relative, with `/` between parts.
 *
 * @example
 * ```ts
 * import { Readable } from 'node:stream';
 * import type { ObjectStore } from './objects.ts';
 *
 * async function keep(objects: ObjectStore): Promise<string[]> {
 *   await objects.put('raw/canvas/terms/part-0.jsonl', Readable.from(['{"id":1}']));
 *   await objects.putText('raw/canvas/terms/manifest.json', '{}');
 *   return objects.list('raw/canvas/terms/');
 * }
 * ```
 */
export interface ObjectStore {
  /**
   * Writes one object from a stream. The object appears under its key whole or not at all: an error, an abort
   * or a killed process leaves nothing visible. Replaces an object of the same key.
   */
  put(key: string, body: Readable, options?: PutOptions): Promise<StoredObject>;
  /** Writes a small text object, as atomically as `put`. */
  putText(key: string, text: string): Promise<StoredObject>;
  /** The whole text of a small object; undefined where there is none. */
  getText(key: string): Promise<string | undefined>;
  get(key: string): Promise<Readable>;
  head(key: string): Promise<{ bytes: number } | undefined>;
  /**
   * Every key that starts with the prefix, in byte order. Unfinished writes are never listed.
   * @param after only keys that come after this one. Default: all
   */
  list(prefix: string, after?: string): Promise<string[]>;
  /** Removes the objects; one that is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** The name by which the query engine reads the object: a path on one machine, `s3://…` on AWS. */
  uri(key: string): string;
}

export interface PutOptions {
  /** Called with the number of bytes of each chunk written. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the stored bytes, hexadecimal. */
  readonly sha256: string;
}

/** A raw file. Of what a service has written itself, nobody has seen the bytes pass, so there is no digest. */
export type LoadedFile = Omit<StoredObject, 'sha256'> & Partial<Pick<StoredObject, 'sha256'>>;
