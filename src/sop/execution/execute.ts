import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { InputError } from '../../errors.ts';
import { failureOf } from '../../failure.ts';
import type { Json } from '../../json.ts';
import type { Uses } from '../../ports/step.ts';
import { parseProcedure } from '../language/parse.ts';
import type { Procedure } from '../language/tree.ts';
import type { Tool } from '../tool.ts';
import { checkedValue } from './check-value.ts';
import { stepRow } from './log.ts';
import type { GivenAnswer, Holder, Outcome, RunState } from './state.ts';
import { loadRun, type StoredRun, saveRun } from './store.ts';
import { PROCEDURE_STEPS } from './tables.ts';
import { type Pending, type Position, walk } from './walk.ts';

export type ExecutionLake = Uses<'ledger' | 'objects' | 'clock'>;

/** Steps of one execution. More are a loop that nobody meant. */
const MOST_STEPS = 20_000;
/** A process on another machine that has not said anything for so long is taken for dead. */
const SILENT_MS = 15 * 60_000;

/** What this process is doing now; one that died has nothing here. */
const WORKING = new Set<string>();

export interface Executed {
  readonly state: RunState;
  readonly position: Position;
}

/** Where an execution stands, by what is stored. */
export function positionOf(state: RunState, tools: ReadonlyMap<string, Tool>): Position {
  const procedures = proceduresOf(state);
  const order = (tool: string) => Object.keys(tools.get(tool)?.takes ?? {});
  return walk(state, procedures.get(state.procedure)!, procedures, order);
}

/** The procedures of an execution, as they were when it was started. */
export function proceduresOf({ texts }: Pick<RunState, 'texts'>): Map<string, Procedure> {
  return new Map(
    Object.entries(texts).map(([name, text]) => [
      name,
      parseProcedure(text, `procedures/${name}.sop`).procedure!,
    ]),
  );
}

/**
 * Carries an execution on until somebody is asked, something fails, or it ends. Each turn reads what is stored, does one
 * step and stores what it gave, so it can be killed anywhere: a call's key is stored before the call, its outcome after it.
 * @param mayAct whether tools are called; otherwise only answers are taken
 * @throws InputError while another process is at a step of it
 */
export async function advance(
  lake: ExecutionLake,
  id: string,
  tools: ReadonlyMap<string, Tool>,
  mayAct: boolean,
  signal?: AbortSignal,
): Promise<Executed> {
  for (let turns = 0; turns < MOST_STEPS; turns++) {
    const stored = await loadRun(lake, id);
    const position = positionOf(stored.state, tools);
    const logged = await logPassed(lake, stored, position);
    const next = position.next;
    if (!next) return ended(lake, logged, position);
    if (next.kind !== 'call') {
      const answer = answerFor(logged.state, next);
      if (!answer) return waiting(lake, logged, position, next);
      await take(lake, logged, next, answer);
    } else if (!mayAct) return waiting(lake, logged, position, next);
    else {
      const stays = await call(lake, logged, next, tools, signal);
      if (stays) return { state: stays.state, position };
    }
  }
  throw new InputError(`Execution ${id} has more than ${MOST_STEPS} steps.`, { hint: 'bound its loops' });
}

const instant = ({ platform }: ExecutionLake): string => new Date(platform.clock.now()).toISOString();

/** Writes the rows of steps that were passed since. */
async function logPassed(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  { passed }: Position,
): Promise<StoredRun> {
  const now = instant(lake);
  const known = new Set(state.logged);
  const rows = passed.map((one) => stepRow(state, one, now)).filter(({ id }) => !known.has(id));
  if (rows.length === 0) return { state, version };
  await lake.platform.ledger.append(PROCEDURE_STEPS.name, rows);
  return { state: { ...state, logged: [...state.logged, ...rows.map(({ id }) => id)] }, version };
}

async function ended(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  position: Position,
): Promise<Executed> {
  const { end, fault, stack } = position;
  const { failure: _failure, decision: _decision, because: _because, ...rest } = state;
  const now: RunState = end
    ? { ...rest, status: 'ended', stack: [], ...end, endedAt: state.endedAt ?? instant(lake) }
    : { ...rest, status: 'failed', stack, failure: fault! };
  return { state: (await saveRun(lake, now, [], version)).state, position };
}

async function waiting(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  position: Position,
  next: Pending,
): Promise<Executed> {
  const { failure: _failure, decision: _decision, because: _because, endedAt: _endedAt, ...rest } = state;
  const status = next.kind === 'call' ? 'running' : 'waiting';
  const now: RunState = { ...rest, status, stack: position.stack };
  return { state: (await saveRun(lake, now, next.roles, version)).state, position };
}

/** One that was given before it was asked for, by its place or by its name: of a role that is asked here. */
const answerFor = (
  { answers }: RunState,
  { path, step, roles }: Exclude<Pending, { kind: 'call' }>,
): GivenAnswer | undefined =>
  [answers[path], answers[step.bind]].find((answer) => answer && roles.includes(answer.role));

async function take(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  next: Exclude<Pending, { kind: 'call' }>,
  answer: GivenAnswer,
): Promise<void> {
  const { path, step, type, inputs, kind } = next;
  const answers = Object.fromEntries(Object.entries(state.answers).filter(([, given]) => given !== answer));
  const value = checkedValue(type, answer.value, 'the answer');
  const { by, role, at } = answer;
  const outcome: Outcome = {
    path,
    kind,
    inputs,
    at,
    name: step.bind,
    key: '',
    state: 'done',
    value,
    decided: { by, role },
  };
  await saveRun(lake, withOutcome({ ...state, answers }, outcome), [], version);
}

/** @returns the state where it stays as it is: the call failed, or a person has to say whether it was done */
async function call(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  next: Extract<Pending, { kind: 'call' }>,
  tools: ReadonlyMap<string, Tool>,
  signal?: AbortSignal,
): Promise<StoredRun | undefined> {
  const { path, inputs, step, args, approvedBy } = next;
  const tool = tools.get(step.tool);
  const before = state.outcomes[path];
  const isSame = before?.inputs === inputs && before.state !== 'done';
  if (isSame && isAtWork(before, lake.platform.clock.now()))
    throw new InputError(`Another process is at this step of ${state.id}.`, { hint: 'wait for it to end' });
  if (!tool)
    return failed(lake, { state, version }, next, {
      code: 'unknown-tool',
      message: `There is no tool @${step.tool} any more.`,
    });
  if (isSame && tool.again === 'ask') {
    return unknown(lake, { state, version }, next, { ...before, state: 'unknown' });
  }
  const key = `${state.id}/${path}/${inputs.slice(0, 12)}`;
  const nonce = randomBytes(8).toString('hex');
  const holder: Holder = { host: hostname(), pid: process.pid, nonce };
  const begun: Outcome = {
    path,
    kind: 'call',
    inputs,
    at: instant(lake),
    name: tool.name,
    key,
    state: 'begun',
    holder,
    acts: tool.acts,
  };
  const { failure: _failure, ...rest } = withOutcome(state, begun);
  WORKING.add(nonce);
  try {
    const saved = await saveRun(lake, { ...rest, status: 'running', stack: [path] }, [], version);
    const startedAt = performance.now();
    const answered = await tool
      .run({ args, key, ...(approvedBy ? { approvedBy } : {}), ...(signal ? { signal } : {}) })
      .catch((error: unknown) => ({ error }));
    const ms = Math.round(performance.now() - startedAt);
    if ('error' in answered) {
      const { code, message, hint } = failureOf(answered.error);
      // It may have been done all the same, as where a request was never answered.
      if (tool.again === 'ask') return unknown(lake, saved, next, { ...begun, state: 'unknown' });
      return failed(lake, saved, next, { code, message: hint ? `${message} ${hint}` : message });
    }
    // The tool may have taken a person out of what is stored.
    const { state: now, version: newest } = await loadRun(lake, state.id);
    const { holder: _holder, ...kept } = begun;
    const done: Outcome = {
      ...kept,
      state: 'done',
      value: answered.value,
      ms,
      ...(answered.query ? { query: answered.query } : {}),
      ...(approvedBy ? { decided: approvedBy } : {}),
      ...(now.outcomes[path]?.settled ? { settled: true } : {}),
    };
    await saveRun(lake, withOutcome(now, done), [], newest);
    return undefined;
  } finally {
    WORKING.delete(nonce);
  }
}

/** Has a person say whether it was done. */
function unknown(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  { path, roles }: Pending,
  outcome: Outcome,
): Promise<StoredRun> {
  const { failure: _failure, ...rest } = withOutcome(state, outcome);
  return saveRun(lake, { ...rest, status: 'waiting', stack: [path] }, roles, version);
}

async function failed(
  lake: ExecutionLake,
  { state, version }: StoredRun,
  { path, roles }: Pending,
  failure: { readonly code: string; readonly message: string },
): Promise<StoredRun> {
  const before = state.outcomes[path];
  // What the tool itself has refused was not done; whoever tries again has the same key.
  const outcomes = { ...state.outcomes };
  if (before?.state === 'begun') delete outcomes[path];
  const now: RunState = {
    ...state,
    outcomes,
    status: 'failed',
    stack: [path],
    failure: { ...failure, path },
  };
  return saveRun(lake, now, roles, version);
}

/** Whether a process that is not known to be dead is at it. */
function isAtWork({ holder, at }: Outcome, now: number): boolean {
  if (!holder) return false;
  if (holder.host !== hostname()) return now - Date.parse(at) < SILENT_MS;
  if (holder.pid === process.pid) return WORKING.has(holder.nonce);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** An outcome in its place. What was there with other inputs, or was decided otherwise, counts no more and is kept. */
export function withOutcome(state: RunState, outcome: Outcome): RunState {
  const before = state.outcomes[outcome.path];
  const isReplaced =
    before?.state === 'done' && (before.inputs !== outcome.inputs || outcome.kind !== 'call');
  return {
    ...state,
    outcomes: { ...state.outcomes, [outcome.path]: outcome },
    superseded: isReplaced ? [...state.superseded, before] : state.superseded,
  };
}

/** A run's arguments as its procedure wants them. @throws InputError for one that is missing, unknown or of another type */
export function checkedArgs(
  { needs, name }: Procedure,
  given: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const unknown = Object.keys(given).find((key) => !needs.some((need) => need.name === key));
  if (unknown !== undefined)
    throw new InputError(`${name} needs no \`${unknown}\`.`, {
      hint: `it needs ${needs.map((need) => need.name).join(', ') || 'nothing'}`,
    });
  return Object.fromEntries(
    needs.map((need) => {
      const value = given[need.name];
      if (value === undefined) throw new InputError(`${name} needs \`${need.name}\`.`, { hint: need.about });
      return [need.name, checkedValue(need.type, value, `\`${need.name}\``)];
    }),
  );
}
