import { PassThrough, type Readable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Rewritten, RowField, RowRules } from '../../../ports/eraser.ts';
import type { StoredObject } from '../../../ports/objects.ts';
import { RawDataError } from '../athena/errors.ts';
import { type Judged, judgeOf } from './judge-rows.ts';
import { COMPRESSORS } from './parquet-codecs.ts';
import { openParquet, type ParquetPlace, type ParquetRows, pathOf, type Values } from './parquet-rows.ts';
import { leavesOf, physical, textOfValue } from './parquet-texts.ts';

/** The distinct texts of fields in rows of a Parquet object that are theirs. See `Eraser.matchesInFile`. */
export async function matchesInParquet(
  place: ParquetPlace,
  key: string,
  rules: RowRules,
  wanted: readonly RowField[],
): Promise<(string | null)[][]> {
  const file = await openParquet(place, key);
  const judge = judgeOf(file, rules);
  const found = new Map<string, (string | null)[]>();
  for (const group of file.groups()) {
    const { isTheirs } = await judge(group);
    const rows = Array.from({ length: group.rows }, (_, row) => row).filter(isTheirs);
    if (rows.length === 0) continue;
    const texts = await Promise.all(
      wanted.map((field) => (file.has(field) ? file.texts(group, field) : () => null)),
    );
    for (const row of rows) {
      const own = texts.map((textAt) => textAt(row));
      found.set(JSON.stringify(own), own);
    }
  }
  return wanted.length === 0 ? [] : [...found.values()];
}

/** Replaces a Parquet object by one without rows. See `Eraser.rewriteFile`. */
export async function rewriteParquet(
  place: ParquetPlace,
  key: string,
  rules: RowRules,
  before: (done: Rewritten) => Promise<void>,
): Promise<(Rewritten & { readonly object: StoredObject }) | undefined> {
  const file = await openParquet(place, key);
  const judge = judgeOf(file, rules);
  const done = { removed: 0, masked: 0, emptied: 0 };
  for (const group of file.groups()) {
    const judged = await judge(group);
    for (let row = 0; row < group.rows; row++) {
      if (!judged.isTheirs(row)) done.emptied += judged.mentions(row).length;
      else if (rules.masks) done.masked += 1;
      else done.removed += 1;
    }
  }
  if (done.removed + done.masked + done.emptied === 0) return undefined;
  checkWritable(file, key);
  await before(done);
  return { ...done, object: await place.objects.put(key, changedFile(file, rules, judge)) };
}

/** @throws RawDataError for a file of a kind that would not come out as it is */
function checkWritable({ metadata }: ParquetRows, key: string): void {
  const odd = metadata.schema.find(
    ({ num_children: children, repetition_type: repeats, logical_type: logical }) =>
      repeats === 'REPEATED' || (children ? logical !== undefined : false),
  );
  if (!odd) return;
  throw new RawDataError(`The column ${odd.name} of ${key} holds lists or maps: it cannot be rewritten.`, {
    about: key,
    hint: 'load the dataset again as JSON Lines, and delete the file',
  });
}

function changedFile(
  file: ParquetRows,
  rules: RowRules,
  judge: (group: ReturnType<ParquetRows['groups']> extends Iterable<infer G> ? G : never) => Promise<Judged>,
): Readable {
  const through = new PassThrough();
  const write = async () => {
    const writer = streaming(through);
    const { key_value_metadata: kvMetadata, created_by: createdBy } = file.metadata;
    const schema = file.metadata.schema.map(withoutOldInstants);
    // Least and greatest values of a column would show in the footer what one row holds.
    const parquet = new ParquetWriter({
      writer,
      schema: physical(schema),
      codec: file.codec,
      compressors: COMPRESSORS as never,
      statistics: false,
      kvMetadata,
      createdBy,
    });
    const change = changesOf(file, rules);
    for (const group of file.groups()) {
      const judged = await judge(group);
      const rows = Array.from({ length: group.rows }, (_, row) => row).filter(
        (row) => rules.masks !== undefined || !judged.isTheirs(row),
      );
      if (rows.length === 0) continue;
      const columnData = [];
      for (const name of file.columns)
        columnData.push({ name, data: change(name, await group.column(name), rows, judged) });
      await parquet.write({ columnData, rowGroupSize: rows.length });
    }
    parquet.schema = schema;
    await parquet.finish();
    await writer.flush();
    through.end();
  };
  write().catch((error: unknown) => through.destroy(error as Error));
  return through;
}

/** Instants of 96 bits are read only: they become microseconds, as which every reader of the lake takes both. */
const withoutOldInstants = (element: SchemaElement): SchemaElement =>
  element.type === 'INT96' ? { ...element, type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } : element;

type ColumnChange = (name: string, values: Values, rows: readonly number[], judged: Judged) => unknown[];

function changesOf(file: ParquetRows, rules: RowRules): ColumnChange {
  const leaves = leavesOf(file.metadata.schema);
  const touched = [
    ...rules.mentions,
    ...(rules.masks?.emptied ?? []),
    ...(rules.masks?.replaced ?? []),
  ].filter((field) => file.has(field));
  return (name, values, rows, judged) => {
    const own = touched.filter(({ section, name: field }) => sameName(section ?? field, name));
    const old = leaves.get(name.toLowerCase())?.type === 'INT96';
    return rows.map((row) => {
      const value = old ? microsOf(values[row]) : values[row];
      if (own.length === 0) return value;
      const theirs = judged.isTheirs(row);
      const named = theirs ? [] : judged.mentions(row).map(pathOf);
      return own.reduce((now, field) => {
        const path = pathOf(field);
        if (!theirs) return named.includes(path) ? withField(now, field, null) : now;
        if (!rules.masks) return now;
        if (rules.masks.emptied.some((one) => pathOf(one) === path)) return withField(now, field, null);
        if (!rules.masks.replaced.some((one) => pathOf(one) === path)) return now;
        const text = textOfValue(fieldOf(now, field), leaves.get(path)!);
        return text === null ? now : withField(now, field, Buffer.from(rules.masks.surrogateOf(text)));
      }, value);
    });
  };
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const microsOf = (nanos: unknown): bigint | null =>
  nanos === null || nanos === undefined ? null : (nanos as bigint) / 1000n;

const ownName = (struct: object, name: string): string =>
  Object.keys(struct).find((key) => sameName(key, name)) ?? name;

function fieldOf(value: unknown, { section, name }: RowField): unknown {
  if (!section) return value;
  if (value === null || value === undefined) return undefined;
  return (value as Record<string, unknown>)[ownName(value, name)];
}

function withField(value: unknown, { section, name }: RowField, to: unknown): unknown {
  if (!section) return to;
  if (value === null || value === undefined) return value;
  return { ...(value as object), [ownName(value, name)]: to };
}

/** Bytes that go on to a stream after each row group, and no faster than it takes them. */
function streaming(to: PassThrough): ByteWriter & { flush(): Promise<void> } {
  const writer = new ByteWriter();
  return Object.assign(writer, {
    async flush() {
      const bytes = Buffer.from(writer.buffer.slice(0, writer.index));
      writer.index = 0;
      if (bytes.length === 0 || to.write(bytes)) return;
      await new Promise<void>((resolve, reject) => {
        to.once('drain', resolve);
        to.once('close', () => reject(to.errored ?? new Error('the upload was closed')));
      });
    },
  });
}
