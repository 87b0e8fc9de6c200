import { randomBytes } from 'node:crypto';
import { ADMINISTRATOR } from '../../access/authorize.ts';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { runStamp } from '../../ports/ledger.ts';
import type { Lake } from '../../ports/step.ts';
import { checkedValue } from '../../sop/execution/check-value.ts';
import { advance, checkedArgs, positionOf, proceduresOf } from '../../sop/execution/execute.ts';
import { type RunReport, reportOf, WAS_IT_DONE } from '../../sop/execution/report.ts';
import type { Outcome, RunState } from '../../sop/execution/state.ts';
import { listRuns as listHeads, loadRun, type RunHead, saveRun } from '../../sop/execution/store.ts';
import type { Position } from '../../sop/execution/walk.ts';
import { type Passed, pictureOf } from '../../sop/language/picture.ts';
import { APPROVE, type Procedure, stepsOf } from '../../sop/language/tree.ts';
import { procedureOf } from '../../sop/library.ts';
import type { Tool } from '../../sop/tool.ts';
import { mustBeRight, openProcedures } from './procedures.ts';
import { lakeTools } from './tools/all.ts';

export type { RunReport } from '../../sop/execution/report.ts';

/** An execution for a list. */
export type ListedRun = Omit<RunHead, 'object'>;

/** What tests and a playground replace. */
export interface RunParts {
  /** Default: those of the lake. */
  readonly tools?: ReadonlyMap<string, Tool>;
}

/**
 * Starts a procedure and carries it on until somebody is asked, or it ends. It runs as the session's role.
 * @throws InputError for a role that may not run it and for arguments that are wrong; ProcedureError for mistakes in it
 */
export async function startRun(
  lake: Lake,
  name: string,
  given: Readonly<Record<string, Json>>,
  parts: RunParts = {},
): Promise<RunReport> {
  const checked = await openProcedures(lake);
  const procedure = procedureOf(checked, name);
  const { role, principal } = lake.session;
  if (!procedure.roles.includes(role))
    throw new InputError(`The role ${role} may not run ${name}.`, {
      hint: `it is for ${procedure.roles.join(', ')}`,
    });
  const all = [...seenBy(procedure, checked.procedures)];
  mustBeRight(all.flatMap((one) => checked.problemsOf(one)));
  const args = checkedArgs(procedure, given);
  const now = lake.platform.clock.now();
  const state: RunState = {
    id: `${runStamp(now)}-${name}-${randomBytes(3).toString('hex')}`,
    procedure: name,
    texts: Object.fromEntries(all.map((one) => [one.name, one.text])),
    hash: procedure.hash,
    args,
    startedBy: { by: principal, role },
    startedAt: new Date(now).toISOString(),
    digestKey: randomBytes(16).toString('hex'),
    status: 'running',
    stack: [],
    outcomes: {},
    answers: {},
    superseded: [],
    logged: [],
  };
  await saveRun(lake, state, [], undefined);
  return resumeRun(lake, state.id, parts);
}

/** Carries an execution on: after a kill, a failure, or an answer that another role has given. */
export async function resumeRun(
  lake: Lake,
  id: string,
  { tools = lakeTools(lake) }: RunParts = {},
): Promise<RunReport> {
  const { state } = await loadRun(lake, id);
  mustSee(lake, state);
  const done = await advance(lake, id, tools, mayAct(lake, state), lake.signal);
  return reported(done.state, done.position);
}

/** An answer to what is asked, or to what will be asked. */
export interface RunAnswer {
  readonly value: Json;
  /** The name of the answer, or its place. Default: what is waited for. */
  readonly name?: string;
}

/**
 * Takes a person's answer and carries the execution on as far as the session may. One that was given before is replaced, and
 * only what depends on it is done again.
 * @throws InputError for a role that is not asked, a name that nobody asks for, or a value that is none
 */
export async function answerRun(
  lake: Lake,
  id: string,
  { value, name }: RunAnswer,
  { tools = lakeTools(lake) }: RunParts = {},
): Promise<RunReport> {
  const { state, version } = await loadRun(lake, id);
  const position = positionOf(state, tools);
  const { principal: by, role } = lake.session;
  const at = new Date(lake.platform.clock.now()).toISOString();
  const doubt = Object.values(state.outcomes).find((one) => one.state === 'unknown');
  if (doubt && (name === undefined || name === WAS_IT_DONE)) {
    mustBeAsked(lake, state, [state.startedBy.role]);
    const done =
      checkedValue({ kind: 'choice', options: ['done', 'not done'] }, value, 'the answer') === 'done';
    const outcomes = { ...state.outcomes };
    if (done) outcomes[doubt.path] = { ...doubt, state: 'done', value: null, decided: { by, role } };
    else delete outcomes[doubt.path];
    await saveRun(lake, { ...state, status: 'running', outcomes }, [], version);
  } else {
    const asked = askedFor(state, position, name);
    mustBeAsked(lake, state, asked.roles);
    checkedValue(asked.type, value, 'the answer');
    if (asked.isUnseenApproval && value === APPROVE)
      throw new InputError(`\`${name}\` is not asked for yet.`, {
        hint: 'approve it once it is asked for and what it is about can be seen',
      });
    const answers = { ...state.answers, [asked.key]: { value, by, role, at } };
    await saveRun(lake, again({ ...state, answers }, asked.paths), [], version);
  }
  const done = await advance(lake, id, tools, mayAct(lake, state), lake.signal);
  return reported(done.state, done.position);
}

/**
 * Gives an execution new information in place of what it was started with; only what depends on it is done again.
 * @throws InputError as `startRun` does, and for somebody else's execution
 */
export async function informRun(
  lake: Lake,
  id: string,
  given: Readonly<Record<string, Json>>,
  { tools = lakeTools(lake) }: RunParts = {},
): Promise<RunReport> {
  const { state, version } = await loadRun(lake, id);
  mustBeAsked(lake, state, [state.startedBy.role]);
  const args = checkedArgs(proceduresOf(state).get(state.procedure)!, { ...state.args, ...given });
  await saveRun(lake, { ...state, args, status: 'running' }, [], version);
  const done = await advance(lake, id, tools, mayAct(lake, state), lake.signal);
  return reported(done.state, done.position);
}

/** The executions of which the session may know, the newest first. */
export async function listProcedureRuns(lake: Lake): Promise<ListedRun[]> {
  const { role, principal } = lake.session;
  const sees = ({ waitsFor, ...head }: RunHead) =>
    role === ADMINISTRATOR || (head.role === role ? head.startedBy === principal : waitsFor.includes(role));
  return (await listHeads(lake)).filter(sees).map(({ object: _object, ...head }) => head);
}

/** How an execution stands; nothing is done. @throws InputError where the session may not know of it */
export async function reportRun(
  lake: Lake,
  id: string,
  { tools = lakeTools(lake) }: RunParts = {},
): Promise<RunReport> {
  const { state } = await loadRun(lake, id);
  const position = positionOf(state, tools);
  mustSee(lake, state, state.status === 'waiting' ? position.next?.roles : []);
  return reported(state, position);
}

/** The tree of an execution's procedure, with how far it has come. @throws as `reportRun` does */
export async function pictureRun(lake: Lake, id: string): Promise<string> {
  const { state } = await loadRun(lake, id);
  mustSee(lake, state);
  const { passed } = positionOf(state, lakeTools(lake));
  const marks = new Map<string, 'done' | 'waits' | 'failed'>(
    passed.filter(({ procedure }) => procedure === state.procedure).map(({ step }) => [step.id, 'done']),
  );
  const at = state.stack.at(-1)?.replaceAll(/\[\d+\]/g, '');
  if (at !== undefined && !at.includes('>')) marks.set(at, state.status === 'failed' ? 'failed' : 'waits');
  return pictureOf(proceduresOf(state).get(state.procedure)!, marks satisfies Passed);
}

/** Its own role carries an execution on; another one only answers, and borrows no rights by that. */
const mayAct = ({ session }: Lake, { startedBy }: RunState): boolean =>
  session.role === startedBy.role && (session.role === ADMINISTRATOR || session.principal === startedBy.by);

/** Two people of one role may see different rows, as two advisers do: nobody goes on with the execution of the other. */
const isAsked = (lake: Lake, state: RunState, roles: readonly string[]): boolean =>
  roles.includes(lake.session.role) && (lake.session.role !== state.startedBy.role || mayAct(lake, state));

/** @param asked the roles that are waited for: they see what they decide on */
function mustSee(lake: Lake, state: RunState, asked: readonly string[] = []): void {
  if (lake.session.role === ADMINISTRATOR || mayAct(lake, state) || isAsked(lake, state, asked)) return;
  throw new InputError(`There is no execution "${state.id}".`, {
    hint: '`lake procedure status` lists them',
  });
}

function mustBeAsked(lake: Lake, state: RunState, roles: readonly string[]): void {
  if (isAsked(lake, state, roles)) return;
  if (roles.includes(lake.session.role))
    throw new InputError(`Execution ${state.id} is somebody else's.`, {
      hint: 'start one of your own: `lake procedure run`',
    });
  throw new InputError(`The role ${lake.session.role} is not asked.`, {
    hint: `it is for ${roles.join(' or ')} to answer`,
  });
}

/** What a name of an answer stands for, and at which places it was answered. */
function askedFor(state: RunState, { next, passed }: Position, name: string | undefined) {
  const waits = next && next.kind !== 'call' ? next : undefined;
  if (waits && (name === undefined || name === waits.step.bind || name === waits.path))
    return { key: waits.path, type: waits.type, roles: waits.roles, paths: [], isUnseenApproval: false };
  if (name === undefined)
    throw new InputError(`Execution ${state.id} waits for no answer.`, {
      hint: 'name the answer to change it, as in `--name decision`',
    });
  const known = [...proceduresOf(state).values()].flatMap((procedure) =>
    [...stepsOf(procedure.steps)].flatMap((step) =>
      step.kind === 'ask' || step.kind === 'judge' ? [{ step, procedure }] : [],
    ),
  );
  const given = passed.filter(
    ({ step, path }) =>
      (step.kind === 'ask' || step.kind === 'judge') && (path === name || step.bind === name),
  );
  if (given.length > 1)
    throw new InputError(`\`${name}\` was answered ${given.length} times.`, {
      hint: `name its place: ${given.map(({ path }) => path).join(', ')}`,
    });
  const step = given[0]?.step ?? known.find((one) => one.step.bind === name)?.step;
  const of = known.find(
    (one) => one.step === step || one.step.bind === (step as { bind?: string } | undefined)?.bind,
  );
  if (!of) {
    const names = known.map((one) => one.step.bind);
    throw new InputError(`Nobody is asked for \`${name}\`${didYouMean(name, names)}.`, {
      hint: `answers have the names ${names.join(', ')}`,
    });
  }
  const type =
    of.step.kind === 'ask'
      ? of.step.type
      : { kind: 'choice' as const, options: of.step.options.map(({ text }) => text) };
  const roles = of.step.roles.length > 0 ? of.step.roles : of.procedure.roles;
  const paths = given.map(({ path }) => path);
  const isUnseenApproval = paths.length === 0 && of.step.kind === 'ask' && of.step.isApproval;
  return { key: paths[0] ?? of.step.bind, type, roles, paths, isUnseenApproval };
}

/** An execution in which these answers were not given. */
function again(state: RunState, paths: readonly string[]): RunState {
  const outcomes: Record<string, Outcome> = { ...state.outcomes };
  const before = paths.flatMap((path) => outcomes[path] ?? []);
  for (const path of paths) delete outcomes[path];
  return { ...state, status: 'running', outcomes, superseded: [...state.superseded, ...before] };
}

/** The procedure and those that it sees. */
function* seenBy(
  procedure: Procedure,
  all: ReadonlyMap<string, Procedure>,
  seen = new Set<string>(),
): Generator<Procedure> {
  if (seen.has(procedure.name)) return;
  seen.add(procedure.name);
  yield procedure;
  for (const step of stepsOf(procedure.steps)) {
    const other = step.kind === 'see' ? all.get(step.procedure) : undefined;
    if (other) yield* seenBy(other, all, seen);
  }
}

const reported = (state: RunState, position: Position): RunReport =>
  reportOf(state, position, proceduresOf(state).get(state.procedure)!);
