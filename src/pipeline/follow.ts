import type { Json } from '../json.ts';
import type { EventSink } from '../ports/events.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { EachNode, Plan, PlanNode, SequenceNode } from './plan.ts';
import { lookUp, type Scope } from './template.ts';

/**
 * Tells of a run that others execute what the runner would tell, from the rows that its steps leave in the ledger:
 * stages, how far their items are, remarks. Shown what it has seen already, it says nothing.
 */
export class Follower {
  readonly #run: string;
  readonly #stages: readonly Stage[];
  readonly #events: EventSink;
  readonly #reported = new Set<string>();
  readonly #tallies = new Map<string, string>();

  constructor(run: string, plan: Plan, events: EventSink) {
    this.#run = run;
    this.#stages = [...stagesOf(plan.main, 'main'), ...stagesOf(plan.closing, 'closing')];
    this.#events = events;
  }

  /** @param ended whether the run is over, so that what has begun will not go on */
  tell(steps: readonly OpsRow[], remarks: readonly OpsRow[], ended: boolean): void {
    for (const { id, about, text } of remarks) {
      this.#once(id, () => this.#events.publish({ type: 'note', about: String(about), text: String(text) }));
    }
    for (const stage of this.#stages) this.#tellStage(stage, steps, ended);
  }

  #tellStage({ title, path, node }: Stage, all: readonly OpsRow[], ended: boolean): void {
    const steps = all.filter((row) => String(row.path).startsWith(`${path}/`));
    if (steps.length === 0) return;
    this.#once(`${path} started`, () => this.#events.publish({ type: 'stage', title, state: 'started' }));
    const each = node.nodes.find((child) => child.kind === 'each');
    const tally = each && this.#tally(node, each, path, steps);
    if (tally && tally.total > 0 && this.#tallies.get(path) !== JSON.stringify(tally)) {
      this.#tallies.set(path, JSON.stringify(tally));
      this.#events.publish({ type: 'items', title, ...tally });
    }
    const broken = steps.some((row) => row.status === 'failed' && !isOfItem(row, path));
    const whole = tally
      ? tally.done + tally.failed === tally.total
      : steps.some((row) => row.path === `${path}/${lastStepOf(node)}` && row.status === 'succeeded');
    if (!broken && !whole && !ended) return;
    const state = broken || !whole ? 'failed' : 'done';
    this.#once(`${path} ended`, () => this.#events.publish({ type: 'stage', title, state }));
  }

  /** undefined as long as the list is not known. */
  #tally(
    stage: SequenceNode,
    each: EachNode,
    path: string,
    steps: readonly OpsRow[],
  ): { done: number; failed: number; total: number } | undefined {
    const before = stage.nodes[stage.nodes.indexOf(each) - 1];
    const listed = steps.find(
      (row) => before && row.path === `${path}/${lastStepOf(before)}` && row.status === 'succeeded',
    );
    if (!listed) return undefined;
    const last = JSON.parse(String(listed.output)) as Json;
    const { total, body } = countItems(each, { run: this.#run, last });
    const items = new Map<string, 'failed' | 'going' | 'done'>();
    const end = lastStepOf(body);
    for (const row of steps.filter((one) => isOfItem(one, path))) {
      const text = String(row.path);
      const item = text.slice(0, text.lastIndexOf(']') + 1);
      const rest = text.slice(item.length + 1);
      if (row.status === 'failed') items.set(item, 'failed');
      else if (rest === end && items.get(item) !== 'failed') items.set(item, 'done');
    }
    const count = (state: string) => [...items.values()].filter((one) => one === state).length;
    return { done: count('done'), failed: count('failed'), total };
  }

  #once(key: string, act: () => void): void {
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    act();
  }
}

/** A part of the plan that people are shown. */
interface Stage {
  readonly title: string;
  readonly path: string;
  readonly node: SequenceNode;
}

function stagesOf(node: PlanNode, path: string): Stage[] {
  if (node.kind === 'parallel') return node.branches.flatMap((branch) => stagesOf(branch, path));
  if (node.kind !== 'sequence') return [];
  const { title } = node;
  const inside = title ? `${path}/${title}` : path;
  const own = title ? [{ title, path: inside, node }] : [];
  return [...own, ...node.nodes.flatMap((child) => stagesOf(child, inside))];
}

const isOfItem = (row: OpsRow, path: string): boolean => String(row.path).slice(path.length).includes('[');

/** How many items there are; of a list of lists, those of the inner ones. */
function countItems(each: EachNode, scope: Scope): { total: number; body: PlanNode } {
  const items = lookUp(each.items, scope) as Json[];
  const { body } = each;
  if (body.kind !== 'each') return { total: items.length, body };
  const inner = items.map((item) => countItems(body, { ...scope, item }));
  return { total: inner.reduce((sum, one) => sum + one.total, 0), body: body.body };
}

/** The step that ends a node. */
function lastStepOf(node: PlanNode): string {
  switch (node.kind) {
    case 'task':
    case 'wait':
      return node.step;
    case 'sequence':
      return lastStepOf(node.nodes.at(-1)!);
    case 'repeat':
    case 'each':
      return lastStepOf(node.body);
    case 'parallel':
      return lastStepOf(node.branches[0]!);
  }
}
