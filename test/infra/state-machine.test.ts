import { describe, expect, it } from 'vitest';
import { type Machine, machinesIn, type State } from '../../lib/pipeline/asl.ts';
import { stateMachineFor } from '../../lib/pipeline/state-machine.ts';
import { awsSchema } from '../../src/campus/aws-schema.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { FEATURES } from '../../src/features.ts';
import { type Plan, type PlanNode, planFor } from '../../src/pipeline/plan.ts';
import { stepRegistry } from '../../src/pipeline/steps.ts';

const secret = { env: 'SECRET' };
const campus = {
  ...campusSchema.parse({
    name: 'Aurora Valley College',
    timeZone: 'America/Chicago',
    sources: {
      canvas: { kind: 'canvas', clientId: secret, clientSecret: secret },
      sis: { kind: 'postgres', host: 'sis', database: 'sis', user: 'lake', password: secret },
    },
  }),
  root: '/campus',
};
const plan = planFor(campus, FEATURES);
const machine = stateMachineFor(plan, {
  functionOf: (step) => `arn:of:${step}`,
  control: 'arn:of:run',
  distributed: ({ label }) => label === 'dataset',
});

/** Every machine, the one inside of another after it. */
function allMachines(outer: Machine): Machine[] {
  return [outer, ...Object.values(outer.States).flatMap(machinesIn).flatMap(allMachines)];
}

function nextOf(state: State): string[] {
  const caught = 'Catch' in state ? (state.Catch ?? []).map((c) => c.Next) : [];
  if (state.Type === 'Choice') return [...state.Choices.map((c) => c.Next), state.Default];
  return 'Next' in state && state.Next !== undefined ? [state.Next, ...caught] : caught;
}

function stepsOf(node: PlanNode): string[] {
  switch (node.kind) {
    case 'task':
    case 'wait':
      return [node.step];
    case 'sequence':
      return node.nodes.flatMap(stepsOf);
    case 'parallel':
      return node.branches.flatMap(stepsOf);
    case 'each':
    case 'repeat':
      return stepsOf(node.body);
  }
}

interface Payload {
  readonly call: string;
  readonly step?: string;
  readonly path?: string;
  readonly [key: string]: unknown;
}

const machines = allMachines(machine);
const states = machines.flatMap((m) => Object.entries(m.States));
const named = new Map(states);
const tasks = states.flatMap(([, state]) => (state.Type === 'Task' ? [state] : []));
const payloads = tasks.map((task) => task.Arguments.Payload as Payload);
const of = (call: string) => payloads.filter((payload) => payload.call === call);

describe('the state machine', () => {
  it('calls every step of the plan, once for every place that names it', () => {
    const wanted = [...stepsOf(plan.main), ...stepsOf(plan.closing)].sort();

    expect(
      of('step')
        .map((payload) => payload.step)
        .sort(),
    ).toEqual(wanted);
    const copied = { region: 'us-west-2', copies: true, replicationTime: false };
    const aws = { ...awsSchema.parse({}), recovery: copied };
    const all = planFor({ ...campus, aws }, FEATURES);
    // One step is there only where a second Region is.
    expect(wanted).not.toContain('keep-ledger');
    expect([...new Set([...stepsOf(all.main), ...stepsOf(all.closing)])].sort()).toEqual(
      [...stepRegistry(FEATURES).keys()].sort(),
    );
  });

  it('names every state once, in at most 80 characters', () => {
    expect(named.size).toBe(states.length);
    expect(states.map(([name]) => name).filter((name) => name.length > 80)).toEqual([]);
  });

  it('leads from its beginning to every state, and from every state to an end', () => {
    for (const { StartAt, States } of machines) {
      const reached = new Set<string>();
      const walk = (name: string) => {
        expect(States[name], `a state called ${name}`).toBeDefined();
        if (reached.has(name)) return;
        reached.add(name);
        for (const next of nextOf(States[name]!)) walk(next);
      };
      walk(StartAt);
      expect([...reached].sort()).toEqual(Object.keys(States).sort());

      const ends = new Set(
        Object.entries(States)
          .filter(([, s]) => ('End' in s && s.End) || s.Type === 'Fail' || s.Type === 'Succeed')
          .map(([name]) => name),
      );
      for (let grew = true; grew; ) {
        const before = ends.size;
        for (const [name, state] of Object.entries(States)) {
          if (nextOf(state).some((next) => ends.has(next))) ends.add(name);
        }
        grew = ends.size > before;
      }
      expect([...ends].sort()).toEqual(Object.keys(States).sort());
    }
  });

  it('catches every failure of a step, a list and a branch; what is recorded already is not recorded again', () => {
    for (const [name, state] of states) {
      const payload = state.Type === 'Task' ? (state.Arguments.Payload as Payload) : undefined;
      const caught = 'Catch' in state ? (state.Catch ?? []) : [];
      if (payload?.call === 'step' || payload?.call === 'list') {
        const recorder = (next: string) =>
          (named.get(next) as { Arguments?: { Payload: Payload } }).Arguments;
        expect(caught.map((c) => c.ErrorEquals)).toEqual([['StepFailed'], ['States.ALL']]);
        expect(recorder(caught[0]!.Next)?.Payload.call, name).not.toBe('failed');
        expect(recorder(caught[1]!.Next)?.Payload.call, name).toBe('failed');
      }
      if (state.Type === 'Map' || state.Type === 'Parallel') {
        expect(caught.map((c) => c.ErrorEquals)).toEqual([['States.ALL']]);
      }
    }
  });

  it('closes whatever became of the main part, and fails with what is recorded', () => {
    const begin = 'Begin closing';
    const before = Object.entries(machine.States).filter(([, s]) => nextOf(s).includes(begin));
    expect(before.map(([name]) => name)).toContain('main: record what failed');
    expect(nextOf(machine.States['End the run']!)).toEqual(['Did all succeed?']);
    expect(nextOf(machine.States['Did all succeed?']!).sort()).toEqual(['Failed', 'Succeeded']);
  });

  it('tries again what failed in passing, and never what a step says has failed', () => {
    for (const task of tasks) {
      expect(task.Retry[0]).toEqual({ ErrorEquals: ['StepFailed'], MaxAttempts: 0 });
      expect(task.Retry[1]!.ErrorEquals).toContain('Lambda.ServiceException');
      // Full jitter halves each pause on average; a function runs for fifteen minutes at most.
      const busy = task.Retry.find(({ ErrorEquals }) =>
        ErrorEquals.includes('Lambda.TooManyRequestsException'),
      )!;
      const pauses = Array.from(
        { length: busy.MaxAttempts },
        (_, i) => Math.min(2 ** (i + 1), busy.MaxDelaySeconds!) / 2,
      );
      expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(900);
      expect(task.Retry.at(-1)!.ErrorEquals).toEqual(['States.ALL']);
      expect(task.TimeoutSeconds).toBeGreaterThan(900);
    }
  });

  it('gives lists of tables executions of their own, and lists of models none', () => {
    const maps = states.flatMap(([name, state]) => (state.Type === 'Map' ? [[name, state] as const] : []));
    const modes = maps.map(([name, map]) => [
      name,
      map.ItemProcessor.ProcessorConfig.Mode,
      map.MaxConcurrency,
    ]);

    expect(modes.sort()).toEqual([
      ['canvas: each', 'DISTRIBUTED', 24],
      ['checks: each', 'DISTRIBUTED', 4],
      ['models: each', 'INLINE', 4],
      ['restaged: each', 'DISTRIBUTED', 24],
      ['rounds: each', 'INLINE', 1],
      ['sis: each', 'DISTRIBUTED', 24],
      ['waves: each', 'INLINE', 1],
    ]);
    for (const [, map] of maps) {
      // What an item ends with is gathered: 2,500 of them must stay far below 256 KB.
      const ends = Object.values(map.ItemProcessor.States).filter((s) => 'End' in s && s.End);
      expect(ends).toMatchObject([{ Type: 'Pass', Output: '' }]);
    }
  });

  it('is small enough for any number of tables, since it knows of none', () => {
    expect(JSON.stringify(machine).length).toBeLessThan(96 * 1024);
  });
});

describe('a plan of all kinds of nodes', () => {
  it('gives every place the path that the runner gives it', () => {
    const odd: Plan = {
      main: {
        kind: 'sequence',
        title: 'Do "it"',
        nodes: [
          {
            kind: 'repeat',
            most: 3,
            body: {
              kind: 'repeat',
              most: 2,
              body: { kind: 'sequence', nodes: [{ kind: 'wait', step: 'a' }] },
            },
          },
        ],
      },
      closing: { kind: 'sequence', nodes: [{ kind: 'task', step: 'b' }] },
    };

    const drawn = stateMachineFor(odd, { functionOf: () => 'f', control: 'c', distributed: () => false });

    const paths = Object.values(drawn.States).flatMap((s) =>
      s.Type === 'Task' && (s.Arguments.Payload as Payload).call === 'step'
        ? [(s.Arguments.Payload as Payload).path]
        : [],
    );
    const round = (name: string) => `$string($lookup($states.input, ${JSON.stringify(name)}).round)`;
    expect(paths.sort()).toEqual([
      `{% $states.input.path & "/Do \\"it\\"" & "/round " & ${round('Do "it": rounds')} & "/round " & ${round('Do "it": rounds 2')} & "/a" %}`,
      '{% $states.input.path & "/b" %}',
    ]);
  });
});
