import { LakeError } from '../../../src/errors.ts';
import type { Json } from '../../../src/json.ts';
import type { Plan, PlanNode, SequenceNode, Template } from '../../../src/pipeline/plan.ts';
import type { Step } from '../../../src/ports/step.ts';

export interface FakeWorld {
  /** How often this was asked, counting from 1. */
  count(key: string): Promise<number>;
  tell(line: { step: string; input: Json }): Promise<void>;
}

type Work = (
  input: { [key: string]: Json },
  times: (what: string) => Promise<number>,
) => Json | Promise<Json>;

const tables = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `t${i}`, size: i }));

/**
 * Steps in whose names stands what they do. They answer the same to the same question on both targets, but for what is
 * counted.
 */
const WORK: Record<string, Work> = {
  'list-tables': ({ n }) => ({ tables: tables(Number(n)), empty: [] }),
  'list-badly': () => ({ tables: [{ name: 'fine' }, { nameless: true }] as Json[] }),
  'list-waves': () => ({
    waves: [
      { wave: '1', models: tables(3) },
      { wave: '2', models: tables(1) },
    ],
  }),
  'wait-twice': async (input, times): Promise<Json> =>
    (await times('wait-twice')) % 3 === 0
      ? { ...input, waited: true }
      : { done: false, retryAfterSeconds: 1 },
  'ask-again': async (input, times) => ({ ...input, again: (await times('ask-again')) % 3 !== 0 }),
  'ask-always': (input) => ({ ...input, again: true }),
  'fail-on-some': (input) => {
    if (Number(input.size) % 3 === 1) {
      throw new LakeError(`${input.name} is broken`, {
        hint: 'Mend it',
        cause: new Error('a wire came loose'),
      });
    }
    return input;
  },
  'fail-always': () => {
    throw new LakeError('It never works', { about: 'the world' });
  },
  'answer-null': () => null,
  'answer-much': () => ({ tables: tables(2), ballast: 'x'.repeat(100_000) }),
  echo: (input) => ({ echoed: input }),
};

export function fakeSteps(world: FakeWorld): Step[] {
  return Object.entries(WORK).map(([name, work]) => ({
    name,
    async run(input: Json): Promise<Json> {
      await world.tell({ step: name, input });
      const given = (input ?? {}) as { [key: string]: Json };
      const label = typeof given.name === 'string' ? given.name : '';
      return work(given, (what) => world.count(`${what}/${label}`));
    },
  }));
}

const task = (step: string, input?: Template): PlanNode => ({
  kind: 'task',
  step,
  ...(input === undefined ? {} : { input }),
});
const sequence = (title: string | undefined, ...nodes: PlanNode[]): SequenceNode => ({
  kind: 'sequence',
  ...(title === undefined ? {} : { title }),
  nodes,
});
const each = (name: string, items: string, label: string, body: PlanNode, limit = 3): PlanNode => ({
  kind: 'each',
  name,
  items,
  label,
  limit,
  body,
});
const closing = sequence('Close', task('echo', { closing: '$run' }), task('echo'));

/** Plans that between them hold every kind of node in every position that a plan can have, and every way to fail. */
export const PLANS: Readonly<Record<string, Plan>> = {
  everything: {
    main: sequence(
      undefined,
      {
        kind: 'parallel',
        branches: [
          sequence(
            'Load one',
            task('list-tables', { n: 5 }),
            each(
              'far',
              '$last.tables',
              'name',
              sequence(
                undefined,
                {
                  kind: 'repeat',
                  most: 4,
                  body: sequence(
                    undefined,
                    task('echo', { run: '$run', name: '$item.name' }),
                    { kind: 'wait', step: 'wait-twice', input: { name: '$item.name', size: '$item.size' } },
                    task('ask-again'),
                  ),
                },
                task('fail-on-some'),
                task('echo'),
              ),
            ),
          ),
          sequence('Load two', task('fail-always'), task('echo', { never: true })),
          sequence('Load three', task('echo', { fixed: 'as it stands' }), task('answer-null'), task('echo')),
        ],
      },
      // After branches, and after a list, nothing is handed on.
      task('echo'),
      sequence(
        'Build',
        task('list-waves'),
        each(
          'waves',
          '$last.waves',
          'wave',
          each('models', '$item.models', 'name', task('fail-on-some'), 2),
          1,
        ),
        task('echo'),
      ),
    ),
    closing,
  },
  'a list that is empty, one that is not there, one with an item without a name': {
    main: sequence(undefined, {
      kind: 'parallel',
      branches: [
        sequence(
          'Empty',
          task('list-tables', { n: 1 }),
          each('far', '$last.empty', 'name', task('echo')),
          task('echo'),
        ),
        sequence(
          'Missing',
          task('list-tables', { n: 1 }),
          each('far', '$last.nothing', 'name', task('echo')),
          task('echo'),
        ),
        sequence('Nameless', task('list-badly'), each('far', '$last.tables', 'name', task('echo'))),
        sequence('Nameless too', task('list-badly'), each('near', '$last.tables', 'name', task('echo'))),
        sequence(
          'Missing template',
          task('list-tables', { n: 1 }),
          task('echo', { what: '$last.no.such.thing' }),
        ),
      ],
    }),
    closing,
  },
  'a body that asks for itself too often, within an item and without': {
    main: sequence(
      undefined,
      task('list-tables', { n: 2 }),
      each('far', '$last.tables', 'name', { kind: 'repeat', most: 2, body: task('ask-always') }),
      { kind: 'repeat', most: 3, body: sequence('Round and round', task('ask-always', { name: 'x' })) },
      task('echo', { never: true }),
    ),
    closing,
  },
  'an output too large for a state': {
    main: sequence(
      'Large',
      task('answer-much'),
      task('echo', { first: '$last.tables' }),
      task('answer-much'),
      each('far', '$last.tables', 'name', task('echo', { name: '$item.name' })),
      task('answer-much'),
      each('near', '$last.tables', 'name', task('echo', { name: '$item.name' })),
    ),
    closing,
  },
  'a closing that fails': {
    main: sequence(undefined, task('echo', { fine: true })),
    closing: sequence('Close', task('fail-always'), task('echo', { never: true })),
  },
  'all well': {
    main: sequence('Work', task('list-tables', { n: 2 }), each('near', '$last.tables', 'name', task('echo'))),
    closing,
  },
};

/** Lists of this name are those that grow. */
export const isDistributed = ({ name }: { readonly name: string }): boolean => name === 'far';
