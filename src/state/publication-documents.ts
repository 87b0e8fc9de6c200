import { z } from 'zod';
import { PRIVACY_CLASSES } from '../campus/catalog-schema.ts';
import type { ModelRecord } from '../pipeline/model-record.ts';
import type { ModelWords, Pointer, Publication, TableFacts } from '../pipeline/publication.ts';
import type { RunRecord } from '../pipeline/run-record.ts';
import type { DocumentKind, JsonObject } from './document.ts';
import {
  count,
  counted,
  fieldsOf,
  flag,
  instant,
  maybeInstant,
  maybeText,
  tableVersion,
  text,
  texts,
  word,
} from './parts.ts';

const header = fieldsOf<ModelWords>({
  description: maybeText,
  grain: maybeText,
  owner: maybeText,
  disclosure: z.looseObject({ min: count }).optional(),
  columns: z.array(z.looseObject({ name: word, privacy: z.enum(PRIVACY_CLASSES), description: text })),
});

const tableFacts = fieldsOf<TableFacts>({
  asOf: maybeInstant,
  modelAsOf: maybeInstant,
  loadedAt: maybeInstant,
  run: maybeText,
  owner: maybeText,
  whyOld: maybeText,
  isStale: flag,
  sources: texts.optional(),
  header: header.optional(),
});

export const PUBLICATION: DocumentKind = {
  what: 'publication',
  migrations: [withFacts],
  schema: fieldsOf<Publication>({
    id: word,
    run: word,
    at: instant,
    asOf: instant,
    tables: z.record(text, tableVersion),
    facts: z.record(text, tableFacts),
  }),
};

/** 1 → 2: every publication has facts; the first ones had none. */
function withFacts(document: JsonObject): JsonObject {
  return { facts: {}, ...document };
}

export const POINTER_RECORD: DocumentKind = {
  what: 'record of the current publication',
  migrations: [],
  schema: fieldsOf<Pointer>({
    id: word,
    sequence: count.optional(),
    kept: texts.optional(),
    since: z.record(text, instant).optional(),
  }),
};

export const MODEL_RECORD: DocumentKind = {
  what: 'record of a model',
  migrations: [],
  schema: fieldsOf<ModelRecord>({
    model: word,
    run: word,
    version: tableVersion,
    asOf: maybeInstant,
    builtAt: maybeInstant,
    sources: texts.optional(),
    header: header.optional(),
    kept: z.looseObject({ run: word, why: text }).optional(),
    made: maybeText,
    counted: counted.optional(),
  }),
};

export const RUN_RECORD: DocumentKind = {
  what: 'record of the run',
  migrations: [],
  schema: fieldsOf<RunRecord>({
    run: word,
    attempt: count,
    status: z.enum(['running', 'succeeded', 'failed']),
    startedAt: instant,
    endedAt: maybeInstant,
    holder: maybeText,
  }),
};
