import type { Campus } from '../campus/campus.ts';
import { isSis, roleOf, type SourceRole } from '../campus/source-role.ts';
import type { Feature, FeatureSlot } from '../ports/feature.ts';

/**
 * The plan: the one list of steps and their order. The local runner executes it; the AWS target generates its state
 * machine from it. It is plain data: a tree whose leaves name steps.
 *
 * Data flow: a step's input is its `input` template, in which a text that begins with `$` is a path into the
 * scope: `$run` (the run's id), `$item` (of the innermost `each`), `$last` (output of the node before).
 * Without a template the input is `$last`.
 */
export type PlanNode = TaskNode | WaitNode | RepeatNode | SequenceNode | ParallelNode | EachNode;

export type Template = string | number | boolean | { readonly [key: string]: Template };

export interface TaskNode {
  readonly kind: 'task';
  readonly step: string;
  readonly input?: Template;
}

/** A step that answers `{ done: false, retryAfterSeconds }` until it is done: waited for, without holding anything. */
export interface WaitNode {
  readonly kind: 'wait';
  readonly step: string;
  readonly input?: Template;
}

/** The body again, from its first input, while it ends with `{ again: true }`. */
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: PlanNode;
  /** Rounds at most. */
  readonly most: number;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  /** What people are shown while it is under way, and a part of the places of its steps. Default: nothing. */
  readonly title?: string;
  /** A part of the places of its steps that nobody is shown. No two steps of a plan have one place. Default: the title. */
  readonly place?: string;
  readonly nodes: readonly PlanNode[];
}

/** All branches at once. One that fails is recorded and spares the others. */
export interface ParallelNode {
  readonly kind: 'parallel';
  readonly branches: readonly SequenceNode[];
}

/** The body for every item of a list. An item that fails is recorded and spares the others. */
export interface EachNode {
  readonly kind: 'each';
  readonly name: string;
  /** Path of the list. */
  readonly items: string;
  /** Path, within an item, of what names it. */
  readonly label: string;
  /** How many at once. */
  readonly limit: number;
  readonly body: PlanNode;
}

/** The plan of a run on this campus. `closing` is executed whatever became of `main`. */
export interface Plan {
  readonly main: SequenceNode;
  readonly closing: SequenceNode;
}

/** @param features whose steps are in it, each where it asks to be */
export function planFor(campus: Campus, features: readonly Feature[]): Plan {
  const sources = Object.entries(campus.sources);
  return {
    main: sequence(
      task('apply-catalog', { run: '$run' }),
      {
        kind: 'parallel',
        branches: sources.map(([name, source]) => LOADS[roleOf(source)](name)),
      },
      sequence(task('restage-plan', { run: '$run' }), restage()),
      { ...sequence(task('checks-plan', { run: '$run' }), checks()), title: 'Check the data' },
      { ...sequence(task('models-plan', { run: '$run' }), models()), title: 'Build the models' },
      ...stepsAfter('models', features),
      { ...sequence(wait('publish', { run: '$run' })), title: 'Publish' },
      ...stepsAfter('publish', features, campus.aws?.recovery?.copies ? ['keep-ledger'] : []),
      { ...sequence(wait('load-warehouse', { run: '$run' })), title: 'Load the warehouse' },
      ...lookForDrift(sources.filter(([, source]) => isSis(source)).map(([name]) => name)),
    ),
    closing: {
      ...sequence(
        ...stepsAfter('end', features),
        task('close-run', { run: '$run' }),
        wait('notify'),
        wait('sweep', { run: '$run' }),
      ),
      title: 'Tell the team',
    },
  };
}

/** Each in a branch of its own: where one fails, today's tables are published all the same. */
function stepsAfter(
  slot: FeatureSlot,
  features: readonly Feature[],
  own: readonly string[] = [],
): ParallelNode[] {
  const added = features.flatMap(({ steps = [] }) => steps).filter(({ after }) => after === slot);
  const steps = [...added.map(({ name }) => name), ...own];
  if (steps.length === 0) return [];
  return [{ kind: 'parallel', branches: steps.map((name) => sequence(task(name, { run: '$run' }))) }];
}

/** How a source is loaded, by its role. */
const LOADS: Record<SourceRole, (source: string) => SequenceNode> = { lms: loadLms, sis: loadSis };

/** What people are shown while a source is loaded; a part of the places of its steps. */
const loadTitle = (source: string): string => `Load ${source}`;

/** The source that the step at a place of the plan loads. @param path see `StepRecord.path` */
export const sourceAt = (path: string, sources: readonly string[]): string | undefined =>
  sources.find((source) => path.split('/')[1] === loadTitle(source));

/** Jobs are limited by the source, downloads by the client; this bounds only what is held in memory. */
const TABLES_AT_ONCE = 24;

function loadLms(source: string): SequenceNode {
  const ask: RepeatNode = {
    kind: 'repeat',
    most: 4,
    body: sequence(
      { kind: 'wait', step: 'lms-start', input: { run: '$run', dataset: '$item.dataset' } },
      { kind: 'wait', step: 'lms-poll' },
      { kind: 'wait', step: 'lms-fetch' },
    ),
  };
  return {
    ...sequence(task('lms-plan', { run: '$run', source }), {
      kind: 'each',
      name: source,
      items: '$last.datasets',
      label: 'dataset',
      limit: TABLES_AT_ONCE,
      body: sequence(ask, task('lms-commit'), stage()),
    }),
    title: loadTitle(source),
  };
}

function loadSis(source: string): SequenceNode {
  return {
    ...sequence(
      task('sis-start', { run: '$run', source }),
      { kind: 'wait', step: 'sis-poll' },
      {
        kind: 'each',
        name: source,
        items: '$last.tables',
        label: 'dataset',
        limit: TABLES_AT_ONCE,
        body: sequence(task('sis-commit', '$item'), stage()),
      },
      // Looked for while the models are built; see `drift-poll`.
      task('drift-start', { run: '$run', source }),
    ),
    title: loadTitle(source),
  };
}

/** Last, and in branches of their own: nothing waits for it but the notification. */
function lookForDrift(sources: readonly string[]): ParallelNode[] {
  if (sources.length === 0) return [];
  const branches = sources.map((source) => ({
    ...sequence({ kind: 'wait', step: 'drift-poll', input: { run: '$run', source } }),
    place: source,
  }));
  return [{ kind: 'parallel', branches }];
}

const stage = (): WaitNode => ({
  kind: 'wait',
  step: 'stage',
  input: { run: '$run', dataset: '$item.dataset' },
});

/** A table is checked after those that its relationships point to. */
/** What no load of the run has brought in line with the catalog. */
function restage(): EachNode {
  return {
    kind: 'each',
    name: 'restaged',
    items: '$last.datasets',
    label: 'dataset',
    limit: TABLES_AT_ONCE,
    body: stage(),
  };
}

function checks(): EachNode {
  return inTurn('round', {
    kind: 'each',
    name: 'checks',
    items: '$item.datasets',
    label: 'dataset',
    limit: 4,
    body: wait('check-dataset', { run: '$run', dataset: '$item.dataset' }),
  });
}

/** Groups of items, one group after another: `waves` or `rounds`, each called `wave` or `round`. */
const inTurn = (label: 'wave' | 'round', body: EachNode): EachNode => ({
  kind: 'each',
  name: `${label}s`,
  items: `$last.${label}s`,
  label,
  limit: 1,
  body,
});

/** Waves one after another; within a wave the models do not need each other. */
function models(): EachNode {
  return inTurn('wave', {
    kind: 'each',
    name: 'models',
    items: '$item.models',
    label: 'model',
    limit: 4,
    body: { kind: 'wait', step: 'build-model', input: { run: '$run', model: '$item.model' } },
  });
}

function task(step: string, input?: Template): TaskNode {
  return input === undefined ? { kind: 'task', step } : { kind: 'task', step, input };
}

function wait(step: string, input?: Template): WaitNode {
  return input === undefined ? { kind: 'wait', step } : { kind: 'wait', step, input };
}

function sequence(...nodes: PlanNode[]): SequenceNode {
  return { kind: 'sequence', nodes };
}

/** What a sequence adds to the places of its steps; undefined for nothing. */
export const placeOf = ({ place, title }: SequenceNode): string | undefined => place ?? title;
