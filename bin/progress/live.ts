import { Listr, type ListrTask } from 'listr2';
import type { Plan, PlanNode, SequenceNode } from '../../src/pipeline/plan.ts';
import type { RunEvent } from '../../src/ports/events.ts';
import { type Progress, tally, toStderr, Waiting } from './display.ts';

/** The stages of a plan in their order; those that run side by side are together. */
export function stagesOf(plan: Plan): string[][] {
  const titled = (node: PlanNode): node is SequenceNode =>
    node.kind === 'sequence' && node.title !== undefined;
  const rows: string[][] = [];
  for (const node of [...plan.main.nodes, plan.closing]) {
    if (node.kind === 'parallel') {
      const titles = node.branches.filter(titled).map((branch) => branch.title!);
      // What has no title is not shown, alone or beside others.
      if (titles.length > 0) rows.push(titles);
    } else if (titled(node)) rows.push([node.title!]);
  }
  return rows;
}

/** A stage on the screen: settled by the run's events. */
class Stage {
  readonly title: string;
  readonly settled: Promise<void>;
  settle!: (error?: Error) => void;
  show: (text: string) => void = () => {};

  constructor(title: string) {
    this.title = title;
    this.settled = new Promise((resolve, reject) => {
      this.settle = (error) => (error ? reject(error) : resolve());
    });
    this.settled.catch(() => {});
  }

  task(): ListrTask {
    return {
      title: this.title,
      task: (_context, task) => {
        this.show = (text) => {
          task.title = `${this.title} — ${text}`;
        };
        return this.settled;
      },
    };
  }
}

/** For a terminal: the list of stages, with a spinner and counts at those under way, and remarks below at the end. */
export function showLive(plan: Plan): Progress {
  const rows = stagesOf(plan).map((titles) => titles.map((title) => new Stage(title)));
  const stages = new Map(rows.flat().map((stage) => [stage.title, stage]));
  const notes: string[] = [];
  const list = new Listr(
    rows.map((row) =>
      row.length === 1
        ? row[0]!.task()
        : {
            title: 'Load the sources',
            task: (_context, task) =>
              task.newListr(
                row.map((stage) => stage.task()),
                { concurrent: true },
              ),
          },
    ),
    {
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: {
        collapseSubtasks: false,
        showErrorMessage: false,
        logger: toStderr(),
      },
    },
  );
  const shown = list.run().catch(() => {});

  const waiting = new Waiting();
  let last: { readonly title: string; readonly tally: string } | undefined;

  function on(event: RunEvent): void {
    if (event.type === 'progress') waiting.hear(event);
    if (event.type === 'items') last = { title: event.title, tally: tally(event) };
    if (last && (event.type === 'progress' || event.type === 'items')) {
      stages.get(last.title)?.show(last.tally + waiting.tail());
    }
    if (event.type === 'note') notes.push(`  ${event.about}: ${event.text}`);
    if (event.type !== 'stage' || event.state === 'started') return;
    if (last?.title === event.title) last = undefined;
    waiting.endStage();
    stages.get(event.title)?.settle(event.state === 'failed' ? new Error(event.title) : undefined);
  }

  return {
    subscriber: { name: 'live display', on },
    async finish() {
      for (const stage of stages.values()) stage.settle(new Error('not reached'));
      await shown;
      if (notes.length > 0) process.stderr.write(`${notes.join('\n')}\n`);
    },
  };
}
