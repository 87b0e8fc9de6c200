import PQueue from 'p-queue';
import type { Campus } from '../../campus/campus.ts';
import type { CanvasSourceConfig, SisSourceConfig } from '../../campus/campus-schema.ts';
import type { FoundTable } from '../../campus/discover/found.ts';
import { UnknownSourceError } from '../../campus/errors.ts';
import { InputError } from '../../errors.ts';
import { failureOf } from '../../failure.ts';
import { openCanvas } from '../../lms/canvas/canvas-source.ts';
import { LmsAuthenticationError, LmsForbiddenError } from '../../lms/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { openSecrets } from '../../platform/secrets.ts';
import type { LmsTable } from '../../ports/lms-source.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { inspectSis, type SisTable } from '../../sis/inspect.ts';
import { connectSis } from '../../sis/session.ts';
import { travelType } from '../../sis/types.ts';
import { whyUnfit } from '../../sis/unfit.ts';
import { readLabels } from './read-labels.ts';

/** What a live source answers. */
export interface SourceReading {
  readonly tables: FoundTable[];
  /** Namespaces that could be listed: what is not in them can be there. Absent: all of the source was. */
  readonly scope?: readonly string[];
  /** Tables that are there and could not be read. */
  readonly unread: (LmsTable & { reason: string })[];
  /** Remarks for the person who reads the summary. */
  readonly remarks: string[];
}

export interface ReadOptions {
  /** Token buckets of what is asked over REST. */
  readonly limits: RateLimits;
  /** Views of the database too. Default: those that the catalog lists. */
  readonly views?: boolean;
  /** Whether the catalog lists a table, by `namespace.table`. Default: it lists none. */
  readonly isListed?: (id: string) => boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Asks a live source of the campus for its tables.
 * @throws UnknownSourceError; InputError for a database that only AWS DMS speaks to
 */
export async function readSource(campus: Campus, name: string, options: ReadOptions): Promise<SourceReading> {
  const source = campus.sources[name];
  if (!source) throw new UnknownSourceError(name, Object.keys(campus.sources));
  if (source.kind === 'canvas') return readCanvas(campus, name, source, options);
  if (source.kind === 'postgres') return readSis(campus, source, options);
  throw new InputError(`${name} has kind: ${source.kind}, which cannot be discovered`, {
    about: name,
    hint: 'Write its tables into the catalog by hand (docs/adding-a-dataset.md); AWS DMS copies what it lists.',
  });
}

async function readCanvas(
  campus: Campus,
  name: string,
  config: CanvasSourceConfig,
  { limits, signal, progress }: ReadOptions,
): Promise<SourceReading> {
  const platform = {
    clock: systemClock,
    limits,
    secrets: openSecrets({ root: campus.root }),
  };
  const canvas = openCanvas(name, config, platform, { signal });
  const scope: string[] = [];
  const reading: SourceReading = { tables: [], scope, unread: [], remarks: [] };
  const wanted: LmsTable[] = [];
  for (const namespace of config.namespaces) {
    try {
      wanted.push(...(await canvas.list(namespace)).map((table) => ({ namespace, table })));
      scope.push(namespace);
    } catch (error) {
      rethrowUnlessAboutOne(error);
      reading.remarks.push(`namespace ${namespace} was left out: ${failureOf(error).message}`);
    }
  }
  let done = 0;
  const queue = new PQueue({ concurrency: 8 });
  await queue.addAll(
    wanted.map((table) => async () => {
      try {
        const { columns } = await canvas.schema(table);
        const key = columns.filter((c) => c.section === 'key').map((c) => c.name);
        reading.tables.push({ ...table, columns, key });
      } catch (error) {
        rethrowUnlessAboutOne(error);
        reading.unread.push({ ...table, reason: failureOf(error).message });
      }
      progress?.(++done, wanted.length);
    }),
  );
  reading.tables.sort(byName);
  return reading;
}

/** Bad credentials concern every table; anything else may concern one. */
function rethrowUnlessAboutOne(error: unknown): void {
  if (error instanceof LmsAuthenticationError || error instanceof LmsForbiddenError) throw error;
  if (!(error instanceof Error) || (error as { status?: number }).status === undefined) throw error;
}

async function readSis(
  campus: Campus,
  config: SisSourceConfig,
  options: ReadOptions,
): Promise<SourceReading> {
  const password = await openSecrets({ root: campus.root }).get(config.password);
  const connection = await connectSis(config, password, options.signal);
  try {
    const found = await inspectSis(connection, { schemas: config.schemas, encoding: config.encoding });
    const isWanted = (t: SisTable) =>
      t.kind === 'table' || options.views || options.isListed?.(`${t.schema}.${t.name}`);
    const taken = found.filter(isWanted);
    const labels = await readLabels(connection, taken);
    const left = found.filter((t) => !isWanted(t));
    const remarks = left.length > 0 ? [`${left.length} views were left out; --views takes them too`] : [];
    for (const table of taken) {
      const unfit = whyUnfit(table);
      if (unfit) remarks.push(`${table.schema}.${table.name} cannot be loaded: ${unfit}`);
    }
    if (found.length === 0)
      remarks.push(
        `the database ${config.database} has no table that the user ${config.user} can see: nothing is taken to be gone`,
      );
    return {
      tables: taken.map((t) => ({
        namespace: t.schema,
        table: t.name,
        key: t.key,
        kind: t.kind,
        description: t.comment,
        unfit: whyUnfit(t),
        columns: t.columns.map((c) => ({
          name: c.name,
          type: travelType(c.type).lake,
          sourceType: c.type,
          nullable: c.nullable,
          description: c.comment ?? labels.get(`${t.schema}.${t.name}.${c.name}`),
        })),
      })),
      ...(found.length === 0 ? { scope: [] } : config.schemas ? { scope: config.schemas } : {}),
      unread: left.map((v) => ({ namespace: v.schema, table: v.name, reason: 'a view' })),
      remarks,
    };
  } finally {
    await connection.end();
  }
}

function byName(a: FoundTable, b: FoundTable): number {
  const [x, y] = [`${a.namespace}.${a.table}`, `${b.namespace}.${b.table}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
