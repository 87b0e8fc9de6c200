import { type OpsRow, runStamp } from '../ports/ledger.ts';
import type { AskedWork, Hold, HoldLake } from '../ports/optional-work.ts';
import { percent } from './burn-alerts.ts';
import { holdsAt, readApprovals } from './exceptions.ts';
import type { Indicator } from './objective.ts';
import { openObjectives } from './open-objectives.ts';
import { type Cause, causesOf } from './policy.ts';
import { standings } from './standing.ts';
import { HELD_WORK } from './tables.ts';

/**
 * Whether work has to wait by the policy of slo.yaml: an error budget is spent, and nobody has approved the work. What
 * is held is recorded in `ops.held_work`, once for a run and what it is about. A table that a spent objective is itself
 * about may be loaded again all the same: that is how its budget is saved.
 */
export async function holdOf(lake: HoldLake, asked: AskedWork): Promise<Hold | undefined> {
  const { ledger, clock } = lake.platform;
  const loaded = await openObjectives(lake);
  const rules = loaded.policy.filter(({ hold }) => hold.includes(asked.work));
  if (rules.length === 0) return undefined;
  const now = clock.now();
  const causes = causesOf(rules, await standings(ledger, loaded, now), asked.work).filter(
    ({ standing }) => asked.work !== 'reload' || !isAbout(standing.objective.indicator, asked.about ?? []),
  );
  const [cause] = causes;
  if (!cause) return undefined;
  const approvals = await readApprovals(ledger);
  if (approvals.some((one) => one.work === asked.work && holdsAt(one, now))) return undefined;
  const because = `${cause.standing.objective.name} has ${leftInWords(cause)} of its error budget left`;
  const row = rowOf(asked, cause, because, now);
  const again = asked.run !== undefined && (await ledger.rows(HELD_WORK.name, row.id)).length > 0;
  if (!again) await ledger.append(HELD_WORK.name, [row]);
  return {
    because,
    hint: `\`lake slo explain ${cause.standing.objective.name}\` says where it went; \`lake slo approve ${asked.work} --reason <why> --until <time>\` allows it`,
    again,
  };
}

const leftInWords = ({ left }: Cause): string => (left.lte(0) ? 'nothing' : percent(left.round(4)));

/** Whether all that is to be done is about tables of the indicator. */
const isAbout = (indicator: Indicator, about: readonly string[]): boolean =>
  (indicator.kind === 'age' || indicator.kind === 'deadline' || indicator.kind === 'checks') &&
  about.length > 0 &&
  about.every((table) => indicator.tables.includes(table));

function rowOf({ work, about = [], run }: AskedWork, cause: Cause, because: string, now: number): OpsRow {
  const name = [work, ...about].join('/');
  return {
    id: run === undefined ? `${runStamp(now)}-asked/${name}` : `${run}/${name}`,
    run: run ?? null,
    work,
    about: about.join(', '),
    objective: cause.standing.objective.name,
    budget_left: Number(cause.left),
    because,
    held_at: new Date(now).toISOString(),
  };
}
