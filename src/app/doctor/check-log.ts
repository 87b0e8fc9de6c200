import type { SisSourceConfig } from '../../campus/campus-schema.ts';
import { connectSis } from '../../sis/session.ts';
import { type DoctorContext, type Finding, fail, ok, warn } from './finding.ts';

/** Where a slot of this size is nearly lost, in bytes. */
const NEARLY = 1 << 30;

const SERVER = `
SELECT current_setting('wal_level') AS level, current_setting('server_version_num')::int AS version,
  current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots)::int AS free,
  coalesce((SELECT setting = '-1' FROM pg_settings WHERE name = 'max_slot_wal_keep_size'), true) AS unbounded,
  rolreplication OR rolsuper
    OR EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication' AND pg_has_role(oid, 'MEMBER')) AS may,
  $1::text IS NULL OR EXISTS (SELECT FROM pg_publication WHERE pubname = $1) AS published
FROM pg_roles WHERE rolname = current_user`;

const SLOTS = `
SELECT slot_name AS name, wal_status AS status, active,
  pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS held,
  safe_wal_size::float8 AS safe
FROM pg_replication_slots WHERE slot_name LIKE $1 AND database = current_database()`;

interface Server {
  readonly level: string;
  readonly version: number;
  readonly free: number;
  readonly unbounded: boolean;
  readonly may: boolean;
  readonly published: boolean;
}

interface Slot {
  readonly name: string;
  readonly status: string | null;
  readonly active: boolean;
  readonly held: number | null;
  readonly safe: number | null;
}

/** Whether the lake may read the changes of a SIS from its log, and whether the log that its slot holds back is bounded. */
export async function* checkLog(
  { secrets, signal }: DoctorContext,
  name: string,
  source: SisSourceConfig,
): AsyncGenerator<Finding> {
  const { user } = source;
  const publication = source.kind === 'postgres' ? source.publication : undefined;
  const connection = await connectSis(source, await secrets.get(source.password), signal);
  try {
    const { rows: servers } = await connection.query(SERVER, [publication ?? null]);
    const server = servers[0] as Server;
    const pattern = `campus\\_lake\\_${name
      .toLowerCase()
      .replaceAll(/[^a-z0-9_]/g, '_')
      .slice(0, 32)
      .replaceAll('_', '\\_')}\\_%`;
    const { rows: found } =
      server.version >= 130_000 ? await connection.query(SLOTS, [pattern]) : { rows: [] };
    const slots = found as Slot[];
    yield* serverFindings(name, user, publication, server, slots);
    for (const slot of slots) yield* slotFindings(name, slot);
  } finally {
    await connection.end();
  }
}

function* serverFindings(
  name: string,
  user: string,
  publication: string | undefined,
  server: Server,
  slots: readonly Slot[],
): Generator<Finding> {
  if (server.version < 130_000)
    yield fail(
      name,
      'changes are captured from PostgreSQL 13 on',
      'leave replication: full-load-and-cdc out, and it is copied whole in each run',
    );
  if (server.level !== 'logical')
    yield fail(
      name,
      `wal_level is ${server.level}, so its log does not have the changes`,
      "ALTER SYSTEM SET wal_level = 'logical' and a restart; on Amazon RDS rds.logical_replication = 1",
    );
  if (!server.may)
    yield fail(
      name,
      `the user ${user} may not read the log`,
      `ALTER ROLE ${user} REPLICATION; on Amazon RDS GRANT rds_replication TO ${user}`,
    );
  if (!server.published)
    yield fail(
      name,
      `it has no publication ${publication}`,
      'have the owner of its tables create it (docs/sis.md has the statement)',
    );
  if (slots.length === 0 && server.free <= 0)
    yield fail(
      name,
      'no replication slot is free',
      'raise max_replication_slots, or drop one that nobody reads',
    );
  if (server.unbounded)
    yield warn(
      name,
      'nothing bounds the log that a slot holds back: while no run reads it, the disk of the SIS fills',
      'set max_slot_wal_keep_size: longer than the longest pause between two runs, shorter than the disk',
    );
}

function* slotFindings(name: string, { name: slot, status, active, held, safe }: Slot): Generator<Finding> {
  if (status === 'lost')
    yield warn(
      name,
      `the log that the slot ${slot} had to read is gone`,
      'the next run copies everything again; a larger max_slot_wal_keep_size prevents it',
    );
  else if (safe !== null && safe < Math.max(NEARLY, held ?? 0) / 10)
    yield warn(
      name,
      `the slot ${slot} is about to lose its log: ${megabytes(safe)} MB are left`,
      'run now, and raise max_slot_wal_keep_size or run more often',
    );
  else
    yield ok(
      name,
      `the slot ${slot} holds back ${megabytes(held ?? 0)} MB of the log${active ? ', and a run reads it' : ''}`,
    );
}

const megabytes = (bytes: number) => Math.max(0, Math.round(bytes / (1 << 20))).toLocaleString('en-US');
