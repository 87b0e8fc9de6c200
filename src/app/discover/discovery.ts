import type { Campus } from '../../campus/campus.ts';
import type { DiscoveryChanges, FoundTable } from '../../campus/discover/found.ts';
import { mergeCatalog } from '../../campus/discover/merge.ts';
import { catalogParts, schemaReference } from '../../campus/discover/parts.ts';
import { openSecrets } from '../../platform/secrets.ts';
import { proposePrivacy } from '../../privacy/propose.ts';
import { type ReadOptions, readSource, type SourceReading } from './read-source.ts';
import { type Samples, sampleSis } from './sample-sis.ts';

export interface Discovery {
  readonly reading: SourceReading;
  readonly changes: DiscoveryChanges;
  /** Texts of the catalog files that change, by path. Nothing is written yet. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface DiscoveryOptions extends ReadOptions {
  /** Write new tables with `load: off`. */
  readonly off?: boolean;
  /** Rows of each table with something new whose values are sampled too; SIS only. Default: none. */
  readonly sample?: number;
}

/** Reads a live source and works out what the catalog would become. */
export async function discovery(
  campus: Campus,
  source: string,
  options: DiscoveryOptions,
): Promise<Discovery> {
  const { parts, partFor } = await catalogParts(campus, source);
  const listed = new Set(
    parts.flatMap(({ value }) => value.datasets.map(({ namespace, table }) => `${namespace}.${table}`)),
  );
  const reading = await readSource(campus, source, { ...options, isListed: (id) => listed.has(id) });
  const config = campus.sources[source]!;
  const sampled = new Set<FoundTable>();
  const merge = (samples?: Samples) =>
    mergeCatalog({
      source,
      found: reading.tables,
      parts,
      partFor,
      campus,
      schema: schemaReference(campus),
      propose(table, column) {
        sampled.add(table);
        return proposePrivacy({
          name: column.name,
          type: column.type,
          table: table.table,
          namespace: table.namespace,
          description: column.description,
          tableDescription: table.description,
          sourceType: column.sourceType,
          source: config.kind,
          siblings: table.columns.map((c) => c.name),
          key: table.key.includes(column.name),
          samples: samples?.get(table)?.get(column.name),
        });
      },
      today: new Date().toISOString().slice(0, 10),
      off: options.off,
      scope: reading.scope,
      unread: reading.unread,
    });
  const merged = merge();
  if (!options.sample || config.kind !== 'postgres' || sampled.size === 0) return { reading, ...merged };
  const password = await openSecrets({ root: campus.root }).get(config.password);
  const { samples, skipped } = await sampleSis(config, password, sampled, options.sample, options.signal);
  reading.remarks.push(...skipped);
  return { reading, ...merge(samples) };
}
