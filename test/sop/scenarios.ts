import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  answerRun,
  listProcedureRuns,
  type RunReport,
  reportRun,
  resumeRun,
  startRun,
} from '../../src/app/sop/runs.ts';
import { lakeTools } from '../../src/app/sop/tools/all.ts';
import type { Json } from '../../src/json.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Lake } from '../../src/ports/step.ts';
import { PROCEDURE_STEPS } from '../../src/sop/execution/tables.ts';
import type { Answer, Call, Tool } from '../../src/sop/tool.ts';
import { wholeLakeOf } from './sop-lake.ts';

/** A way through a procedure: what its tools find, and what people answer. */
export interface Scenario {
  readonly procedure: string;
  /** Default: administrator. */
  readonly role?: string;
  readonly args: Readonly<Record<string, Json>>;
  /** What each tool gives, by its name. */
  readonly finds: Readonly<Record<string, Json | ((call: Call) => Json)>>;
  /** By the name of the question: who answers, and what. */
  readonly answers: Readonly<Record<string, readonly [role: string, value: Json]>>;
  readonly decision: string;
  /** The tools that act, in order. */
  readonly acts: readonly string[];
}

const INCIDENT = {
  id: '20261130T023000Z-4f1c/data-late.canvas.users',
  cause: 'data-late',
  title: 'Late',
  state: 'new',
  severity: 'error',
  confidence: 0.9,
  opened_at: '2026-11-30T02:30:00.000Z',
  assignee: 'operator of canvas',
  tables: ['canvas.users'],
  affected: [],
  repairs: ['new-snapshot'],
  steps: 'Ask them.',
};
const HEALTH = {
  table: 'canvas.users',
  status: 'stale',
  reason: 'late',
  as_of: '2026-11-29T02:00:00.000Z',
  next_expected: null,
  owner: 'LMS team',
  incident: null,
};

export const SCENARIOS: readonly Scenario[] = [
  {
    procedure: 'late-feed',
    args: { table: 'canvas.users' },
    finds: {
      'table-health': HEALTH,
      incidents: [INCIDENT],
      'repair-plan': {
        repair: 'new-snapshot',
        text: 'load it',
        tables: ['canvas.users'],
        asks: null,
        needs_run: true,
      },
      repair: { text: 'load it', tables: ['canvas.users'], needs_run: true },
    },
    answers: { go: ['administrator', 'approve'] },
    decision: 'repaired',
    acts: ['repair'],
  },
  {
    procedure: 'failed-check',
    args: { table: 'canvas.users' },
    finds: {
      'table-health': HEALTH,
      query: [{ check_name: 'unique', severity: 'error', failing: 5, rows: 100, found: null }],
      reload: { table: 'canvas.users' },
    },
    answers: { fault: ['administrator', 'the source'], go: ['administrator', 'approve'] },
    decision: 'reload asked for',
    acts: ['reload'],
  },
  {
    procedure: 'inspect-record',
    args: { student: 'S1000014', request: '2026-031', received: '2026-11-30' },
    finds: {
      'record-summary': { tables: [{ table: 'campus.students', rows: 1 }], rows: 1, raw_records: 3 },
      hold: { hold: '2026-031' },
      'release-hold': { hold: '2026-031' },
    },
    answers: {
      identity: ['registrar', 'in person, with a photo id'],
      keep: ['registrar', 'approve'],
      handed: ['registrar', 'yes'],
      over: ['registrar', 'approve'],
    },
    decision: 'inspected',
    acts: ['hold', 'release-hold'],
  },
  {
    procedure: 'erasure-request',
    args: { student: 'S1000014', request: '2026-032' },
    finds: {
      'erasure-plan': {
        numbers: 2,
        tables: [{ table: 'campus.students', outcome: 'erase', rows: 1 }],
        holds: [],
      },
      erase: { certificate: 1 },
    },
    answers: {
      identity: ['registrar', 'yes'],
      lawful: ['registrar', 'approve'],
      go: ['administrator', 'approve'],
    },
    decision: 'erased',
    acts: ['erase'],
  },
  {
    procedure: 'access-review',
    args: {},
    finds: {
      'access-review': {
        roles: 2,
        tables: 3,
        warnings: [
          { kind: 'repeats', role: 'analyst', about: 'a.b', text: 'x' },
          { kind: 'unused-table', role: null, about: 'c', text: 'y' },
          { kind: 'tells', role: 'analyst', about: 'd.e', text: 'z' },
        ],
      },
    },
    answers: { '4.1[0]': ['steward', 'to be changed'], '4.1[2]': ['steward', 'meant'] },
    decision: 'to be changed',
    acts: [],
  },
  {
    procedure: 'at-risk-outreach',
    role: 'adviser',
    args: { student: 'S1000014' },
    finds: {
      query: ({ args }) =>
        String(args.sql).includes('FROM campus.students')
          ? [{ program: 'BSC', standing: 'good', status: 'active' }]
          : [{ week: 3, missing: 2, late: 1 }],
    },
    answers: { decision: ['adviser', 'call or write'], note_kept: ['adviser', 'a call on Monday'] },
    decision: 'reached out',
    acts: [],
  },
  {
    procedure: 'account-misuse',
    args: { principal: 'ines', since: '2026-11-01', login: 'dash' },
    finds: {
      'access-summary': {
        accesses: 40,
        refused: 9,
        rows: 90,
        people: 5000,
        exports: 1,
        emergencies: 0,
        outside_hours: 30,
        tables: ['campus.students'],
        roles: ['analyst'],
        first_at: null,
        last_at: null,
      },
      'remove-login': { login: 'dash' },
    },
    answers: {
      owner_says: ['administrator', 'no answer'],
      verdict: ['steward', 'in doubt'],
      close: ['administrator', 'approve'],
    },
    decision: 'closed',
    acts: ['remove-login'],
  },
];

class Killed extends Error {}

/** The ledger, objects and tools of a machine whose process dies at one operation, and is dead until it is started again. */
export async function openMachine(scenario: Scenario) {
  const root = await mkdtemp(join(tmpdir(), 'lake-procedures-'));
  const [ledger, objects] = [
    openLocalLedger(root, { added: [PROCEDURE_STEPS] }),
    openLocalObjects(join(root, 'objects')),
  ];
  let left = Number.POSITIVE_INFINITY;
  let dead = false;
  let operations = 0;
  const live = () => {
    if (dead) throw new Killed();
    operations++;
    if (--left > 0) return;
    dead = true;
    throw new Killed();
  };
  const dying = <T extends object>(of: T, names: readonly string[]): T =>
    new Proxy(of, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        if (!names.includes(String(name))) return bound;
        return async (...args: unknown[]) => {
          // Before it and after it: what was written stays written.
          live();
          const result = await bound(...args);
          live();
          return result;
        };
      },
    });
  const calls: { readonly tool: string; readonly key: string }[] = [];
  const effects = new Map<string, string>();
  const role = scenario.role ?? 'administrator';
  const lakeAs = (as: string): Lake =>
    wholeLakeOf({
      campus: { root: '/nowhere' },
      catalog: { datasets: [] },
      session: { principal: `a person as ${as}`, role: as, attributes: {}, purpose: 'test' },
      platform: {
        ledger: dying(ledger, ['write', 'append']),
        objects: dying(objects, ['putText', 'delete']),
        clock: { now: () => Date.parse('2026-11-30T07:00:00Z') },
      },
    });
  const run = async (tool: Tool, call: Call): Promise<Answer> => {
    live();
    calls.push({ tool: tool.name, key: call.key });
    // As those of the lake do: the same key does nothing twice.
    if (tool.acts) effects.set(call.key, tool.name);
    live();
    const found = scenario.finds[tool.name]!;
    return { value: typeof found === 'function' ? found(call) : found };
  };
  const tools = new Map(
    [...lakeTools(wholeLakeOf({})).values()].map((tool) => [
      tool.name,
      { ...tool, run: (call: Call) => run(tool, call) },
    ]),
  );

  /** Carries it on from wherever it stands, as people would. */
  const goOn = async (): Promise<RunReport> => {
    const [known] = await listProcedureRuns(lakeAs(role === 'adviser' ? 'administrator' : role));
    let report = known
      ? await resumeRun(lakeAs(role), known.id, { tools })
      : await startRun(lakeAs(role), scenario.procedure, scenario.args, { tools });
    for (let turn = 0; turn < 30 && report.status !== 'ended'; turn++) {
      const waits = report.waitsFor;
      if (!waits) {
        report = await resumeRun(lakeAs(role), report.id, { tools });
        continue;
      }
      const path =
        Object.keys(scenario.answers).find((name) => name === waits.name) ?? (await pathOf(report.id));
      const [by, value] = scenario.answers[path]!;
      report = await answerRun(lakeAs(by), report.id, { value }, { tools });
    }
    return report;
  };
  const pathOf = async (id: string) => {
    const { state } = await (await import('../../src/sop/execution/store.ts')).loadRun(lakeAs(role), id);
    return state.stack.at(-1)!;
  };
  return {
    role,
    tools,
    lakeAs,
    calls,
    effects,
    ledger,
    objects,
    operations: () => operations,
    /** Dies at this operation, counted from now. */
    dieAt(operation: number) {
      left = operation;
    },
    goOn,
    /** @returns the report once it has ended, however often the process had to be started */
    async untilEnd(): Promise<RunReport> {
      for (let starts = 0; starts < 5; starts++) {
        try {
          return await goOn();
        } catch (error) {
          if (!(error instanceof Killed) && !dead) throw error;
          dead = false;
          left = Number.POSITIVE_INFINITY;
        }
      }
      throw new Error('it does not end');
    },
    report: async (id: string) => reportRun(lakeAs('administrator'), id, { tools }),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** What two executions of one scenario have in common. */
export const comparable = ({ id, ...report }: RunReport): unknown =>
  JSON.parse(JSON.stringify(report).replaceAll(id, 'ID'));

/** The scenario killed at one operation, compared with one that was left alone. @returns how many operations it has */
export async function killAt(scenario: Scenario, operation: number, whole: RunReport): Promise<string[]> {
  const machine = await openMachine(scenario);
  try {
    machine.dieAt(operation);
    const report = await machine.untilEnd();
    const faults: string[] = [];
    if (JSON.stringify(comparable(report)) !== JSON.stringify(comparable(whole)))
      faults.push('another report');
    // The key of a call has the id of the execution: one that was killed before it was stored is another one.
    const acted = [...machine.effects.values()];
    if (JSON.stringify(acted) !== JSON.stringify(scenario.acts)) faults.push(`acted ${acted.join(', ')}`);
    const twice = machine.calls.filter(({ key }, i, all) => all.findIndex((one) => one.key === key) !== i);
    if (twice.length > 1) faults.push(`repeated ${twice.map(({ tool }) => tool).join(', ')}`);
    return faults;
  } finally {
    await machine.close();
  }
}
