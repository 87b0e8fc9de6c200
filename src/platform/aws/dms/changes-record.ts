import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../../../json.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../../state/document.ts';
import { count, fieldsOf, flag, instant, maybeText, text, texts, word } from '../../../state/parts.ts';

/** What is kept of the changes of a SIS in addition to what DMS knows: what its tasks shall be. Plain JSON. */
export interface ChangesRecord {
  readonly source: string;
  /** The load that began it, whose name its folder has. */
  readonly generation: string;
  /** ISO 8601 UTC. */
  readonly begunAt: string;
  /** Key prefix of its folder. */
  readonly folder: string;
  readonly tasks: CaptureTask[];
  /** Tasks made so far: each number is given once. */
  readonly numbered: number;
  /** Endpoints whose connection was tested again for this generation. */
  readonly tested: string[];
  /** Why it cannot go on: the next load begins again. */
  readonly broken?: string;
  /** A table failed, so that at the next opportunity all is loaded again. */
  readonly failing?: boolean;
  /** Limit of long values with which its tasks were made, in KB. Absent: an earlier version made them. */
  readonly maxLobKb?: number;
}

export interface CaptureTask {
  /** DMS's identifier of the task. */
  readonly id: string;
  readonly mappings: Json;
  /** Digest of the mappings that DMS was given. Absent: none, or the process that gave them was killed. */
  readonly given?: string;
  /** How often this load has resumed it. */
  readonly resumed: { readonly load: string; readonly times: number };
  /** When it was last started or resumed, epoch ms. */
  readonly startedAt?: number;
}

export const CHANGES_RECORD: DocumentKind = {
  what: 'record of captured changes',
  migrations: [],
  schema: fieldsOf<ChangesRecord>({
    source: word,
    generation: word,
    begunAt: instant,
    folder: text,
    tasks: z.array(
      fieldsOf<CaptureTask>({
        id: word,
        mappings: z.json(),
        given: maybeText,
        resumed: z.looseObject({ load: text, times: count }),
        startedAt: z.number().optional(),
      }),
    ),
    numbered: count,
    tested: texts,
    broken: maybeText,
    failing: flag,
    maxLobKb: count.optional(),
  }),
  whenDamaged: 'Delete it: the next run loads these tables whole and captures their changes from then on.',
};

/** Of mappings, whatever their rules are called. */
export function digestOf(mappings: Json): string {
  const { rules } = mappings as { rules: { readonly [key: string]: Json }[] };
  const acting = rules.map(({ 'rule-id': _id, 'rule-name': _name, ...rule }) => rule);
  return createHash('sha256').update(JSON.stringify(acting)).digest('hex').slice(0, 16);
}

const keyOf = (source: string) => `replication/${source}-changes.json`;

export async function readChanges(objects: ObjectStore, source: string): Promise<ChangesRecord | undefined> {
  const stored = await objects.getText(keyOf(source));
  return stored === undefined
    ? undefined
    : parseDocument<ChangesRecord>(CHANGES_RECORD, stored, keyOf(source));
}

export async function writeChanges(objects: ObjectStore, record: ChangesRecord): Promise<ChangesRecord> {
  await objects.putText(keyOf(record.source), JSON.stringify(encodeDocument(CHANGES_RECORD, record)));
  return record;
}

export async function forgetChanges(objects: ObjectStore, source: string): Promise<void> {
  await objects.delete([keyOf(source)]);
}
