import { randomBytes } from 'node:crypto';
import { InputError } from '../../errors.ts';
import type { Uses } from '../../ports/step.ts';
import { encodeDocument, parseDocument } from '../../state/document.ts';
import { RUN_STATE, type RunState, type RunStatus } from './state.ts';

export const RUNS = 'procedures/';

/** What the ledger knows of an execution: nothing about people. */
export type RunHead = {
  readonly id: string;
  readonly procedure: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly role: string;
  /** The roles that are waited for. */
  readonly waitsFor: string[];
  readonly decision?: string;
  /** The object that has its state. */
  readonly object: string;
};

export interface StoredRun {
  readonly state: RunState;
  /** For the conditional write. */
  readonly version: number;
}

type Stores = Uses<'ledger' | 'objects'>;

const keyOf = (id: string): string => `${RUNS}${id}`;

/** @throws InputError where there is none of that id */
export async function loadRun(lake: Stores, id: string): Promise<StoredRun> {
  const { platform } = lake;
  const found = /^[\w.-]+$/.test(id) ? await platform.ledger.read<RunHead>(keyOf(id)) : undefined;
  if (!found)
    throw new InputError(`There is no execution "${id}".`, { hint: '`lake procedure status` lists them' });
  const { object } = found.value;
  const text = await platform.objects.getText(object);
  // Another process has written meanwhile.
  if (text === undefined) {
    const again = await platform.ledger.read<RunHead>(keyOf(id));
    if (again && again.version !== found.version) return loadRun(lake, id);
  }
  return { state: parseDocument<RunState>(RUN_STATE, text ?? '', object), version: found.version };
}

/**
 * Writes a state whole or not at all: first its object under a name of its own, then the record that points to it, if that
 * is still what was read.
 * @throws LedgerConflictError where somebody else wrote first
 */
export async function saveRun(
  { platform }: Stores,
  state: RunState,
  waitsFor: readonly string[],
  version: number | undefined,
): Promise<StoredRun> {
  const { id, procedure, status, startedAt, startedBy, decision } = state;
  const folder = `${keyOf(id)}/`;
  const object = `${folder}${version ?? 0}-${randomBytes(8).toString('hex')}.json`;
  await platform.objects.putText(object, JSON.stringify(encodeDocument(RUN_STATE, state)));
  const head: RunHead = {
    id,
    procedure,
    status,
    startedAt,
    startedBy: startedBy.by,
    role: startedBy.role,
    waitsFor: [...waitsFor],
    ...(decision === undefined ? {} : { decision }),
    object,
  };
  try {
    const next = await platform.ledger.write(keyOf(id), head, version);
    // Whoever has read what is written now writes one with a greater number, which may be there already.
    const isOld = (one: string) =>
      one !== object && Number.parseInt(one.slice(folder.length), 10) <= (version ?? 0);
    const old = (await platform.objects.list(folder)).filter(isOld);
    await platform.objects.delete(old);
    return { state, version: next };
  } catch (error) {
    await platform.objects.delete([object]);
    throw error;
  }
}

/** All executions, the newest first. */
export async function listRuns({ platform }: Uses<'ledger'>): Promise<RunHead[]> {
  const found = await platform.ledger.list<RunHead>(RUNS);
  return found.map(({ value }) => value).sort((a, b) => (a.id < b.id ? 1 : -1));
}
