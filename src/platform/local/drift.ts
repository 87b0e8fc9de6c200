import { asyncBufferFromFile, parquetMetadataAsync, type SchemaElement } from 'hyparquet';
import PQueue from 'p-queue';
import type { DriftDetector, FoundTable } from '../../ports/drift.ts';
import type { ObjectStore } from '../../ports/objects.ts';

/** Footers read at once: files of this machine, some kilobytes each. */
const FOOTERS_AT_ONCE = 8;

/** Reads the footer of one file of each table, there and then: on one machine it is always time to look. */
export function openLocalDrift(objects: ObjectStore): DriftDetector {
  return {
    start: async () => true,
    async poll({ prefix }) {
      const files = new Map<string, string>();
      for (const key of await objects.list(prefix)) {
        const [schema, table, file] = key.slice(prefix.length).split('/');
        if (schema && table && file?.endsWith('.parquet')) files.set(`${schema}/${table}`, key);
      }
      const queue = new PQueue({ concurrency: FOOTERS_AT_ONCE });
      const tables = [...files].map(([name, key]) => queue.add(() => tableOf(name, objects.uri(key))));
      return { done: true, tables: await Promise.all(tables) };
    },
  };
}

async function tableOf(name: string, path: string): Promise<FoundTable> {
  const [schema = '', table = ''] = name.split('/');
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  const [root, ...elements] = metadata.schema;
  // Files of a SIS are flat: every element after the root is a column.
  const columns = elements
    .slice(0, root?.num_children ?? 0)
    .map((one) => ({ name: one.name, type: typeOf(one) }));
  return { schema, table, columns };
}

/** `INT64`, `DECIMAL(10,2)`, `UTF8`: what Parquet calls it. */
function typeOf({ type, converted_type, logical_type, precision, scale }: SchemaElement): string {
  const name = converted_type ?? logical_type?.type ?? type ?? 'unknown';
  return name === 'DECIMAL' ? `DECIMAL(${precision},${scale ?? 0})` : name;
}
