import type { Campus } from '../../src/campus/campus.ts';
import { FEATURES } from '../../src/features.ts';
import { type Plan, planFor } from '../../src/pipeline/plan.ts';

/** Loads Canvas into the staged zone and removes what is old: no models, no publication, no warehouse. */
export function canvasPlan(campus: Campus): Plan {
  const { canvas } = campus.sources;
  const { main } = planFor({ ...campus, sources: canvas ? { canvas } : {} }, FEATURES);
  return {
    main: { ...main, nodes: main.nodes.slice(0, 2) },
    closing: { kind: 'sequence', nodes: [{ kind: 'task', step: 'sweep', input: { run: '$run' } }] },
  };
}
