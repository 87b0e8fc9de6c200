import { publicationOf } from '../pipeline/published.ts';
import type { FeatureLake } from '../ports/feature.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Step } from '../ports/step.ts';
import type { Standing } from './assess.ts';
import { openObjectives } from './open-objectives.ts';
import { firingIn, standings } from './standing.ts';
import { PUBLISHED_TABLES, SERVICE_LEVELS } from './tables.ts';
import { warningsIn } from './warnings.ts';

/** Records what this run has shown and how far it is known, then how every objective stands. */
export const serviceLevels: Step<{ run: string }, { objectives: number; firing: number }, FeatureLake> = {
  name: 'service-levels',
  async run({ run }, lake) {
    const { ledger, clock } = lake.platform;
    const { at, tables, facts } = await publicationOf(lake, run);
    await ledger.append(
      PUBLISHED_TABLES.name,
      Object.keys(tables).map((table): OpsRow => {
        const asOf = facts[table]?.asOf;
        return { id: `${run}/${table}`, run, table_name: table, published_at: at, data_as_of: asOf ?? null };
      }),
    );
    const now = clock.now();
    const found = await standings(ledger, await openObjectives(lake), now);
    await ledger.append(
      SERVICE_LEVELS.name,
      found.map((standing) => rowOf(run, standing, new Date(now).toISOString())),
    );
    for (const text of warningsIn(found)) lake.report.note('slo', text);
    return {
      objectives: found.length,
      firing: found.reduce((sum, standing) => sum + firingIn(standing).length, 0),
    };
  },
};

function rowOf(run: string, standing: Standing, at: string): OpsRow {
  const { objective, measured, budget } = standing;
  return {
    id: `${run}/${objective.name}`,
    run,
    objective: objective.name,
    target: Number(objective.target),
    sli: budget.sli === undefined ? null : Number(budget.sli),
    unit: measured.unit,
    bad: Number(budget.tally.bad),
    total: Number(budget.tally.total),
    budget_left: Number(budget.left),
    budget_spent: budget.spent === undefined ? null : Number(budget.spent),
    firing: firingIn(standing).length,
    measured_at: at,
  };
}
