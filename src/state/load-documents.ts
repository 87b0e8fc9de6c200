import { z } from 'zod';
import type { FetchedFile } from '../lms/fetched-files.ts';
import type { DeliveredFaults, LoadManifest } from '../loads/load.ts';
import type {
  BaseSnapshot,
  Committed,
  DatasetState,
  GoodTable,
  Hold,
  Loading,
  NarrowedDefinition,
  Quarantine,
  Question,
  StagedTable,
  TableState,
} from '../loads/state.ts';
import { datasetFromFormat1 } from './dataset-format-1.ts';
import type { DocumentKind } from './document.ts';
import {
  count,
  counted,
  dataTime,
  definition,
  fieldsOf,
  flag,
  instant,
  keySum,
  loadColumn,
  loadFeed,
  loadKind,
  maybeText,
  oneOf,
  pendingLoad,
  rawFile,
  tableVersion,
  text,
  texts,
  word,
} from './parts.ts';

const asked = {
  load: word,
  question: oneOf<Question>()('kind', { snapshot: {}, increment: { since: text } }),
  startedAt: instant,
  attempts: count.optional(),
};

const base = fieldsOf<BaseSnapshot>({ load: word, watermark: text });

const stagedTable = fieldsOf<StagedTable>({
  version: tableVersion,
  load: word,
  time: dataTime.optional(),
  base: base.optional(),
  rowsAtSource: count.optional(),
  keysAtSource: keySum.optional(),
  deliveredFaults: fieldsOf<DeliveredFaults>({
    setAside: z.record(text, count),
    replaced: z.record(text, count),
  }).optional(),
});

const quarantine = fieldsOf<Quarantine>({
  shown: tableVersion,
  aside: tableVersion,
  checks: z.record(text, count),
  run: word,
}).optional();

const before = {
  good: fieldsOf<GoodTable>({
    version: tableVersion,
    load: maybeText,
    time: dataTime.optional(),
    counted: counted.optional(),
    quarantine,
  }).optional(),
  hold: fieldsOf<Hold>({ emptied: flag, acceptedRows: count.optional() }).optional(),
};

export const DATASET_STATE: DocumentKind = {
  what: 'state of a dataset',
  migrations: [datasetFromFormat1],
  schema: fieldsOf<DatasetState>({
    dataset: word,
    loading: oneOf<Loading>()('phase', {
      idle: {},
      requested: { ...asked, job: word },
      retrying: { ...asked, job: word, askAgainAt: instant },
      empty: { ...asked, job: maybeText },
    }),
    committed: fieldsOf<Committed>({
      watermark: text,
      loadedAt: instant,
      schemaVersion: z.number().optional(),
      feed: loadFeed.optional(),
    }).optional(),
    pending: z.array(pendingLoad),
    table: oneOf<TableState>()('phase', {
      none: {},
      unchecked: { staged: stagedTable, ...before },
      rejected: { staged: stagedTable, ...before },
      passed: { staged: stagedTable, counted: counted.optional(), quarantine },
      withdrawn: { load: word, base: base.optional(), ...before },
    }),
    snapshotNext: flag,
    restage: flag,
    decided: tableVersion.optional(),
    keepAside: texts.optional(),
    narrowed: z
      .array(fieldsOf<NarrowedDefinition>({ digest: text, definition: definition.optional() }))
      .optional(),
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
    lobLimit: count.optional(),
    setAside: z.record(text, count).optional(),
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
