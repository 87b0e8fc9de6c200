import type { CellValue } from '../college.ts';
import type { Columns } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Submission } from '../model/submissions.ts';
import type { World } from '../model/world.ts';
import { hash, Random, uuidOf } from '../random.ts';
import { globalId } from './ids.ts';

/** One request of a browser, before it is written as a row of the log. */
export interface Request {
  readonly at: number;
  readonly enrolment: Enrolment;
  /** Which page; 99 for handing in `submission`. */
  readonly kind: number;
  readonly submission: Submission | undefined;
}

export const WEB_LOG_COLUMNS: Columns = {
  id: 'uuid',
  timestamp: 'timestamptz',
  user_id: 'bigint?',
  real_user_id: 'bigint?',
  web_application_context_type: 'text?',
  web_application_context_id: 'bigint?',
  assignment_id: 'bigint?',
  quiz_id: 'bigint?',
  conversation_id: 'bigint?',
  url: 'text',
  http_method: 'text',
  http_status: 'integer',
  http_version: 'text',
  remote_ip: 'text',
  interaction_micros: 'integer',
  web_application_controller: 'text?',
  web_application_action: 'text?',
  session_id: 'uuid?',
  developer_key_id: 'bigint?',
  participated: 'boolean',
  user_agent: 'text?',
};

const PAGES: readonly (readonly [controller: string, action: string, path: string])[] = [
  ['courses', 'show', ''],
  ['context_modules', 'index', '/modules'],
  ['assignments', 'index', '/assignments'],
  ['wiki_pages', 'show', '/pages/syllabus'],
  ['files', 'show', '/files/1'],
  ['gradebooks', 'grade_summary', '/grades'],
  ['discussion_topics', 'index', '/discussion_topics'],
  ['announcements', 'index', '/announcements'],
  ['courses', 'show', ''],
  ['context_modules', 'index', '/modules'],
];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0 Safari/537.36',
  null,
];
const REQUEST = hash('request');
/** A user whose home is another institution's shard. */
const GUEST = 13_090_000_000_004_711n;

export function requestRow(
  world: World,
  request: Request,
  day: number,
  i: number,
): Record<string, CellValue> {
  const { enrolment, submission } = request;
  const random = new Random(world.seed, REQUEST, day, i);
  const course = globalId(enrolment.section.shell.n);
  const user = globalId(enrolment.student.n);
  const [controller, action, path] = submission
    ? (['submissions', 'create', `/assignments/${globalId(submission.assignment.n)}/submissions`] as const)
    : PAGES[request.kind]!;
  const agent = AGENTS[hash(enrolment.student.n, 'agent') % AGENTS.length]!;
  return {
    id: uuidOf('request', day, i),
    timestamp: request.at,
    user_id: submission ? user : random.chance(0.02) ? null : random.chance(0.002) ? GUEST : user,
    real_user_id: null,
    web_application_context_type: 'Course',
    web_application_context_id: course,
    assignment_id: submission ? globalId(submission.assignment.n) : null,
    quiz_id: null,
    conversation_id: null,
    url: `https://aurora.example/courses/${course}${path}`,
    http_method: submission ? 'POST' : 'GET',
    http_status: submission ? 302 : random.chance(0.01) ? 404 : 200,
    http_version: 'HTTP/2.0',
    remote_ip: random.chance(0.2)
      ? `2001:db8:${(hash(enrolment.student.n, 'net') % 65536).toString(16)}::1`
      : `198.51.100.${hash(enrolment.student.n, 'ip') % 254}`,
    interaction_micros: 40_000 + random.int(600_000),
    web_application_controller: controller,
    web_application_action: action,
    session_id: submission ? uuidOf('hand-in', submission.n) : uuidOf('session', enrolment.n, day),
    developer_key_id: null,
    participated: submission !== undefined,
    user_agent: agent,
  };
}
