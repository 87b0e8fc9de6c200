import type { Procedure, Step } from './tree.ts';

/** How far an execution has come, by the id of each step. */
export type Passed = ReadonlyMap<string, 'done' | 'waits' | 'failed'>;

/**
 * The tree of a procedure as a flowchart for Mermaid: https://mermaid.js.org/syntax/flowchart.html
 * @param passed marks the steps of an execution. Default: none is marked
 */
export function pictureOf(procedure: Procedure, passed: Passed = new Map()): string {
  const lines = ['flowchart TD'];
  const idOf = (id: string) => `s${id.replaceAll('.', '_')}`;
  const node = (id: string, [open, close]: readonly [string, string], text: string) =>
    lines.push(`  ${idOf(id)}${open}"${escaped(text)}"${close}`);
  const edge = ({ from, label }: Exit, to: string) =>
    lines.push(`  ${from} -->${label === undefined ? '' : `|"${escaped(label)}"|`} ${to}`);
  lines.push(`  start(["${escaped(procedure.title)}"])`);

  const draw = (steps: readonly Step[], entries: readonly Exit[]): Exit[] => {
    let exits = [...entries];
    for (const step of steps) {
      node(step.id, SHAPES[step.kind], labelOf(step));
      for (const exit of exits) edge(exit, idOf(step.id));
      exits = drawInside(step);
    }
    return exits;
  };
  const drawInside = (step: Step): Exit[] => {
    const from = idOf(step.id);
    if (step.kind === 'stop') return [];
    if (step.kind === 'if') {
      const hasLast = step.branches.some(({ criterion }) => !criterion);
      const exits = step.branches.flatMap((branch) => {
        const { line } = branch;
        const label = branch.criterion ? criterionText(procedure, line) : 'otherwise';
        return draw(branch.steps, [{ from, label }]);
      });
      return hasLast ? exits : [...exits, { from, label: 'none of these' }];
    }
    if (step.kind === 'each' || step.kind === 'repeat') {
      for (const exit of draw(step.steps, [{ from, label: 'each round' }])) edge(exit, from);
      return [{ from, label: 'done' }];
    }
    return [{ from }];
  };
  draw(procedure.steps, [{ from: 'start' }]);
  for (const [state, style] of Object.entries(STYLES)) {
    const ids = [...passed].filter(([, one]) => one === state).map(([id]) => idOf(id));
    if (ids.length > 0) lines.push(`  classDef ${state} ${style}`, `  class ${ids.join(',')} ${state}`);
  }
  return `${lines.join('\n')}\n`;
}

interface Exit {
  readonly from: string;
  readonly label?: string;
}

const SHAPES: { readonly [kind in Step['kind']]: readonly [string, string] } = {
  call: ['[', ']'],
  see: ['[[', ']]'],
  set: ['[', ']'],
  add: ['[', ']'],
  note: ['[', ']'],
  if: ['{', '}'],
  judge: ['{{', '}}'],
  ask: ['[/', '/]'],
  each: ['(', ')'],
  repeat: ['(', ')'],
  stop: ['([', '])'],
};

const STYLES = {
  done: 'stroke-width:3px,stroke:#2e7d32',
  waits: 'stroke-width:3px,stroke:#b26a00,stroke-dasharray:5 3',
  failed: 'stroke-width:3px,stroke:#c62828',
};

const labelOf = (step: Step): string => (step.kind === 'if' ? 'which holds?' : step.text);

/** The criterion as it is written. */
const criterionText = ({ text }: Procedure, line: number): string =>
  (text.split(/\r?\n/)[line - 1] ?? '').trim().replace(/^(else )?if /, '');

/** Mermaid reads entities in quoted texts: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax */
const escaped = (text: string): string =>
  text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', ' ');
