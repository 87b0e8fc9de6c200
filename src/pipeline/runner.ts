import PQueue from 'p-queue';
import type { Json } from '../json.ts';
import type { EventSink } from '../ports/events.ts';
import type { Lake, Step } from '../ports/step.ts';
import { asksAgain, attemptStep, RecordedError, stopIfAsked } from './attempt-step.ts';
import { RepeatedTooOftenError } from './errors.ts';
import {
  type EachNode,
  type ParallelNode,
  type Plan,
  type PlanNode,
  placeOf,
  type RepeatNode,
  type SequenceNode,
  type Template,
} from './plan.ts';
import type { StepLog } from './step-log.ts';
import type { StepMeters } from './step-meters.ts';
import { lookUp, type Scope } from './template.ts';

export interface RunnerOptions {
  readonly run: string;
  readonly lake: Lake;
  readonly steps: ReadonlyMap<string, Step>;
  readonly log: StepLog;
  readonly events: EventSink;
  /** See StepTools. */
  readonly meters?: StepMeters;
}

/**
 * Executes a plan in this process. A step that succeeded in an earlier attempt of the same run is not done again.
 * A failing item or branch is recorded in the step log and spares the rest; `closing` is executed in any case but one:
 * where the ledger takes no more (`StepLog.fault`), the run ends.
 * @throws RunStoppedError when the lake's signal is aborted
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #tallies = new Map<string, Tally>();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async execute(plan: Plan): Promise<void> {
    const scope: Scope = { run: this.#options.run };
    const main = position('main', '');
    await this.#contained(main, () => this.#sequence(plan.main, scope, main));
    // Without the ledger nobody knows what there is to close: the caller that began the run reports it.
    if (this.#options.log.fault) return;
    const closing = position('closing', '');
    await this.#contained(closing, () => this.#sequence(plan.closing, scope, closing));
  }

  async #node(node: PlanNode, scope: Scope, at: PlanPosition): Promise<Json> {
    switch (node.kind) {
      case 'task':
        return this.#step(node.step, node.input, scope, at, false);
      case 'wait':
        return this.#step(node.step, node.input, scope, at, true);
      case 'sequence':
        return this.#sequence(node, scope, at);
      case 'repeat':
        return this.#repeat(node, scope, at);
      case 'parallel':
        return this.#parallel(node, scope, at);
      case 'each':
        return this.#each(node, scope, at);
    }
  }

  async #step(
    step: string,
    input: Template | undefined,
    scope: Scope,
    at: PlanPosition,
    wait: boolean,
  ): Promise<Json> {
    const { lake } = this.#options;
    const startedAt = lake.platform.clock.now();
    const call = { step, path: `${at.path}/${step}`, item: at.item, input, scope, wait, startedAt };
    for (;;) {
      const answer = await attemptStep(call, this.#options);
      if ('output' in answer) return answer.output;
      await lake.platform.clock.sleep(answer.retryAfterSeconds * 1000, lake.signal).catch((error) => {
        stopIfAsked(lake, scope.run);
        throw error;
      });
    }
  }

  async #sequence(node: SequenceNode, scope: Scope, at: PlanPosition): Promise<Json> {
    const { events } = this.#options;
    const inside = within(node, at);
    if (node.title) events.publish({ type: 'stage', title: node.title, state: 'started' });
    let last = scope.last;
    try {
      for (const child of node.nodes) last = await this.#node(child, { ...scope, last }, inside);
    } catch (error) {
      if (node.title) events.publish({ type: 'stage', title: node.title, state: 'failed' });
      throw error;
    }
    if (node.title) events.publish({ type: 'stage', title: node.title, state: 'done' });
    return last ?? null;
  }

  async #repeat(node: RepeatNode, scope: Scope, at: PlanPosition): Promise<Json> {
    for (let round = 1; round <= node.most; round++) {
      const output = await this.#node(
        node.body,
        scope,
        position(`${at.path}/round ${round}`, at.item, at.title),
      );
      if (!asksAgain(output)) return output;
    }
    throw new RepeatedTooOftenError(at.item || at.path, node.most);
  }

  async #parallel(node: ParallelNode, scope: Scope, at: PlanPosition): Promise<Json> {
    await Promise.all(
      node.branches.map((branch) =>
        this.#contained(within(branch, at), () => this.#sequence(branch, scope, at)),
      ),
    );
    return null;
  }

  async #each(node: EachNode, scope: Scope, at: PlanPosition): Promise<Json> {
    // A list with a mistake in it fails whole, before anything is done for one of its items.
    const items = (lookUp(node.items, scope) as Json[]).map((item) => ({
      item,
      label: String(lookUp(`$item.${node.label}`, { ...scope, item })),
    }));
    const queue = new PQueue({ concurrency: node.limit });
    const tally = this.#tally(at.title);
    // What belongs to no stage has nothing to be shown below.
    const counts = at.title !== '' && !holdsEach(node.body);
    const tell = () => this.#options.events.publish({ type: 'items', title: at.title, ...tally });
    if (counts) {
      tally.total += items.length;
      tell();
    }
    await Promise.all(
      items.map(({ item, label }) =>
        queue.add(async () => {
          const inside = position(`${at.path}/${node.name}[${label}]`, label, at.title);
          const fine = await this.#contained(inside, () =>
            this.#node(node.body, { ...scope, item, last: item }, inside),
          );
          if (!counts) return;
          if (fine) tally.done++;
          else tally.failed++;
          tell();
        }),
      ),
    );
    return null;
  }

  /** How far the items of a stage are; the lists of one stage are counted together. */
  #tally(title: string): Tally {
    const tally = this.#tallies.get(title) ?? { done: 0, failed: 0, total: 0 };
    this.#tallies.set(title, tally);
    return tally;
  }

  /** Whether the work went well. A failure is recorded and goes no further; a stop is passed on. */
  async #contained(at: PlanPosition, work: () => Promise<Json>): Promise<boolean> {
    const { lake, log } = this.#options;
    try {
      await work();
      return true;
    } catch (error) {
      stopIfAsked(this.#options.lake, this.#options.run);
      if (error instanceof RecordedError || log.fault) return false;
      const now = lake.platform.clock.now();
      const record = { path: at.path, step: 'plan', item: at.item, startedAt: now, endedAt: now };
      await log.failed(record, error).catch((failing: unknown) => {
        if (failing !== log.fault) throw failing;
      });
      return false;
    }
  }
}

interface Tally {
  done: number;
  failed: number;
  total: number;
}

/** Whether the body is a list of lists: then the inner items are what counts. */
function holdsEach(node: PlanNode): boolean {
  if (node.kind === 'each') return true;
  return node.kind === 'sequence' && node.nodes.some(holdsEach);
}

interface PlanPosition {
  readonly path: string;
  readonly item: string;
  readonly title: string;
}

const position = (path: string, item: string, title = ''): PlanPosition => ({ path, item, title });

function within(node: SequenceNode, at: PlanPosition): PlanPosition {
  const place = placeOf(node);
  return place === undefined ? at : position(`${at.path}/${place}`, at.item, node.title ?? at.title);
}
