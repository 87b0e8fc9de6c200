import { z } from 'zod';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import { PRIVACY_CLASSES } from '../campus/catalog-schema.ts';
import type { Json } from '../json.ts';
import type { FollowedSource } from '../loads/followed.ts';
import type { DocumentKind } from './document.ts';
import { fieldsOf, instant, text, texts, word } from './parts.ts';

/** The resume token of a dataset's staging, for as long as its run tries; stored as `mark` since format 1. */
export type StartedStaging = {
  readonly run: string;
  readonly mark: string;
  /** Epoch ms. Absent: an earlier version began it. */
  readonly startedAt?: number;
};

export const STARTED_STAGING: DocumentKind = {
  what: 'record of a staging under way',
  migrations: [],
  schema: fieldsOf<StartedStaging>({ run: word, mark: word, startedAt: z.number().optional() }),
};

/** A model that is being built in the background: the run and the ticket to poll. */
export type StartedBuild = { readonly run: string; readonly ticket: Json };

export const STARTED_BUILD: DocumentKind = {
  what: 'record of a model under way',
  migrations: [],
  schema: fieldsOf<StartedBuild>({ run: word, ticket: z.json() }),
};

/** How far the changes of a source have been followed between two runs. */
export const FOLLOWED_SOURCE: DocumentKind = {
  what: 'record of how far a source is followed',
  migrations: [],
  schema: fieldsOf<FollowedSource>({ source: word, asOf: instant, at: instant, left: texts }),
};

/** Tables of which files are to be removed at once. */
export type Withdrawn = { readonly tables: string[] };

export const WITHDRAWN_TABLES: DocumentKind = {
  what: 'record of the withdrawn tables',
  migrations: [],
  schema: fieldsOf<Withdrawn>({ tables: texts }),
};

/** Who decides on tables, as the last run made it and saw it. */
export type ReachedAccess = {
  readonly mode: 'hybrid' | 'lake-formation';
  /** Epoch ms. */
  readonly at: number;
  /** How many databases and tables had to be changed for it. */
  readonly changed: number;
};

export const REACHED_ACCESS: DocumentKind = {
  what: 'record of the access mode',
  migrations: [],
  schema: fieldsOf<ReachedAccess>({
    mode: z.enum(['hybrid', 'lake-formation']),
    at: z.number(),
    changed: z.number(),
  }),
};

/** What the columns of a shown table were tagged with. */
export type TaggedTable = {
  /** When the table came into the catalog, epoch ms: one that was dropped and created again has no tags. */
  readonly made: number;
  readonly classes: { readonly [column: string]: PrivacyClass };
};

export const TAGGED_TABLE: DocumentKind = {
  what: 'record of the tags of a table',
  migrations: [],
  schema: fieldsOf<TaggedTable>({ made: z.number(), classes: z.record(text, z.enum(PRIVACY_CLASSES)) }),
};
