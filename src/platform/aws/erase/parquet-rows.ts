import {
  type AsyncBuffer,
  type CompressionCodec,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
} from 'hyparquet';
import type { RowField } from '../../../ports/eraser.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import { RawDataError } from '../athena/errors.ts';
import { checkCodec, DECOMPRESSORS } from './parquet-codecs.ts';
import { leavesOf, physical, textOfValue } from './parquet-texts.ts';

/** A column of some rows, as it is stored; a struct is an object of its fields. */
export type Values = ArrayLike<unknown>;

/** Rows of a Parquet file that were written together. */
export interface RowGroupRows {
  readonly rows: number;
  /** A column of them by its name in the file. */
  column(name: string): Promise<Values>;
}

/** A Parquet object, read in parts: a few columns of one row group are in memory at a time. */
export interface ParquetRows {
  readonly metadata: FileMetaData;
  /** The names of the columns in the file. */
  readonly columns: readonly string[];
  readonly codec: CompressionCodec;
  groups(): Iterable<RowGroupRows>;
  /** Whether the file has the field. Upper and lower case do not differ. */
  has(field: RowField): boolean;
  /** How the texts of a field are read off a row group; null where empty. @throws RawDataError where it has none */
  texts(group: RowGroupRows, field: RowField): Promise<(row: number) => string | null>;
}

/** Where Parquet objects lie. */
export interface ParquetPlace {
  readonly objects: ObjectStore;
  /** Parts of an object. */
  buffer(key: string): Promise<AsyncBuffer>;
}

/**
 * Opens a Parquet object. Values are read as they are stored, so that what is written again is the same to the bit:
 * days, microseconds and decimals are numbers, texts are bytes.
 * @throws RawDataError where it is none, or is packed in a way that is not known here
 */
export async function openParquet(place: ParquetPlace, key: string): Promise<ParquetRows> {
  const file = await place.buffer(key);
  const metadata = await parquetMetadataAsync(file, { geoparquet: false }).catch((cause: unknown) => {
    throw new RawDataError(`The file ${key} is no whole Parquet file.`, {
      about: key,
      cause,
      hint: 'the file is damaged or cut short: load the dataset again',
    });
  });
  const codecs = metadata.row_groups.flatMap(({ columns }) =>
    columns.map(({ meta_data: chunk }) => chunk?.codec ?? 'UNCOMPRESSED'),
  );
  for (const codec of new Set(codecs)) checkCodec(codec, key);
  const leaves = leavesOf(metadata.schema);
  const columns = topColumns(metadata);
  const byCase = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const scan = await parquetScan({
    file,
    metadata: { ...metadata, schema: physical(metadata.schema) },
    compressors: DECOMPRESSORS,
    utf8: false,
    geoparquet: false,
    useOffsetIndex: false,
    // Of the oldest kind of instants too the stored number is wanted.
    parsers: { timestampFromNanoseconds: (nanos) => nanos },
  });
  return {
    metadata,
    columns,
    codec: codecs[0] ?? 'SNAPPY',
    *groups() {
      for (const { rowStart, rowEnd } of scan.ranges) {
        yield {
          rows: rowEnd - rowStart,
          column: async (column) => (await scan.readColumn({ column, rowStart, rowEnd })) as Values,
        };
      }
    },
    has: (field) => leaves.has(pathOf(field)),
    async texts(group, field) {
      const element = leaves.get(pathOf(field));
      const column = byCase.get((field.section ?? field.name).toLowerCase());
      if (!element || column === undefined) {
        throw new RawDataError(`The file ${key} has no ${pathOf(field)}.`, { about: key });
      }
      const values = await group.column(column);
      if (!field.section) return (row) => textOfValue(values[row], element);
      return (row) =>
        textOfValue((values[row] as Record<string, unknown> | undefined)?.[element.name], element);
    },
  };
}

export const pathOf = ({ section, name }: RowField): string =>
  (section ? `${section}.${name}` : name).toLowerCase();

function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (children: number): void => {
    for (let i = 0; i < children; i++) skip(schema[at++]!.num_children ?? 0);
  };
  for (let i = 0; i < (schema[0]?.num_children ?? 0); i++) {
    const element = schema[at++]!;
    names.push(element.name);
    skip(element.num_children ?? 0);
  }
  return names;
}
