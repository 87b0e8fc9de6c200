import type { Plan, PlanNode, SequenceNode } from '../../../src/pipeline/plan.ts';

/** What stages, builds, publishes and serves needs a query engine; the LMS's part of a plan ends before it. */
const WANTED = new Set([
  'lms-plan',
  'lms-start',
  'lms-poll',
  'lms-fetch',
  'lms-commit',
  'close-run',
  'notify',
]);

/** The plan without the steps that ask a query engine. */
export function lmsPart({ main, closing }: Plan): Plan {
  return { main: onlyWanted(main) as SequenceNode, closing: onlyWanted(closing) as SequenceNode };
}

/** undefined where nothing of the node is wanted. */
function onlyWanted(node: PlanNode): PlanNode | undefined {
  switch (node.kind) {
    case 'task':
    case 'wait':
      return WANTED.has(node.step) ? node : undefined;
    case 'sequence': {
      const nodes = node.nodes.map(onlyWanted).filter((n) => n !== undefined);
      return nodes.length > 0 ? { ...node, nodes } : undefined;
    }
    case 'parallel': {
      const branches = node.branches.map(onlyWanted).filter((n) => n !== undefined);
      return branches.length > 0 ? { ...node, branches: branches as SequenceNode[] } : undefined;
    }
    case 'each':
    case 'repeat': {
      const body = onlyWanted(node.body);
      return body && { ...node, body };
    }
  }
}
