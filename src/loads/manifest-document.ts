import { LakeError } from '../errors.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { DamagedDocumentError } from '../state/errors.ts';
import { LOAD_MANIFEST } from '../state/load-documents.ts';
import type { LoadManifest } from './load.ts';

/**
 * A manifest from its text.
 * @param key where it lies, for the message
 * @throws LakeError for one that is damaged; NewerFormatError for one that a newer version of the lake wrote
 */
export function parseManifest(text: string, key: string): LoadManifest {
  try {
    return parseDocument<LoadManifest>(LOAD_MANIFEST, text, key);
  } catch (cause) {
    if (!(cause instanceof DamagedDocumentError)) throw cause;
    throw new LakeError(cause.message, {
      about: key,
      cause,
      hint: 'Delete it and continue the run: the load is made again',
    });
  }
}

/** As `parseManifest`; undefined for a text that a failing disk has left of one. */
export function intactManifest(text: string, key: string): LoadManifest | undefined {
  try {
    return parseDocument<LoadManifest>(LOAD_MANIFEST, text, key);
  } catch (error) {
    if (error instanceof DamagedDocumentError) return undefined;
    throw error;
  }
}

/** A manifest as it is stored. */
export const manifestText = (manifest: LoadManifest): string =>
  `${JSON.stringify(encodeDocument(LOAD_MANIFEST, manifest), null, 2)}\n`;
