import { PERSON, rowKind } from '../erasure/links.ts';
import { SuppressionList } from '../erasure/suppression.ts';
import type { Json } from '../json.ts';
import { EventLogInUseError } from '../ports/errors.ts';
import type { EventLogs, EventWriter } from '../ports/event-log.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { KeptEvent } from './treat.ts';

type Fields = { readonly [name: string]: Json };

/** Whom an event is about, the first that is there; others are mentioned in it. */
const OWNERS = ['user_id', 'student_id'] as const;
const NUMBERS = ['user_id', 'student_id', 'grader_id', 'real_user_id'] as const;
const OF_ACTOR = [
  'user_id',
  'user_sis_id',
  'user_login',
  'real_user_id',
  'session_id',
  'client_ip',
  'user_agent',
  'url',
];

/** What is left of an event where people were erased; undefined: nothing, since it is about one of them. */
export type WithoutErased = (event: KeptEvent) => KeptEvent | undefined;

/** By the list of people who must not come back, as it stands; undefined where nobody is on it. */
export async function openErased(
  register: ObjectStore | undefined,
): Promise<{ readonly without: WithoutErased; readonly state: string } | undefined> {
  const list = register && (await SuppressionList.open(register));
  if (!list) return undefined;
  const texts = (await register.list('suppression/')).map((key) => register.getText(key));
  return {
    without: (event) => withoutErased(event, list),
    state: (await Promise.all(texts)).join(),
  };
}

export function withoutErased(event: KeptEvent, list: Pick<SuppressionList, 'has'>): KeptEvent | undefined {
  const { body, metadata, source } = event;
  const isErased = (value: Json | undefined) =>
    (typeof value === 'string' || typeof value === 'number') &&
    list.has(rowKind(`${source}.users`), String(value));
  const owner = OWNERS.map((name) => body[name]).find((value) => value !== undefined);
  const isActor =
    isErased(metadata.user_id) ||
    (typeof metadata.user_sis_id === 'string' && list.has(PERSON, metadata.user_sis_id));
  if (isErased(owner) || (owner === undefined && isActor)) return undefined;
  const mentioned = NUMBERS.filter((name) => isErased(body[name]));
  if (mentioned.length === 0 && !isActor) return event;
  return {
    ...event,
    body: leaveOut(body, mentioned),
    metadata: isActor ? leaveOut(metadata, OF_ACTOR) : metadata,
  };
}

const leaveOut = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Takes erased people out of a log. @returns how many events were changed */
export const eraseFrom = (log: EventWriter, without: WithoutErased): Promise<number> =>
  log.rewrite(({ value }) => {
    const event = JSON.parse(value) as KeptEvent;
    const left = without(event);
    return left === event ? value : left && JSON.stringify(left);
  });

/** The same for a log that is not open. One that is being written is treated by its writer, in its next round. */
export async function eraseFromLog(logs: EventLogs, name: string, without: WithoutErased): Promise<void> {
  if (!(await logs.list()).includes(name)) return;
  let log: EventWriter;
  try {
    log = await logs.openWriter(name);
  } catch (error) {
    if (error instanceof EventLogInUseError) return;
    throw error;
  }
  try {
    await eraseFrom(log, without);
  } finally {
    await log.close();
  }
}
