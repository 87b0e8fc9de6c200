import { authorize } from '../access/authorize.ts';
import { listStates } from '../loads/dataset-state.ts';
import { versionsOf } from '../loads/state.ts';
import { listModelRecords } from '../pipeline/model-record.ts';
import { type Plan, type PlanNode, planFor } from '../pipeline/plan.ts';
import { keepOnlyCurrent, readPublication } from '../pipeline/publication.ts';
import type { Lake } from '../ports/step.ts';

/** The plan of a run without what asks the sources. */
export function planWithoutSources({ campus, features = [] }: Lake): Plan {
  const { main, closing } = planFor(campus, features);
  return { main: { ...main, nodes: main.nodes.filter((node) => !asksSources(node)) }, closing };
}

const SOURCE_STEP = /^(?:lms|sis|drift)-/;

function asksSources(node: PlanNode): boolean {
  if (node.kind === 'task' || node.kind === 'wait') return SOURCE_STEP.test(node.step);
  if (node.kind === 'parallel') return node.branches.some(asksSources);
  if (node.kind === 'sequence') return node.nodes.some(asksSources);
  return asksSources(node.body);
}

/** What no state and not the current publication names goes at once, and so do the publications before. */
export async function removeOldVersions(lake: Lake): Promise<void> {
  const { platform } = lake;
  await keepOnlyCurrent(platform);
  const publication = await readPublication(platform);
  const { tables } = await authorize(lake, 'query', publication?.tables ?? {});
  const states = await listStates(platform.ledger);
  const keep = [
    ...Object.values(tables),
    ...states.flatMap(versionsOf),
    ...(await listModelRecords(platform.ledger)).map(({ version }) => version),
  ];
  await platform.engine.sweep(
    keep.filter((version) => version !== undefined),
    Number.POSITIVE_INFINITY,
  );
}
