import { digestOf, identityOf } from '../loads/table-identity.ts';
import { type Model, RUN_TABLE } from '../models/model.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { columnsRead } from '../sql/columns-read.ts';
import { readsClock } from '../sql/reads-clock.ts';
import type { ModelRecord } from './model-record.ts';

/** What a model is made from in a run. */
export interface Making {
  readonly run: string;
  readonly model: Model;
  /** The versions that it reads, by table; `ops.run` is not among them. */
  readonly reads: TableSet;
  /** Its `ops.run.as_of`, ISO 8601 UTC. Absent: its data tell no time. */
  readonly asOf?: string;
}

/**
 * A digest of all that the rows of a model depend on: its file, the rows of the tables that it reads, what it asks
 * `ops.run` for, and how the engine makes tables. A model that would be made from what its version was made from is
 * that version.
 * @returns undefined where nobody can tell, as of a model that asks the clock
 */
export function makingOf(
  { campus, platform }: Uses<'campus' | 'engine'>,
  { run, model, reads, asOf }: Making,
): string | undefined {
  const { edition } = platform.engine.capabilities;
  const { statement, text, engine } = model;
  if (edition === undefined || readsClock(statement)) return undefined;
  const names = statement.tables.map(({ name }) => name).filter((name) => name !== RUN_TABLE);
  if (names.some((name) => !Object.hasOwn(reads, name))) return undefined;
  const asked = columnsRead(statement).get(RUN_TABLE) ?? new Set();
  const asks = (column: string) => asked === 'all' || asked.has(column);
  const asksForTime = asks('as_of') || asks('as_of_date');
  if (asksForTime && asOf === undefined) return undefined;
  return digestOf(
    edition,
    engine,
    text,
    asks('run') ? run : null,
    asksForTime ? asOf! : null,
    // The day of an instant is that of the campus.
    asksForTime || asks('time_zone') ? campus.timeZone : null,
    ...names.map((name) => identityOf(reads[name]!)).sort(),
  );
}

/** The version of an earlier run where it would be made again from the same, and all of its files are there. */
export async function versionAsMade(
  { platform }: Uses<'engine'>,
  made: string | undefined,
  before: ModelRecord | undefined,
): Promise<TableVersion | undefined> {
  if (made === undefined || before?.made !== made) return undefined;
  const broken = await platform.engine.brokenFiles(before.version);
  return broken.length === 0 ? before.version : undefined;
}
