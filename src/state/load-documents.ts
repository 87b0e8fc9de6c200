import { z } from 'zod';
import type { FetchedFile } from '../lms/fetched-files.ts';
import type { DatasetState, DeliveredFaults, LoadManifest } from '../loads/load.ts';
import type { DocumentKind } from './document.ts';
import {
  count,
  counted,
  dataTime,
  definitionsByDigest,
  fieldsOf,
  flag,
  inFlight,
  instant,
  keySum,
  loadColumn,
  loadFeed,
  loadKind,
  maybeInstant,
  maybeText,
  pendingLoad,
  rawFile,
  tableVersion,
  text,
  texts,
  word,
} from './parts.ts';

export const DATASET_STATE: DocumentKind = {
  what: 'state of a dataset',
  migrations: [],
  schema: fieldsOf<DatasetState>({
    dataset: word,
    watermark: maybeText,
    loadedAt: maybeInstant,
    schemaVersion: z.number().optional(),
    feed: loadFeed.optional(),
    inFlight: inFlight.optional(),
    pending: z.array(pendingLoad),
    snapshotNext: flag,
    restage: flag,
    narrowed: texts.optional(),
    narrowedDefinitions: definitionsByDigest.optional(),
    staged: tableVersion.optional(),
    base: z.looseObject({ load: word, watermark: text }).optional(),
    stagedLoad: maybeText,
    stagedTime: dataTime.optional(),
    rowsAtSource: count.optional(),
    keysAtSource: keySum.optional(),
    deliveredFaults: fieldsOf<DeliveredFaults>({
      setAside: z.record(text, count),
      replaced: z.record(text, count),
    }).optional(),
    passed: tableVersion.optional(),
    passedLoad: maybeText,
    passedTime: dataTime.optional(),
    counted: counted.optional(),
    rejectedLoad: maybeText,
    emptied: flag,
    acceptedRows: count.optional(),
  }),
};

export const LOAD_MANIFEST: DocumentKind = {
  what: 'manifest',
  migrations: [],
  schema: fieldsOf<LoadManifest>({
    load: word,
    dataset: word,
    kind: loadKind,
    layout: z.enum(['dap', 'dms', 'dms-changes']),
    format: z.enum(['jsonl', 'parquet']),
    schemaVersion: z.number().optional(),
    since: maybeText,
    watermark: text,
    knownUpTo: maybeText,
    job: maybeText,
    rows: count.optional(),
    keySum: keySum.optional(),
    files: z.array(rawFile),
    columns: z.array(loadColumn).optional(),
    feed: loadFeed.optional(),
    provisional: flag,
    startedAt: instant,
  }),
};

export const FETCHED_FILE: DocumentKind = {
  what: 'record of a fetched file',
  migrations: [],
  schema: fieldsOf<FetchedFile>({ job: text, index: count, file: rawFile }),
};
