import type { z } from 'zod';
import type { Json } from '../json.ts';
import { DamagedDocumentError, NewerFormatError } from './errors.ts';

/** A JSON object, as a persisted document is. */
export type JsonObject = { [key: string]: Json };

/**
 * A kind of persisted document. The format of a document is the number in its `formatVersion`; documents from before
 * formats were numbered have none and are of format 1.
 */
export interface DocumentKind {
  /** What people call it, e.g. `state of a dataset`. */
  readonly what: string;
  /** By format, what makes a document of the next format of it. Pure. The current format is the one after the last. */
  readonly migrations: readonly Migration[];
  /** Of the current format, without `formatVersion`. Fields that it does not name are kept. */
  readonly schema: z.ZodType;
  /** The hint for a damaged one, a whole sentence. Default: to restore it from a backup. */
  readonly whenDamaged?: string;
}

/** Makes a document of one format into one of the next. Its input has not been validated. */
export type Migration = (document: JsonObject) => JsonObject;

/** The format in which documents of this kind are written. */
export const currentFormat = ({ migrations }: DocumentKind): number => migrations.length + 1;

/**
 * A stored document as the program knows it: migrated to the current format, validated, without its `formatVersion`.
 * @param place where it lies, for the message
 * @throws NewerFormatError for a document of a format that this program does not know
 * @throws DamagedDocumentError for one that is not as its format says
 */
export function decodeDocument<T>(kind: DocumentKind, stored: unknown, place: string): T {
  if (!isObject(stored)) throw new DamagedDocumentError(kind, place, 'it is not a JSON object');
  const { formatVersion = 1, ...document } = stored;
  const format = Number.isInteger(formatVersion) ? Number(formatVersion) : 0;
  if (format < 1) {
    throw new DamagedDocumentError(kind, place, 'formatVersion: expected a whole number from 1');
  }
  if (format > currentFormat(kind)) {
    throw new NewerFormatError(kind.what, place, format, currentFormat(kind));
  }
  const migrated = kind.migrations.slice(format - 1).reduce((older, migrate) => migrate(older), document);
  const checked = kind.schema.safeParse(migrated);
  if (!checked.success) throw new DamagedDocumentError(kind, place, faultOf(checked.error));
  return migrated as T;
}

/** As `decodeDocument`, of a text. */
export function parseDocument<T>(kind: DocumentKind, text: string, place: string): T {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    // What a parser says of a torn text can quote it.
    throw new DamagedDocumentError(kind, place, 'it is not JSON');
  }
  return decodeDocument<T>(kind, stored, place);
}

/** A document as it is stored, with its format. */
export const encodeDocument = (kind: DocumentKind, document: object): JsonObject => ({
  formatVersion: currentFormat(kind),
  ...(document as JsonObject),
});

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Field and rule of the first fault; a value never, and a field's name only where the schema knows it. */
function faultOf({ issues: [issue] }: z.ZodError): string {
  const path = (issue?.path ?? []).map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  );
  const rule =
    issue?.code === 'invalid_type'
      ? `expected ${issue.expected}`
      : 'it is not one of the values that it may have';
  return `${path.join('').replace(/^\./, '')}: ${rule}`;
}
