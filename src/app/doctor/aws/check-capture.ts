import type { Catalog } from '../../../campus/campus.ts';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import { LakeError } from '../../../errors.ts';
import { connectSis } from '../../../sis/session.ts';
import { count, type Finding, fail, ok, some, warn } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/** What a PostgreSQL must allow the user as which DMS reads its log: docs/sis.md. */
const SERVER = `
SELECT current_setting('wal_level') AS level,
  current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots)::int AS slots,
  current_setting('max_wal_senders')::int AS senders,
  (SELECT setting::int FROM pg_settings WHERE name = 'wal_sender_timeout') AS timeout_ms,
  current_setting('max_slot_wal_keep_size') = '-1' AS unbounded,
  (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user)
    OR EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication' AND pg_has_role(oid, 'MEMBER')) AS may`;

/** Slots that nobody reads, or that cannot be gone on with. */
const SLOTS = `
SELECT slot_name AS name, wal_status AS status FROM pg_replication_slots
WHERE slot_type = 'logical' AND (NOT active OR wal_status IN ('unreserved', 'lost'))`;

interface Server {
  readonly level: string;
  readonly slots: number;
  readonly senders: number;
  readonly timeout_ms: number;
  readonly unbounded: boolean;
  readonly may: boolean;
}

interface Slot {
  readonly name: string;
  readonly status: string;
}

/** DMS demands ten seconds, or no end: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html */
const LEAST_TIMEOUT_MS = 10_000;

/**
 * Whether the databases whose changes are captured let DMS read their log. Asks the database itself. A machine that
 * cannot reach it gets a warning, not a failure: DMS has its own route.
 */
export async function* checkCapture(context: AwsDoctorContext): AsyncGenerator<Finding> {
  const { campus, catalog, account } = context;
  for (const [name, source] of Object.entries(campus.sources)) {
    if (source.kind !== 'postgres' || source.replication !== 'full-load-and-cdc') continue;
    const tasks = tasksOf(catalog, name, campus.aws?.replication?.tablesPerTask ?? account.tablesPerTask);
    try {
      yield* await capture(name, source, tasks, await context.secrets.get(source.password));
    } catch (error) {
      if (!(error instanceof LakeError)) throw error;
      yield warn(
        name,
        `whether DMS may read its log is not known: ${error.message}`,
        'ask again where the database is reached, or have its administrator go through docs/sis.md',
      );
    }
  }
}

/** Only tables with a key are followed. */
const tasksOf = (catalog: Catalog, source: string, tablesPerTask: number): number =>
  Math.max(1, Math.ceil(catalog.of(source).filter(({ key }) => key.length > 0).length / tablesPerTask));

async function capture(
  name: string,
  source: SisSourceConfig,
  tasks: number,
  password: string,
): Promise<Finding[]> {
  const connection = await connectSis(source, password);
  try {
    const { rows: servers } = await connection.query(SERVER);
    const { rows: slots } = await connection.query(SLOTS);
    const findings = [
      ...serverFindings(name, source, tasks, servers[0] as Server),
      ...slotFindings(name, slots as Slot[]),
    ];
    return findings.length > 0
      ? findings
      : [ok(name, `its log can be read, for ${count(tasks, 'task')} of DMS`)];
  } finally {
    await connection.end();
  }
}

function* serverFindings(
  name: string,
  { user }: SisSourceConfig,
  tasks: number,
  server: Server,
): Generator<Finding> {
  if (server.level !== 'logical')
    yield fail(
      name,
      `wal_level is ${server.level}, so there are no changes to capture`,
      "ALTER SYSTEM SET wal_level = 'logical' and a restart; on Amazon RDS rds.logical_replication = 1",
    );
  if (!server.may)
    yield fail(
      name,
      `the user ${user} may not read the log`,
      `ALTER ROLE ${user} REPLICATION; on Amazon RDS GRANT rds_replication TO ${user}`,
    );
  // Those of DMS may be among the slots in use, so too few free ones is a warning.
  if (server.slots < tasks || server.senders < tasks)
    yield warn(
      name,
      `DMS needs ${count(tasks, 'slot')}: ${server.slots} are free, and max_wal_senders is ${server.senders}`,
      'raise max_replication_slots and max_wal_senders, unless the slots in use are those of DMS',
    );
  if (server.timeout_ms !== 0 && server.timeout_ms < LEAST_TIMEOUT_MS)
    yield warn(name, `wal_sender_timeout is ${server.timeout_ms} ms`, 'set it to 10 s at least, or to 0');
  if (server.unbounded)
    yield warn(
      name,
      'nothing bounds the log that a slot holds back: while nobody reads it, the disk of the SIS fills',
      'set max_slot_wal_keep_size: longer than the longest outage, shorter than the disk',
    );
}

function* slotFindings(name: string, slots: readonly Slot[]): Generator<Finding> {
  const lost = slots.filter(({ status }) => status === 'lost').map((slot) => slot.name);
  const idle = slots.filter(({ status }) => status !== 'lost').map((slot) => slot.name);
  if (lost.length > 0)
    yield warn(
      name,
      `the log that ${some(lost)} had to read is gone`,
      'if it is one of DMS, the next run reloads everything by itself; otherwise drop it',
    );
  if (idle.length > 0)
    yield warn(
      name,
      `nobody reads ${some(idle)}, and the SIS keeps its log for it`,
      'look at its task in the console of DMS; SELECT pg_drop_replication_slot(…) what nobody needs',
    );
}
