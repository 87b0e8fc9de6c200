import type { EachNode, Plan, PlanNode } from '../../src/pipeline/plan.ts';

/** What one execution of the plan makes of the services that are paid by the call. */
export interface PlanUsage {
  readonly transitions: number;
  /** Calls of functions, by step. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface PlanSizes {
  /** Items of a list. */
  readonly items: (list: EachNode) => number;
  /** How often a step that is waited for is asked. */
  readonly tries: (step: string) => number;
}

/** Opens and ends runs, writes lists: the function of this step does that too. */
const CONTROL = 'close-run';

/** Counts a run in which nothing fails, state by state as `lib/pipeline/draw-plan.ts` draws them. */
export function planUsage(plan: Plan, sizes: PlanSizes): PlanUsage {
  const calls = new Map<string, number>();
  let transitions = 0;
  const states = (count: number) => {
    transitions += count;
  };
  const called = (step: string, times: number) => {
    states(times);
    calls.set(step, (calls.get(step) ?? 0) + times);
  };

  const walk = (node: PlanNode, times: number): void => {
    switch (node.kind) {
      case 'task':
        called(node.step, times);
        break;
      case 'wait': {
        const tries = sizes.tries(node.step);
        called(node.step, times * tries);
        // Done? and, but for the last time, the wait.
        states(times * (2 * tries - 1));
        break;
      }
      case 'sequence':
        for (const child of node.nodes) walk(child, times);
        break;
      case 'repeat':
        // First round and Again?
        states(times * 2);
        walk(node.body, times);
        break;
      case 'parallel':
        // Begun, joined, and the end of each branch.
        states(times * (2 + node.branches.length));
        for (const branch of node.branches) walk(branch, times);
        break;
      case 'each': {
        const items = times * sizes.items(node);
        called(CONTROL, times);
        // Any?, the map; each item's start and end.
        states(times * 2 + items * 2);
        walk(node.body, items);
        break;
      }
    }
  };

  called(CONTROL, 2);
  states(4);
  walk(plan.main, 1);
  walk(plan.closing, 1);
  return { transitions, calls };
}
