import {
  type EachNode,
  type ParallelNode,
  type PlanNode,
  placeOf,
  type RepeatNode,
  type SequenceNode,
  type TaskNode,
  type WaitNode,
} from '../../src/pipeline/plan.ts';
import { expression, FRAME, frameWith, quoted } from './asl.ts';
import { control, inside, invoke, openScope, type Site } from './site.ts';
import { type CallState, catchersOf, catchPlainly, choose, itemReader, pass, task } from './states.ts';

/** Draws a node that is followed by `next`. @returns the state to begin with */
export function draw(node: PlanNode, next: string, site: Site): string {
  switch (node.kind) {
    case 'task':
      return drawStep(node, next, site);
    case 'wait':
      return drawWait(node, next, site);
    case 'sequence':
      return drawSequence(node, next, site);
    case 'repeat':
      return drawRepeat(node, next, site);
    case 'parallel':
      return drawParallel(node, next, site);
    case 'each':
      return drawEach(node, next, site);
  }
}

function drawStep(node: TaskNode | WaitNode, next: string, site: Site): string {
  const name = site.drawing.name(`${site.title}: ${node.step}`);
  site.drawing.put(name, stepState(node, next, site));
  return name;
}

function stepState(node: TaskNode | WaitNode, next: string, { sheet, path, scope }: Site) {
  const at = inside(path, node.step);
  const payload: CallState = {
    call: 'step',
    step: node.step,
    path: expression(at),
    wait: node.kind === 'wait',
    ...(node.input === undefined ? {} : { input: node.input }),
    frame: FRAME,
  };
  const catchers = catchersOf(scope.next, scope.record, `{"path": ${at}, "step": ${quoted(node.step)}}`);
  return task({ ...invoke(sheet), functionArn: sheet.functionOf(node.step), payload, catchers, next });
}

/** The step again after as many seconds as it asks for. */
function drawWait(node: WaitNode, next: string, site: Site): string {
  const { drawing, title } = site;
  const name = drawing.name(`${title}: ${node.step}`);
  const later = drawing.add(`${title}: wait for ${node.step}`, {
    Type: 'Wait',
    QueryLanguage: 'JSONata',
    Seconds: expression('$states.input.wait.seconds'),
    Next: name,
  });
  const done = drawing.add(
    `${title}: ${node.step} done?`,
    choose(expression('$type($states.input.wait) = "object"'), later, next),
  );
  drawing.put(name, stepState(node, done, site));
  return name;
}

function drawSequence(node: SequenceNode, next: string, site: Site): string {
  const within = { ...site, path: placed(site.path, node), title: node.title ?? site.title };
  return node.nodes.reduceRight((following, child) => draw(child, following, within), next);
}

function placed(path: string, node: SequenceNode): string {
  const place = placeOf(node);
  return place === undefined ? path : inside(path, place);
}

/** The body again from its first input, round after round, until it does not ask for it. */
function drawRepeat(node: RepeatNode, next: string, site: Site): string {
  const { drawing, title, path, scope } = site;
  // A repeat within a repeat counts on its own.
  const rounds = drawing.name(`${title}: rounds`);
  const counter = `$lookup($states.input, ${quoted(rounds)})`;
  const began = (round: string, last: string) =>
    frameWith(`{${quoted(rounds)}: {"round": ${round}, "last": ${last}}, "last": ${last}}`);

  const about = `$states.input.label = "" ? (${path}) : $states.input.label`;
  const tooOften = drawing.add(
    `${title}: repeated too often`,
    pass(frameWith(`{"failure": {"repeated": {"about": ${about}, "rounds": ${node.most}}}}`), scope.record),
  );
  const again = drawing.name(`${title}: again`);
  const asked = drawing.add(`${title}: again?`, {
    Type: 'Choice',
    QueryLanguage: 'JSONata',
    Choices: [
      { Condition: expression('$states.input.again != true'), Next: next },
      { Condition: expression(`${counter}.round < ${node.most}`), Next: again },
    ],
    Default: tooOften,
  });
  const body = draw(node.body, asked, {
    ...site,
    path: `${path} & "/round " & $string(${counter}.round)`,
  });
  drawing.put(again, pass(began(`${counter}.round + 1`, `${counter}.last`), body));
  return drawing.add(`${title}: first round`, pass(began('1', '$states.input.last'), body));
}

function drawParallel(node: ParallelNode, next: string, site: Site): string {
  const { drawing, title, scope } = site;
  const branches = node.branches.map((branch) => {
    const within = drawing.inner();
    const name = branch.title ?? title;
    const end = within.add(`${name}: ended`, pass(''));
    const parts = { ...site, drawing: within, title: name };
    const at = placed(site.path, branch);
    return within.machine(drawSequence(branch, end, { ...openScope(parts, end, at), path: site.path }));
  });
  const joined = drawing.add(`${title}: all branches ended`, pass(frameWith(NOTHING), next));
  return drawing.add(`${title}: branches`, {
    Type: 'Parallel',
    Branches: branches,
    ResultPath: null,
    Catch: catchPlainly(scope.record),
    Next: joined,
  });
}

/** What lists and branches leave behind. */
const NOTHING = '{"last": null, "again": false}';

function drawEach(node: EachNode, next: string, site: Site): string {
  const { drawing, sheet, scope } = site;
  const distributed = sheet.distributed(node);
  const map = drawItems(node, next, site, distributed);
  // No items, no Map: a reader of an empty list is nothing to rely on.
  const any = distributed
    ? drawing.add(`${node.name}: any?`, choose(expression('$states.input.list.count > 0'), map, next))
    : map;
  const payload: CallState = {
    call: 'list',
    path: expression(inside(site.path, node.name)),
    failurePath: expression(scope.path),
    items: node.items,
    label: node.label,
    inline: !distributed,
    frame: FRAME,
  };
  const catchers = catchersOf(scope.next, scope.record, '{}');
  return drawing.add(`${node.name}: list`, task({ ...control(sheet), payload, catchers, next: any }));
}

function drawItems(node: EachNode, next: string, site: Site, distributed: boolean): string {
  const { drawing, sheet, scope } = site;
  const within = drawing.inner();
  const end = within.add(`${node.name}: item ended`, pass(''));
  const item = openScope({ sheet, drawing: within, title: node.name }, end);
  const machine = within.machine(draw(node.body, end, item));
  const name = drawing.name(`${node.name}: each`);
  // Unlike every other's, in at most 40 characters: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
  const label = name.replace(/\W+/g, '_').slice(-40);
  drawing.put(name, {
    Type: 'Map',
    ...(distributed
      ? { Label: label, ItemReader: itemReader(sheet.partition) }
      : { ItemsPath: '$.list.items' }),
    MaxConcurrency: Math.min(node.limit, sheet.atOnce),
    ItemProcessor: {
      ProcessorConfig: distributed ? { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } : { Mode: 'INLINE' },
      ...machine,
    },
    ResultSelector: { done: true },
    ResultPath: '$.list',
    Catch: catchPlainly(scope.record),
    Next: next,
  });
  return name;
}
