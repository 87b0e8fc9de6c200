import type { Json } from '../json.ts';
import { DamagedRecordError } from '../ports/errors.ts';
import { CHAIN_HEAD, EMERGENCY, LOG_KEY } from './access-documents.ts';
import { type DocumentKind, decodeDocument, encodeDocument } from './document.ts';
import { DamagedDocumentError } from './errors.ts';
import { DATASET_STATE, FETCHED_FILE } from './load-documents.ts';
import { MODEL_RECORD, POINTER_RECORD, RUN_RECORD } from './publication-documents.ts';
import {
  FOLLOWED_SOURCE,
  REACHED_ACCESS,
  STARTED_BUILD,
  STARTED_STAGING,
  TAGGED_TABLE,
  WITHDRAWN_TABLES,
} from './work-documents.ts';

/** What the state records of a ledger are, by the first part of their key. */
const KINDS: { readonly [prefix: string]: DocumentKind } = {
  access: REACHED_ACCESS,
  chain: CHAIN_HEAD,
  dataset: DATASET_STATE,
  emergency: EMERGENCY,
  fetched: FETCHED_FILE,
  followed: FOLLOWED_SOURCE,
  'lake-formation': TAGGED_TABLE,
  'log-key': LOG_KEY,
  model: MODEL_RECORD,
  'model-making': STARTED_BUILD,
  publication: POINTER_RECORD,
  quarantine: STARTED_BUILD,
  run: RUN_RECORD,
  staging: STARTED_STAGING,
  withdrawn: WITHDRAWN_TABLES,
};

const kindOf = (key: string): DocumentKind | undefined => KINDS[key.slice(0, key.indexOf('/'))];

/**
 * The value of a state record as the program knows it; every ledger reads by this.
 * @param place where it is stored, for the message
 * @throws NewerFormatError for a record of a format that this program does not know
 * @throws DamagedRecordError for one that is not as its format says
 */
export function decodeRecord<T extends Json>(key: string, value: Json, place: string): T {
  const kind = kindOf(key);
  if (!kind) return value as T;
  try {
    return decodeDocument<T>(kind, value, key);
  } catch (error) {
    if (error instanceof DamagedDocumentError) throw new DamagedRecordError(key, place, error, error.fault);
    throw error;
  }
}

/** The value of a state record as it is stored; every ledger writes this. */
export function encodeRecord(key: string, value: Json): Json {
  const kind = kindOf(key);
  return kind && typeof value === 'object' && value !== null ? encodeDocument(kind, value) : value;
}
