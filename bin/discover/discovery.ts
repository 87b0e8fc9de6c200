import type { Campus } from '../../src/campus/campus.ts';
import type { DiscoveryChanges } from '../../src/campus/discover/found.ts';
import { mergeCatalog } from '../../src/campus/discover/merge.ts';
import { catalogParts, schemaReference } from '../../src/campus/discover/parts.ts';
import { proposePrivacy } from '../../src/privacy/propose.ts';
import { type ReadOptions, readSource, type SourceReading } from './read-source.ts';

export interface Discovery {
  readonly reading: SourceReading;
  readonly changes: DiscoveryChanges;
  /** Texts of the catalog files that change, by path. Nothing is written yet. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface DiscoveryOptions extends ReadOptions {
  /** Write new tables with `load: off`. */
  readonly off?: boolean;
}

/** Reads a live source and works out what the catalog would become. */
export async function discovery(
  campus: Campus,
  source: string,
  options: DiscoveryOptions = {},
): Promise<Discovery> {
  const reading = await readSource(campus, source, options);
  const { parts, partFor } = await catalogParts(campus, source);
  const kind = campus.sources[source]!.kind;
  const merged = mergeCatalog({
    source,
    found: reading.tables,
    parts,
    partFor,
    campus,
    schema: schemaReference(campus),
    propose: (table, column) =>
      proposePrivacy({
        name: column.name,
        type: column.type,
        table: table.table,
        namespace: table.namespace,
        sourceType: column.sourceType,
        source: kind,
        siblings: table.columns.map((c) => c.name),
        key: table.key.includes(column.name),
      }),
    today: new Date().toISOString().slice(0, 10),
    off: options.off,
    scope: reading.scope,
    unread: reading.unread,
  });
  return { reading, ...merged };
}
