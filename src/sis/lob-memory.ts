import type { Campus, CatalogDataset } from '../campus/campus.ts';
import { treatmentOf } from '../campus/treatment.ts';

/** Values of so many KB or more fail their table, where campus.yaml does not say `maxLobKb`. */
export const MAX_LOB_KB = 31;
/** Connections to the SIS where campus.yaml names no number: DMS's own default. */
export const CONNECTIONS = 8;
/** DMS reads at most so many tables at once in a task (`MaxFullLoadSubTasks`). */
export const MOST_TABLES_AT_ONCE = 49;
/** DMS's own default of the rows that it moves together. */
const USUAL_COMMIT_RATE = 10_000;
/** With fewer rows together, fewer tables at once are better. */
const SMALL_COMMIT_RATE = 500;
/** With fewer the overhead of each batch outweighs its rows. */
const LEAST_COMMIT_RATE = 100;

/**
 * `LobMaxSize` of a DMS task, in KB, for a limit of the lake. DMS cuts what is longer, and its documents do not say
 * whether it counts bytes or characters of two bytes. Twice the limit is safe by either count: a value that was cut is
 * still at least as long as the limit, so staging, which measures every value, finds it.
 */
export const lobMaxSizeOf = (maxLobKb: number): number => 2 * maxLobKb;

/**
 * For each dataset, how many of its columns DMS may carry as LOBs: the texts and binary values that leave the source.
 * The catalog does not know which texts have a length at the source, so all of them count. Falling; as many as DMS can
 * read at once.
 */
export function lobColumnsOf(campus: Pick<Campus, 'privacy'>, datasets: readonly CatalogDataset[]): number[] {
  const counts = datasets.map(
    ({ columns }) =>
      columns.filter(
        (column) =>
          (column.type === 'varchar' || column.type === 'varbinary') &&
          column.copyAs !== 'text' &&
          treatmentOf(campus, column) !== 'exclude',
      ).length,
  );
  return counts.sort((a, b) => b - a).slice(0, MOST_TABLES_AT_ONCE);
}

/** How a load is made to fit into the memory of DMS. */
export interface LobPlan {
  /** Tables that are copied at once, in all tasks of the source. */
  readonly tablesAtOnce: number;
  /** Rows that DMS moves together (`CommitRate`). */
  readonly commitRate: number;
  /** LOB columns of the tables that are copied at once, at most. */
  readonly lobColumns: number;
  /** MB that DMS allocates for LOBs, at most. */
  readonly needsMb: number;
  /** MB of the memory that LOBs may take. */
  readonly hasMb: number;
  /** Even the smallest settings ask for no more than there is. */
  readonly fits: boolean;
}

export interface LobNeeds {
  /** MB of memory of the instance, or of one serverless replication; undefined where nobody knows: then 1,024. */
  readonly memoryMb?: number | undefined;
  /** SIS that share the memory. */
  readonly sources: number;
  readonly maxLobKb: number;
  /** As `lobColumnsOf` counts them. */
  readonly lobColumns: readonly number[];
  /** Connections that the source bears. */
  readonly connections: number;
}

/**
 * Chooses how many rows and tables DMS takes at once. By its documents it allocates `LobMaxSize` x `CommitRate` x the
 * number of LOB columns for each table that it loads, and swaps where the memory is not there. LOBs get half of the
 * memory; the other half is the engine's own. First fewer rows are taken together, then fewer tables at once.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.LOBSupport.html
 */
export function lobPlan({ memoryMb = 1024, sources, maxLobKb, lobColumns, connections }: LobNeeds): LobPlan {
  const hasMb = Math.floor(memoryMb / 2 / Math.max(1, sources));
  const most = Math.max(1, Math.min(connections, MOST_TABLES_AT_ONCE));
  const planFor = (tablesAtOnce: number): LobPlan => {
    const columns = lobColumns.slice(0, tablesAtOnce).reduce((sum, count) => sum + count, 0);
    const kbOfARow = lobMaxSizeOf(maxLobKb) * columns;
    const rows = kbOfARow === 0 ? USUAL_COMMIT_RATE : Math.floor((hasMb * 1024) / kbOfARow);
    const commitRate = Math.max(LEAST_COMMIT_RATE, Math.min(USUAL_COMMIT_RATE, rows));
    const needsMb = Math.ceil((kbOfARow * commitRate) / 1024);
    return { tablesAtOnce, commitRate, lobColumns: columns, needsMb, hasMb, fits: rows >= LEAST_COMMIT_RATE };
  };
  for (let tables = most; tables > 1; tables--) {
    const plan = planFor(tables);
    if (plan.commitRate >= SMALL_COMMIT_RATE && plan.fits) return plan;
  }
  return planFor(1);
}

/** GB of memory of the smallest size (`large`) of a family, by the letter that begins it. */
const GB_OF_LARGE: Readonly<Record<string, number>> = { c: 4, m: 8, r: 16 };
const GB_OF_T: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
};

/**
 * MB of memory of a class of DMS instances; undefined for one of a family that is not known here.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_ReplicationInstance.Types.html
 */
export function memoryOfClass(instance: string): number | undefined {
  const [, family = '', size = ''] = instance.split('.');
  if (family.startsWith('t')) {
    const gb = GB_OF_T[size];
    return gb === undefined ? undefined : gb * 1024;
  }
  const large = GB_OF_LARGE[family[0] ?? ''];
  const times = size === 'large' ? 1 : size === 'xlarge' ? 2 : 2 * Number(/^(\d+)xlarge$/.exec(size)?.[1]);
  return large === undefined || Number.isNaN(times) ? undefined : large * times * 1024;
}
