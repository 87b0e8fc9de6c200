import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { isLosslessNumber, parse as parseLossless } from 'lossless-json';
import { z } from 'zod';
import type { ObjectStore } from '../../../ports/objects.ts';
import { AthenaError } from './errors.ts';

/** Snapshot ids are numbers of 64 bits, which JSON.parse would round: they are kept as text. */
const id = z.preprocess((value) => (isLosslessNumber(value) ? value.toString() : value), z.string());
const count = z.preprocess(
  (value) => (isLosslessNumber(value) ? Number(value.toString()) : value),
  z.number(),
);

const fieldSchema = z.object({ id: count, name: z.string(), required: z.boolean(), type: z.unknown() });

/** What the lake reads of an Iceberg table's metadata file: https://iceberg.apache.org/spec/#table-metadata */
const metadataSchema = z.object({
  'format-version': count,
  'last-column-id': count,
  'current-schema-id': count,
  schemas: z.array(z.object({ 'schema-id': count, fields: z.array(fieldSchema) })),
  'current-snapshot-id': id.nullish(),
  snapshots: z
    .array(
      z.object({
        'snapshot-id': id,
        'timestamp-ms': count,
        summary: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
});

export interface IcebergField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  /** A type's name; of nested types, which the lake does not make, an object. */
  readonly type: unknown;
}

export interface IcebergSnapshot {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  /** Counts of files and rows, as text. */
  readonly summary: Readonly<Record<string, string>>;
}

export interface IcebergMetadata {
  readonly lastColumnId: number;
  readonly schemaId: number;
  readonly fields: readonly IcebergField[];
  readonly snapshots: readonly IcebergSnapshot[];
  /** Undefined before the first row. */
  readonly current?: IcebergSnapshot;
}

/** @throws AthenaError when the file is not there or is no metadata of Iceberg's */
export async function readMetadata(objects: ObjectStore, location: string): Promise<IcebergMetadata> {
  const key = keyOfUri(location);
  try {
    const bytes = await buffer(await objects.get(key));
    return parseMetadata(
      (key.endsWith('.gz') || key.includes('.gz.') ? gunzipSync(bytes) : bytes).toString(),
    );
  } catch (error) {
    throw new AthenaError(`The metadata of an Iceberg table cannot be read at ${location}.`, {
      cause: error,
      about: location,
      hint: 'load a snapshot of the dataset; it makes the table again',
    });
  }
}

/** The text of a metadata file as what the lake needs of it. */
export function parseMetadata(text: string): IcebergMetadata {
  const raw = metadataSchema.parse(parseLossless(text));
  const snapshots = (raw.snapshots ?? []).map((snapshot) => ({
    id: snapshot['snapshot-id'],
    at: snapshot['timestamp-ms'],
    summary: snapshot.summary ?? {},
  }));
  const schema = raw.schemas.find((one) => one['schema-id'] === raw['current-schema-id']);
  return {
    lastColumnId: raw['last-column-id'],
    schemaId: raw['current-schema-id'],
    fields: schema?.fields ?? [],
    snapshots,
    current: snapshots.find((snapshot) => snapshot.id === raw['current-snapshot-id']),
  };
}

/** The key of an object in the lake's buckets: keys are the same in all of them. */
export const keyOfUri = (uri: string): string => uri.replace(/^s3[an]?:\/\/[^/]+\//, '');
