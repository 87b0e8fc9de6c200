import type { PrivacyClass } from '../campus/catalog-schema.ts';

type Classes = Readonly<Partial<Record<PrivacyClass, string>>>;

/**
 * Canvas columns whose class is known, by table and class. Other columns of these tables say nothing, unless their name does.
 * Source of the columns: Instructure's documentation of the datasets `canvas` and `canvas_logs` (2026). A person's
 * number inside Canvas is `quasi`: it names nobody without the users table.
 */
const KNOWN: Readonly<Record<string, Classes>> = {
  users: {
    direct: 'name sortable_name short_name uuid lti_context_id avatar_image_url',
    quasi: 'id merged_into_user_id time_zone school_name school_position',
    special: 'pronouns',
    education: 'last_logged_out',
  },
  pseudonyms: {
    direct: 'unique_id sis_user_id integration_id',
    quasi: 'id user_id',
    log: 'last_login_ip current_login_ip',
    education: 'login_count failed_login_count last_request_at last_login_at current_login_at',
  },
  communication_channels: { direct: 'path', quasi: 'id user_id pseudonym_id' },
  courses: { text: 'syllabus_body', secret: 'self_enrollment_code' },
  course_sections: {},
  enrollment_terms: {},
  accounts: {},
  roles: {},
  enrollments: {
    quasi: 'user_id associated_user_id sis_pseudonym_id',
    education:
      'type workflow_state start_at end_at completed_at last_activity_at last_attended_at total_activity_time created_at graded_at',
  },
  enrollment_states: { education: 'state state_started_at state_valid_until restricted_access' },
  assignments: { text: 'description' },
  assignment_groups: {},
  submissions: {
    quasi: 'user_id grader_id anonymous_id',
    text: 'body url turnitin_data',
    education:
      'workflow_state submission_type submitted_at graded_at posted_at attempt score grade published_score published_grade excused late_policy_status points_deducted cached_due_date cached_tardiness seconds_late_override submission_comments_count redo_request student_entered_score last_comment_at custom_grade_status_id created_at extra_attempts',
  },
  submission_versions: { quasi: 'user_id', text: 'yaml' },
  submission_comments: {
    direct: 'author_name',
    quasi: 'author_id',
    text: 'comment',
    education: 'created_at edited_at',
  },
  scores: {
    education:
      'current_score final_score unposted_current_score unposted_final_score current_points unposted_current_points final_points unposted_final_points override_score custom_grade_status_id',
  },
  discussion_topics: { quasi: 'user_id editor_id', text: 'message' },
  discussion_entries: {
    quasi: 'user_id editor_id',
    text: 'message',
    education: 'created_at updated_at',
  },
  quizzes: { text: 'description', secret: 'access_code', log: 'ip_filter' },
  quiz_submissions: {
    quasi: 'user_id temporary_user_code',
    text: 'submission_data quiz_data',
    secret: 'validation_token',
    education:
      'workflow_state attempt started_at finished_at end_at score kept_score fudge_points extra_attempts extra_time manually_scored score_before_regrade was_preview has_seen_results manually_unlocked time_spent created_at',
  },
  conversations: { text: 'subject' },
  conversation_messages: { quasi: 'author_id', text: 'body', education: 'created_at' },
  conversation_participants: { quasi: 'user_id', text: 'label' },
  conversation_message_participants: { quasi: 'user_id', education: 'created_at' },
  attachments: { quasi: 'user_id', text: 'display_name filename file_name' },
  access_tokens: {
    quasi: 'user_id real_user_id',
    secret: 'crypted_token token_hint crypted_refresh_token',
    text: 'purpose',
  },
  developer_keys: { quasi: 'user_id', secret: 'api_key', direct: 'email user_name' },
  web_conferences: { quasi: 'user_id', text: 'description' },
  groups: { quasi: 'leader_id', text: 'name description' },
  group_memberships: { quasi: 'user_id', education: 'workflow_state created_at' },
  calendar_events: { quasi: 'user_id', text: 'description location_name location_address' },
  content_participations: { quasi: 'user_id', education: 'workflow_state' },
  learning_outcome_results: {
    quasi: 'user_id',
    education:
      'score possible mastery percent attempt original_score original_mastery submitted_at assessed_at title',
  },
  rubric_assessments: { quasi: 'user_id assessor_id', education: 'score', text: 'data' },
  web_logs: {
    quasi: 'user_id real_user_id',
    log: 'url remote_ip session_id user_agent',
    education:
      'timestamp web_application_context_type web_application_context_id assignment_id quiz_id conversation_id interaction_micros web_application_controller web_application_action participated',
  },
};

/** The class of a listed column; undefined where its name must decide, as for one that is newer than the list. */
export function knownCanvasClass(table: string, column: string): PrivacyClass | undefined {
  const classes = KNOWN[table];
  if (!classes) return undefined;
  for (const [privacy, columns] of Object.entries(classes))
    if (columns.split(' ').includes(column)) return privacy as PrivacyClass;
  return undefined;
}

export function isKnownCanvasTable(table: string): boolean {
  return table in KNOWN;
}
