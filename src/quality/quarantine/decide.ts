import { authorize } from '../../access/authorize.ts';
import { recordAccess } from '../../access/log/record-access.ts';
import { queryTables } from '../../access/query.ts';
import { changeState, listStates, readState } from '../../loads/dataset-state.ts';
import { goodOf, type Quarantine } from '../../loads/state.ts';
import { digestOf, identityOf } from '../../loads/table-identity.ts';
import { rowsDecided } from '../../loads/table-state.ts';
import type { Uses } from '../../ports/step.ts';
import { NothingHeldBackError } from '../errors.ts';
import { DECIDED, decidedCountSql, decidedSql } from './quarantine-sql.ts';

/** What is kept aside of one table. */
export interface KeptAside {
  readonly table: string;
  readonly rows: number;
  /** By check, the rows that break it. */
  readonly checks: Quarantine['checks'];
  readonly run: string;
}

/** Every table of which rows are kept aside, by name. */
export async function listKeptAside({
  platform,
}: {
  readonly platform: Pick<Uses<'ledger'>['platform'], 'ledger'>;
}): Promise<KeptAside[]> {
  const found = (await listStates(platform.ledger)).flatMap((state) => {
    const { aside, checks, run } = goodOf(state)?.quarantine ?? {};
    return aside && aside.rows > 0
      ? [{ table: state.dataset, rows: aside.rows, checks: checks!, run: run! }]
      : [];
  });
  return found.sort((a, b) => (a.table < b.table ? -1 : 1));
}

export interface Decision {
  readonly table: string;
  /** Only of the rows that break this check. Default: of all that are kept aside. */
  readonly check?: string;
  readonly decision: 'release' | 'drop';
  readonly because: string;
}

export type Decided = Decision & { readonly rows: number };

/**
 * Decides on rows that are kept aside. `release`: they are shown although they break a check. `drop`: they are neither shown
 * nor kept aside. It holds for the rows as they are: one that changes at the source is checked like any other. The next run
 * acts by it. It is put on record, with its reason, before it is made; the caller holds the ledger's lock.
 * @throws NothingHeldBackError where there is no such row
 */
export async function decideOnRows(
  lake: Uses<'catalog' | 'session' | 'access' | 'clock' | 'ledger' | 'engine' | 'signal'>,
  decision: Decision,
): Promise<Decided> {
  const { engine, ledger } = lake.platform;
  const { id: table } = lake.catalog.get(decision.table);
  const { state } = await readState(ledger, table);
  const { aside, checks = {} } = goodOf(state)?.quarantine ?? {};
  const { check } = decision;
  const reads = {
    ...(aside ? { [table]: aside } : {}),
    ...(state.decided ? { [DECIDED]: state.decided } : {}),
  };
  const rows = aside ? await count(lake, decidedCountSql(table, check), { [table]: aside }) : 0;
  if (rows === 0)
    throw new NothingHeldBackError(
      `No row of ${table} is kept aside${check === undefined ? '' : ` for ${check}`}.`,
      {
        about: table,
        hint: aside
          ? `the checks are ${Object.keys(checks).join(', ')}`
          : '`lake quarantine list` lists what is',
      },
    );
  const { tables } = await authorize(lake, 'query', reads);
  await recordAccess(lake, {
    channel: 'quarantine',
    outcome: 'answered',
    rows,
    reads: new Map([[table, aside!.columns.map(({ name }) => name)]]),
    reason: `${decision.decision} ${check ?? 'all'}: ${decision.because}`,
  });
  const select = decidedSql(table, decision.decision, {
    ...(check === undefined ? {} : { check }),
    hasDecided: state.decided !== undefined,
  });
  const versionId = `${digestOf(select, Object.values(reads).map(identityOf).sort()).slice(0, 16)}-decided`;
  const decided = await engine.create(DECIDED, select, tables, versionId);
  const { definition } = aside!;
  await changeState(ledger, table, (now) =>
    rowsDecided(now, { ...decided, ...(definition ? { definition } : {}) }),
  );
  return { ...decision, table, rows };
}

async function count(
  lake: Uses<'session' | 'access' | 'engine' | 'signal'>,
  sql: string,
  tables: Parameters<typeof queryTables>[2],
): Promise<number> {
  const result = await queryTables(lake, sql, tables, { signal: lake.signal, isOwn: true });
  for await (const [row] of result.batches()) if (row) return Number(row[0]);
  return 0;
}
