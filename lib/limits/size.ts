import { CONNECTIONS } from '../../src/sis/lob-memory.ts';
import type { Settings } from '../settings.ts';

/** What decides which limits of AWS a lake comes near to. */
export interface LakeSize {
  /** SIS that DMS copies. */
  readonly sources: number;
  /** Of the largest SIS. */
  readonly tables: number;
  /** Of all sources, the LMS among them. */
  readonly allTables: number;
  /** Columns of a table, on average and of the widest. */
  readonly columns: number;
  readonly widest: number;
  readonly models: number;
  readonly waves: number;
  /** GB of the SIS at its source, all of it and its largest table. */
  readonly gb: number;
  readonly largestGb: number;
  readonly tablesPerTask: number;
  /** Tables of a source that are copied at once. */
  readonly connections: number;
  /** Changes are captured by tasks that stay. */
  readonly captured: boolean;
  /** Datasets of a list that are worked on at once. */
  readonly atOnce: number;
}

/** The campus of this description; what it does not say is asked for. */
export function sizeOf(
  { campus, catalog, sis, replication, tablesAtOnce }: Settings,
  {
    models,
    waves,
    gb,
    largestGb = gb / 4,
  }: {
    readonly models: number;
    readonly waves: number;
    readonly gb: number;
    readonly largestGb?: number;
  },
): LakeSize {
  const datasets = Object.keys(campus.sources).flatMap((source) => [...catalog.of(source)]);
  const widths = datasets.map(({ columns }) => columns.length);
  return {
    sources: sis.length,
    tables: Math.max(0, ...sis.map(([source]) => catalog.of(source).length)),
    allTables: datasets.length,
    columns: Math.ceil(widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length)),
    widest: Math.max(0, ...widths),
    models,
    waves,
    gb,
    largestGb,
    tablesPerTask: replication.tablesPerTask,
    connections: Math.max(...sis.map(([, { maxConnections = CONNECTIONS }]) => maxConnections), 1),
    atOnce: tablesAtOnce,
    captured: sis.some(([, source]) => source.replication === 'full-load-and-cdc'),
  };
}
