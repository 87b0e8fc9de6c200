import type { DiscoveryChanges } from '../../campus/discover/found.ts';
import { catalogParts } from '../../campus/discover/parts.ts';
import { countProposed } from '../../campus/discover/proposed.ts';
import { SecretError } from '../../platform/secrets.ts';
import { capturesChanges } from '../../sis/capture.ts';
import { discovery } from '../discover/discovery.ts';
import { checkLog } from './check-log.ts';
import { checkSisUser } from './check-sis-user.ts';
import { count, type DoctorContext, type Finding, fail, failed, ok, some, warn } from './finding.ts';

/** Every source: reachable, credentials good, and the catalog as the source is now. */
export async function* checkSources(context: DoctorContext): AsyncGenerator<Finding> {
  const { campus, catalog } = context;
  if (Object.keys(campus.sources).length === 0)
    yield fail('sources', 'campus.yaml names none', 'add one under sources: (lake init shows how)');
  for (const [name, source] of Object.entries(campus.sources)) {
    try {
      const { reading, changes } = await discovery(campus, name, {
        limits: context.limits,
        signal: context.signal,
      });
      yield ok(name, `reached with good credentials, ${count(reading.tables.length, 'table')}`);
      if (source.kind === 'postgres') yield* await checkSisUser(context, name, source);
      if (source.kind === 'postgres' && capturesChanges(source)) yield* checkLog(context, name, source);
      yield* compare(context, name, changes);
      for (const { namespace, table, reason } of reading.unread)
        if (reason !== 'a view')
          yield warn(
            name,
            `${namespace}.${table} could not be read: ${reason}`,
            'look again later; if it stays so, ask the support of the source',
          );
    } catch (error) {
      yield error instanceof SecretError
        ? fail(name, 'was not asked, as a secret of it is missing', 'fix the secret first')
        : failed(name, error);
      continue;
    }
    const wanted = catalog.of(name).length;
    if (source.kind === 'canvas' && wanted > 3 * source.jobsPerMinute)
      yield ok(
        name,
        `a first load takes at least ${Math.ceil(wanted / source.jobsPerMinute)} minutes: ${wanted} tables at ${source.jobsPerMinute} jobs a minute`,
      );
  }
  yield* proposals(context);
}

/** What discovery would change tells how far the catalog is from the source. */
function* compare(
  { campus, catalog }: DoctorContext,
  name: string,
  changes: DiscoveryChanges,
): Generator<Finding> {
  const loaded = new Set(catalog.of(name).map((d) => d.id));
  const gone = changes.goneTables.filter((id) => loaded.has(id));
  const discover = `lake discover ${name}`;
  if (loaded.size === 0)
    yield fail(name, 'the catalog lists no table of it to load: a run would stop at it', discover);
  // Of a database `checkSisUser` asks for each table by name, in whatever schema.
  if (gone.length > 0 && campus.sources[name]?.kind !== 'postgres')
    yield fail(
      name,
      `${some(gone)}: in the catalog, and gone at the source`,
      'set load: off on them, or ask what has become of them',
    );
  if (changes.goneColumns.length > 0)
    yield warn(
      name,
      `columns gone at the source: ${some(changes.goneColumns.map((c) => `${c.id}.${c.column}`))}`,
      `they stay empty from now on; ${discover} marks them`,
    );
  if (changes.newTables.length + changes.newColumns.length > 0)
    yield warn(
      name,
      `at the source and not in the catalog, so not loaded: ${count(changes.newTables.length, 'table')}, ${count(changes.newColumns.length, 'column')}`,
      discover,
    );
  if (changes.changed.length > 0)
    yield warn(
      name,
      `columns that are now another type: ${some(changes.changed.map((c) => `${c.id}.${c.column} (${c.from} → ${c.to})`))}`,
      `change the type in the catalog, or run ${discover}`,
    );
  if (changes.changedKeys.length > 0)
    yield warn(
      name,
      `tables with another key: ${some(changes.changedKeys.map((k) => `${k.id} (${k.to.join(', ')})`))}`,
      'change the key in the catalog and reload the table',
    );
  if (changes.changedKinds.length > 0)
    yield fail(
      name,
      `otherwise in the catalog: ${some(changes.changedKinds.map((k) => `${k.id} (a ${k.to} at the source)`))}`,
      `run ${discover}, which says kind: on them`,
    );
  const still = Object.entries(changes).every(([, list]) => !Array.isArray(list) || list.length === 0);
  if (still && loaded.size > 0) yield ok(name, 'the catalog says what the source has');
}

/** Lines that discovery proposed and nobody has looked at. */
async function* proposals({ campus, catalog }: DoctorContext): AsyncGenerator<Finding> {
  let columns = 0;
  for (const source of Object.keys(campus.sources))
    for (const { text, value } of (await catalogParts(campus, source)).parts)
      columns += countProposed(text ?? '', value);
  const { undecided = [] } = catalog;
  if (undecided.length > 0 && campus.privacy.undecided === 'refuse')
    yield fail(
      'catalog',
      `${count(undecided.length, 'column')} that look sensitive and that nobody has decided on: no run starts (privacy.undecided: refuse)`,
      'lake privacy review asks about each',
    );
  if (undecided.length > 0 && campus.privacy.undecided === 'leave_behind')
    yield warn(
      'catalog',
      `${count(undecided.length, 'column')} that look sensitive and that nobody has decided on: not loaded (privacy.undecided: leave_behind)`,
      'lake privacy review asks about each',
    );
  if (columns > 0)
    yield warn(
      'catalog',
      `${count(columns, 'loaded column')} with a proposed privacy class that nobody has looked at`,
      'lake review lists them by table, and takes the marks away with --accept',
    );
}
