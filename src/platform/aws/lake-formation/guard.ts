import type { GlueClient, Table } from '@aws-sdk/client-glue';
import type { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import PQueue from 'p-queue';
import type { PrivacyClass } from '../../../campus/catalog-schema.ts';
import { LakeError } from '../../../errors.ts';
import { nameOfUnexpected } from '../../../failure.ts';
import type { Json } from '../../../json.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import type { ClassifiedTable, TableGuard } from '../../../ports/table-guard.ts';
import type { TaggedTable } from '../../../state/work-documents.ts';
import { listTables } from '../athena/glue-tables.ts';
import { shownPlace } from '../athena/names.ts';
import type { TableAddress } from '../athena/storage.ts';
import type { AwsPlaces } from '../places.ts';
import { TaggingError } from './errors.ts';
import { type RetryPolicy, tagColumns } from './tag-columns.ts';

export interface LakeFormationGuardOptions {
  /** Makes the access mode true of all tables that there are. */
  readonly reachMode: () => Promise<unknown>;
  readonly lakeFormation: LakeFormationClient;
  readonly glue: GlueClient;
  readonly ledger: LedgerStore;
  readonly places: Pick<AwsPlaces, 'account' | 'databasePrefix'>;
  /** The key of the tag whose values are the privacy classes. */
  readonly tagKey: string;
  /** Default: five attempts, the second after half a second. */
  readonly retries?: RetryPolicy;
}

const PREFIX = 'lake-formation/';
const RETRIES: RetryPolicy = { attempts: 5, firstWaitMs: 500 };
/** Tables at once: Lake Formation refuses what comes too fast. */
const AT_ONCE = 4;

/**
 * Tags the columns of shown tables with their privacy class, by which Lake Formation decides who sees them. Only what
 * differs from what was tagged before; a column without a tag of its own has its database's, the most secret class.
 */
export function openLakeFormationGuard(options: LakeFormationGuardOptions): TableGuard {
  return {
    classify: async (tables) => {
      // What could not be tagged is hidden from all but stewards, so that is no reason to leave anything open.
      const [tagged, reached] = await inOrder(() => classify(options, tables), options.reachMode);
      if (reached.status === 'rejected') throw reached.reason;
      if (tagged.status === 'rejected') throw tagged.reason;
      return tagged.value;
    },
  };
}

/** One after the other, whatever becomes of the first. */
async function inOrder<A, B>(
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[PromiseSettledResult<A>, PromiseSettledResult<B>]> {
  const [a] = await Promise.allSettled([first()]);
  const [b] = await Promise.allSettled([second()]);
  return [a, b];
}

async function classify(
  options: LakeFormationGuardOptions,
  tables: readonly ClassifiedTable[],
): Promise<{ columns: number }> {
  const { glue, ledger, places } = options;
  const known = new Map(
    (await ledger.list<Json>(PREFIX)).map((record) => [
      record.key.slice(PREFIX.length),
      { value: record.value as unknown as TaggedTable, version: record.version },
    ]),
  );
  const wanted = tables.map((table) => ({ ...table, place: shownPlace(places, table.table) }));
  const shown = new Map<string, Table>();
  for (const database of new Set(wanted.map(({ place }) => place.database))) {
    for (const table of await listTables(glue, database)) shown.set(`${database}.${table.Name}`, table);
  }
  const failures: unknown[] = [];
  let columns = 0;
  const queue = new PQueue({ concurrency: AT_ONCE });
  for (const { table, place, columns: classes } of wanted) {
    const found = shown.get(`${place.database}.${place.name}`);
    const before = known.get(table);
    const made = found?.CreateTime?.getTime() ?? 0;
    const had = before?.value.made === made ? before.value.classes : {};
    const changed = changes(found, had, classes);
    if (changed.length === 0) continue;
    void queue
      .add(async () => {
        for (const [privacy, names] of byClass(changed)) await tagTable(options, place, privacy, names);
        const value: TaggedTable = { made, classes: { ...had, ...Object.fromEntries(changed) } };
        await ledger.write(PREFIX + table, value, before?.version);
        columns += changed.length;
      })
      .catch((error: unknown) => failures.push(error));
  }
  await queue.onIdle();
  if (failures.length > 0) throw notTagged(failures);
  return { columns };
}

/** Columns that the table has by now and whose class is not the one that was tagged. */
function changes(
  found: Table | undefined,
  had: TaggedTable['classes'],
  classes: ClassifiedTable['columns'],
): [string, PrivacyClass][] {
  return (found?.StorageDescriptor?.Columns ?? []).flatMap(({ Name = '' }): [string, PrivacyClass][] => {
    const privacy = classes[Name];
    return privacy !== undefined && had[Name] !== privacy ? [[Name, privacy]] : [];
  });
}

function byClass(columns: readonly [string, PrivacyClass][]): Map<PrivacyClass, string[]> {
  const groups = new Map<PrivacyClass, string[]>();
  for (const [name, privacy] of columns) groups.set(privacy, [...(groups.get(privacy) ?? []), name]);
  return groups;
}

const tagTable = (
  { lakeFormation, places, tagKey, retries = RETRIES }: LakeFormationGuardOptions,
  place: TableAddress,
  privacy: PrivacyClass,
  columns: readonly string[],
) => tagColumns(lakeFormation, { catalog: places.account, key: tagKey }, place, privacy, columns, retries);

function notTagged(failures: readonly unknown[]): TaggingError {
  const [first] = failures;
  const reason = first instanceof LakeError ? first.message : `Tagging failed (${nameOfUnexpected(first)})`;
  const others = failures.length > 1 ? ` So did ${failures.length - 1} more.` : '';
  return new TaggingError(`${reason}.${others} What is new in them stays hidden from all but stewards`, {
    about: 'lake-formation',
    cause: first,
    hint: 'What was tagged is kept; the next run tags the rest. docs/deploy.md says what Lake Formation needs.',
  });
}
