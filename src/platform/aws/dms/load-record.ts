import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../../../json.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { ReplicationRequest, ReplicationStatus } from '../../../ports/replication.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../../state/document.ts';
import { count, fieldsOf, instant, text, texts, word } from '../../../state/parts.ts';
import { ReplicationError } from './errors.ts';

export type Outcome = Extract<ReplicationStatus, { done: true }>;

/** What is kept of a load in addition to what DMS knows: enough to go on with it anywhere. Plain JSON. */
export interface LoadRecord {
  readonly request: ReplicationRequest;
  readonly tasks: LoadTask[];
  /** Endpoints whose connection was tested again for this load. */
  readonly tested: string[];
  /** What a person who watches should know of it. */
  readonly remarks?: string[];
  /** Limit of long values with which its tasks are made, in KB. Absent: an earlier version made it. */
  readonly maxLobKb?: number;
  /** How it ended. Absent: it is under way. */
  readonly outcome?: Outcome;
}

export interface LoadTask {
  /** DMS's identifier of the task. */
  readonly id: string;
  readonly mappings: Json;
  /** How often it was resumed after it had broken off. */
  readonly resumed: number;
}

export const LOAD_RECORD: DocumentKind = {
  what: 'record of a load by DMS',
  migrations: [],
  schema: fieldsOf<LoadRecord>({
    request: z.looseObject({ source: word, load: word, prefix: text }),
    tasks: z.array(fieldsOf<LoadTask>({ id: word, mappings: z.json(), resumed: count })),
    tested: texts,
    remarks: texts.optional(),
    maxLobKb: count.optional(),
    outcome: z
      .looseObject({ done: z.literal(true), snapshotAt: instant, tables: z.array(z.json()) })
      .optional(),
  }),
  whenDamaged: 'Delete it and start a new run, which loads the source again.',
};

const keyOf = (task: string) => `replication/${task}.json`;

/** The name of a load, as `poll` is given it. */
export const nameOf = ({ source, load }: Pick<ReplicationRequest, 'source' | 'load'>) => `${source}/${load}`;

export async function readRecord(objects: ObjectStore, task: string): Promise<LoadRecord | undefined> {
  const stored = await objects.getText(keyOf(task));
  return stored === undefined ? undefined : parseDocument<LoadRecord>(LOAD_RECORD, stored, keyOf(task));
}

export async function writeRecord(objects: ObjectStore, record: LoadRecord): Promise<LoadRecord> {
  await objects.putText(keyOf(nameOf(record.request)), JSON.stringify(encodeDocument(LOAD_RECORD, record)));
  return record;
}

/** @throws ReplicationError for a load that was never started */
export async function recordOf(objects: ObjectStore, task: string): Promise<LoadRecord> {
  const record = await readRecord(objects, task);
  if (record) return record;
  throw new ReplicationError(
    `There is no load ${task}: nothing is known of it in ${objects.uri(keyOf(task))}`,
    {
      about: task,
      hint: 'Start a new run.',
    },
  );
}

/** Every task of a source that the lake makes begins so: letters, digits and single hyphens, as DMS demands. */
export function taskPrefix(source: string): string {
  return `lake-${hyphenated(source)}-`;
}

/** DMS's identifier of the n-th task that a load makes, of its kind. */
export function taskId(
  { source, load }: Pick<ReplicationRequest, 'source' | 'load'>,
  n: number,
  kind: 'load' | 'changes' = 'load',
): string {
  // What hyphens make alike, the digest keeps apart.
  const digest = createHash('sha256').update(nameOf({ source, load })).digest('hex').slice(0, 8);
  const name = `${hyphenated(load).slice(0, 60)}-${digest}-${kind === 'load' ? '' : 'c'}${n}`;
  return `${taskPrefix(source)}${name}`.replaceAll(/-+/g, '-');
}

const hyphenated = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
