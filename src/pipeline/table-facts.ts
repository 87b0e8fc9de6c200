import type { KnownDataset } from '../loads/known-datasets.ts';
import { describeStale, oldest } from './model-inputs.ts';
import type { ModelRecord } from './model-record.ts';
import type { Publication, TableFacts } from './publication.ts';

/** What is known of a dataset's published version. */
export function datasetFacts({ dataset: _id, load, ...facts }: KnownDataset): TableFacts {
  return { ...facts, ...(load === undefined ? {} : { run: load }) };
}

/** What is known of a model's published version, in a publication of that run. */
export function modelFacts(
  record: ModelRecord,
  known: ReadonlyMap<string, KnownDataset>,
  run: string,
): TableFacts {
  const { asOf, builtAt, sources = [], header } = record;
  const read = sources.flatMap((source) => known.get(source) ?? []);
  const old = read.filter(({ asOf: time, isStale, whyOld: why }) => isStale || (why && time));
  const whyOld = whyOldModel(record, run) ?? (old.length > 0 ? old.map(describeStale).join('; ') : undefined);
  return {
    ...(asOf === undefined ? {} : { asOf }),
    ...(builtAt === undefined ? {} : { loadedAt: builtAt }),
    run: record.run,
    ...(header?.owner === undefined ? {} : { owner: header.owner }),
    ...(whyOld === undefined ? {} : { whyOld }),
    isStale: read.some(({ isStale }) => isStale) || record.run !== run,
    sources,
    ...(header ? { header } : {}),
  };
}

function whyOldModel({ run: builtIn, kept }: ModelRecord, run: string): string | undefined {
  if (builtIn === run) return undefined;
  return kept?.run === run ? `kept as it was: ${kept.why}` : 'it could not be built';
}

/** How far all of these tables are known; undefined where none of them tells. */
export function knownUpTo(facts: Publication['facts'], tables: readonly string[]): string | undefined {
  return oldest(tables.flatMap((table) => facts[table]?.modelAsOf ?? facts[table]?.asOf ?? []));
}
