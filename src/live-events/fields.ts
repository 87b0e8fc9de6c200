/**
 * Which column of Canvas's tables a field of an event stands for: it is treated as the catalog decides of that column.
 * Of fields that are not listed, the name decides, as for a column that nobody has decided on.
 */
const PEOPLE = {
  user_id: 'users.id',
  student_id: 'users.id',
  grader_id: 'submissions.grader_id',
  real_user_id: 'web_logs.real_user_id',
  user_login: 'pseudonyms.unique_id',
  user_sis_id: 'pseudonyms.sis_user_id',
  student_sis_id: 'pseudonyms.sis_user_id',
  session_id: 'web_logs.session_id',
  client_ip: 'web_logs.remote_ip',
  user_agent: 'web_logs.user_agent',
  url: 'web_logs.url',
  referrer: 'web_logs.url',
} as const;

const OF_BODY: Readonly<Record<string, string>> = {
  ...PEOPLE,
  submitted_at: 'submissions.submitted_at',
  graded_at: 'submissions.graded_at',
  posted_at: 'submissions.posted_at',
  score: 'submissions.score',
  old_score: 'submissions.score',
  grade: 'submissions.grade',
  old_grade: 'submissions.grade',
  attempt: 'submissions.attempt',
  body: 'submissions.body',
  url: 'submissions.url',
  text: 'discussion_entries.message',
  message: 'discussion_entries.message',
  title: 'discussion_topics.title',
};

/** Facts that say nothing of a person, or whose column says it. Others of the metadata are not kept at all. */
const OF_METADATA: Readonly<Record<string, string | 'plain'>> = {
  ...PEOPLE,
  event_name: 'plain',
  event_time: 'plain',
  producer: 'plain',
  root_account_id: 'plain',
  request_id: 'plain',
  job_id: 'plain',
  http_method: 'plain',
  hostname: 'plain',
  context_type: 'plain',
  context_id: 'plain',
  context_role: 'plain',
  context_account_id: 'plain',
  developer_key_id: 'plain',
};

/** Facts about things, not about people. */
const PLAIN = new Set([
  'submission_id',
  'assignment_id',
  'quiz_id',
  'course_id',
  'enrollment_id',
  'course_section_id',
  'section_id',
  'discussion_topic_id',
  'discussion_entry_id',
  'parent_discussion_entry_id',
  'group_id',
  'asset_id',
  'asset_type',
  'asset_subtype',
  'category',
  'level',
  'role',
  'type',
  'workflow_state',
  'points_possible',
  'old_points_possible',
  'grading_complete',
  'muted',
  'late',
  'missing',
  'created_at',
  'updated_at',
  'submission_type',
  'lti_assignment_id',
]);

/** Ids of rows, which are brought into the form of DAP. */
export const isId = (field: string): boolean =>
  /^(?!.*(?:lti|sis|request|job|session).*_id$)\w+_id$/.test(field) && field !== 'root_account_id';

/** @returns `table.column` of Canvas, `plain`, or undefined: the name decides */
export function bodyField(name: string): string | undefined {
  if (Object.hasOwn(OF_BODY, name)) return OF_BODY[name];
  return PLAIN.has(name) ? 'plain' : undefined;
}

/** @returns `table.column` of Canvas or `plain`; undefined: not kept */
export function metadataField(name: string): string | undefined {
  return Object.hasOwn(OF_METADATA, name) ? OF_METADATA[name] : undefined;
}
