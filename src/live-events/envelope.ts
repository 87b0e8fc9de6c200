import type { Json } from '../json.ts';
import { LiveEventFormError } from './errors.ts';

type Fields = { readonly [name: string]: Json };

/** So deep do objects and lists lie in each other at most: far deeper than in any event of Canvas. */
const MOST_LEVELS = 50;

/** A live event as it came, in either of Canvas's formats. */
export interface ReceivedEvent {
  readonly format: 'canvas' | 'caliper';
  /** `submission_created` and so on, also of an event in Caliper's format. */
  readonly name: string;
  /** Epoch ms. */
  readonly time: number;
  readonly metadata: Fields;
  readonly body: Fields;
  /** Of Caliper: the event's own id. The other format has none. */
  readonly id?: string;
}

/**
 * Reads one delivery. Canvas's own format has been seen with its facts in `metadata` and in `attributes`; Caliper 1.1
 * comes in an envelope of one or several events.
 * @throws LiveEventFormError
 */
export function readDelivery(delivered: unknown): ReceivedEvent[] {
  if (!isFields(delivered)) throw noEvent('an object');
  if (!isWithin(delivered, MOST_LEVELS)) throw noEvent('an end of its levels');
  if (Array.isArray(delivered.data)) return delivered.data.map(readCaliper);
  const metadata = delivered.metadata ?? delivered.attributes;
  if (!isFields(metadata)) throw noEvent('metadata');
  const body = typeof delivered.body === 'string' ? parsed(delivered.body) : delivered.body;
  if (!isWithin(body, MOST_LEVELS)) throw noEvent('an end of its levels');
  return [
    {
      format: 'canvas',
      name: nameOf(metadata.event_name),
      time: timeOf(metadata.event_time),
      metadata,
      body: isFields(body) ? body : {},
    },
  ];
}

/**
 * Canvas puts its own facts into extensions; of those, and of ids such as `urn:instructure:canvas:submission:21070…`, the
 * fields of its own format are made.
 */
function readCaliper(event: unknown): ReceivedEvent {
  if (!isFields(event)) throw noEvent('an event of Caliper');
  const actor = asFields(event.actor);
  const object = asFields(event.object);
  const group = asFields(event.group);
  const own = asFields(asFields(event.extensions)['com.instructure.canvas']);
  const extensions = (entity: Fields) => asFields(asFields(entity.extensions)['com.instructure.canvas']);
  const type = typeText(object);
  const name =
    typeof own.event_name === 'string'
      ? own.event_name
      : caliperName(text(event.type), text(event.action), type);
  const of = extensions(object);
  const assignee = asFields(object.assignee);
  const assignable = asFields(object.assignable);
  const assignment =
    lastPart(assignable.id) ?? (type === 'AssignableDigitalResource' ? lastPart(object.id) : undefined);
  const student = lastPart(assignee.id);
  const body: Record<string, Json> = { ...of };
  const put = (field: string, value: Json | undefined) => {
    if (value !== undefined && value !== null) body[field] ??= value;
  };
  const entity = of.entity_id ?? lastPart(object.id);
  if (name.startsWith('submission_')) put('submission_id', entity);
  if (name.startsWith('enrollment_')) put('enrollment_id', entity);
  if (name.startsWith('discussion_entry_')) put('discussion_entry_id', entity);
  if (name === 'quiz_submitted') put('submission_id', entity);
  if (name === 'asset_accessed') {
    put('asset_id', entity);
    put('asset_type', of.entity_type ?? type);
  }
  put('assignment_id', assignment);
  put('user_id', student ?? (name.startsWith('submission_') ? lastPart(actor.id) : undefined));
  put('attempt', object.count);
  put('submitted_at', name.startsWith('submission_') ? object.dateCreated : undefined);
  const metadata: Record<string, Json> = { ...own, event_name: name };
  const about = (field: string, value: Json | undefined) => {
    if (value !== undefined && value !== null) metadata[field] ??= value;
  };
  about('user_id', extensions(actor).entity_id ?? lastPart(actor.id));
  about('root_account_id', extensions(actor).root_account_id);
  about('user_login', extensions(actor).user_login);
  about('user_sis_id', extensions(actor).user_sis_id);
  about('context_type', group.type === undefined ? undefined : 'Course');
  about('context_id', extensions(group).entity_id ?? lastPart(group.id));
  return {
    format: 'caliper',
    name,
    time: timeOf(event.eventTime),
    metadata,
    body,
    ...(typeof event.id === 'string' ? { id: event.id } : {}),
  };
}

/** Names of events whose extensions do not tell them. */
function caliperName(type: string, action: string, object: string): string {
  switch (`${type} ${action}`) {
    case 'AssignableEvent Submitted':
    case 'Event Submitted':
      return 'submission_created';
    case 'AssessmentEvent Submitted':
      return 'quiz_submitted';
    case 'GradeEvent Graded':
      return 'grade_change';
    case 'SessionEvent LoggedIn':
      return 'logged_in';
    case 'SessionEvent LoggedOut':
      return 'logged_out';
    case 'NavigationEvent NavigatedTo':
      return 'asset_accessed';
    case 'MessageEvent Posted':
      return 'discussion_entry_created';
    default:
      return `${object || type}_${action}`.toLowerCase();
  }
}

/** `urn:instructure:canvas:user:21070000000000001` */
const lastPart = (id: Json | undefined): string | undefined =>
  typeof id === 'string' ? /:([0-9~]+)$/.exec(id)?.[1] : undefined;

const typeText = (entity: Fields): string => text(entity.type);
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const asFields = (value: unknown): Fields => (isFields(value) ? value : {});

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((one) => isWithin(one, levels - 1));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw noEvent('a body');
  }
}

function nameOf(name: Json | undefined): string {
  if (typeof name !== 'string' || !/^[A-Za-z0-9_.:-]{1,100}$/.test(name)) throw noEvent('a name');
  return name;
}

/** Instants come with any offset; one without is in UTC. */
export function timeOf(instant: unknown): number {
  const given = typeof instant === 'string' ? instant : '';
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(given) ? given : `${given}Z`);
  if (Number.isNaN(time)) throw noEvent('a time');
  return time;
}

function noEvent(what: string): LiveEventFormError {
  return new LiveEventFormError(`What was delivered is no live event: ${what} is missing.`, {
    about: 'live events',
    hint: 'Only the data stream of Canvas should send to this address, in the format of Canvas or of Caliper 1.1.',
  });
}
