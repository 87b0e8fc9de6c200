import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/json.ts';
import type { Outcome } from '../../../../src/sop/execution/state.ts';
import { walk } from '../../../../src/sop/execution/walk.ts';
import { lintProcedure } from '../../../../src/sop/language/lint.ts';
import { parseProcedure } from '../../../../src/sop/language/parse.ts';
import { BOOLEAN } from '../../../../src/sop/language/types.ts';
import type { ToolSpec } from '../../../../src/sop/tool.ts';
import { type Constraint, compileConstraint } from './compile.ts';
import { checksOf, type University } from './university.ts';

interface Task {
  readonly initial_database: University;
  readonly constraint_parameters: Readonly<Record<string, number>>;
  readonly user_known: Readonly<Record<string, string>>;
  readonly constraints: Constraint | null;
  readonly action_should_succeed: boolean | 0 | 1;
}

type Answers = (tool: string, args: Readonly<Record<string, Json>>) => boolean;

/** What the planner decides, and which checks it asked for, in order. */
function decide(constraint: Constraint | null, known: Readonly<Record<string, string>>, answer: Answers) {
  const { procedure, problems } = parseProcedure(
    compileConstraint(constraint, Object.keys(known)),
    'task.sop',
  );
  const outcomes: Record<string, Outcome> = {};
  const asked: string[] = [];
  for (;;) {
    const { next, end, fault } = walk(
      { args: known, outcomes, digestKey: 'key' },
      procedure!,
      new Map(),
      () => [],
    );
    if (next?.kind !== 'call')
      return { decision: end?.decision, fault, asked, procedure: procedure!, problems };
    const { path, inputs, step, args } = next;
    asked.push(step.tool);
    const value = answer(step.tool, args);
    outcomes[path] = { path, kind: 'call', inputs, at: '', name: step.tool, key: path, state: 'done', value };
  }
}

const single = (name: string): Constraint => ['single', name, null];

describe('The compiler of constraints', () => {
  const tree: Constraint = [
    'and',
    [
      ['or', [single('a'), single('not b')]],
      ['chain', [single('c'), ['gate', [single('d'), ['and', [single('e'), single('f')]]]]]],
    ],
  ];

  it('agrees with a plain evaluator on every combination of answers', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (let bits = 0; bits < 2 ** names.length; bits++) {
      const truth = (name: string) => Boolean(bits & (1 << names.indexOf(name)));
      const plain = (node: Constraint): boolean => {
        if (node[0] === 'single')
          return node[1].startsWith('not ') ? !truth(node[1].slice(4)) : truth(node[1]);
        return node[0] === 'and' || node[0] === 'chain' ? node[1].every(plain) : node[1].some(plain);
      };
      const { decision, asked } = decide(tree, { username: 'x' }, truth);
      expect(decision, String(bits)).toBe(plain(tree) ? 'allow' : 'refuse');
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it('asks for nothing after the first check of a chain that does not hold', () => {
    const chain: Constraint = ['chain', [single('a'), single('b'), single('c')]];
    expect(decide(chain, { username: 'x' }, (tool) => tool === 'a').asked).toEqual(['a', 'b']);
  });
});

/** The tasks are not part of the project; where a copy lies beside the checkout, it is used. */
const FOLDER = process.env.SOPBENCH_DIR ?? '';
const FILE = join(FOLDER, 'university_tasks.json');

describe.skipIf(FOLDER === '' || !existsSync(FILE))('The university of SOPBench (SOPBENCH_DIR)', () => {
  it('gets the verdict of every task, without a model', () => {
    const tasks = Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Task[]>).flatMap(
      ([action, of]) => of.map((task, i) => [`${action} ${i}`, task] as const),
    );
    const wrong = tasks.flatMap(([name, task]) => {
      const { initial_database: db, constraint_parameters: limits, user_known: known } = task;
      const checks = checksOf(db, limits, known);
      const answer: Answers = (tool, args) => checks[tool]!(args as Record<string, string>);
      const { decision, procedure, problems, asked } = decide(task.constraints, known, answer);
      const tools = new Map(Object.keys(checks).map((tool) => [tool, specOf(tool)]));
      const mistakes = lintProcedure(procedure, { tools, procedures: new Map() }).filter(
        ({ severity }) => severity === 'error',
      );
      expect([...problems, ...mistakes], name).toEqual([]);
      return decision === (task.action_should_succeed ? 'allow' : 'refuse')
        ? []
        : [`${name} after ${asked.at(-1)}: ${decision}`];
    });
    expect(tasks).toHaveLength(44);
    expect(wrong).toEqual([]);
  });
});

const specOf = (name: string): ToolSpec => ({
  name,
  about: name,
  takes: {},
  takesMore: true,
  gives: BOOLEAN,
  roles: 'any',
  acts: false,
  again: 'safe',
});
