import {
  bool,
  int32,
  int64,
  ip,
  maybe,
  numbers,
  str,
  type TableSpec,
  table,
  text,
  timestamp,
  uuid,
} from './dap-types.ts';

/** The one table of `canvas_logs`. Source: Instructure's developer documentation, "Canvas logs dataset" (2026). */
export const WEB_LOGS: TableSpec = table(
  {
    timestamp,
    url: text,
    http_method: str,
    http_status: numbers(
      ...[200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308],
      ...[400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 429, 500, 501, 502, 503, 504],
    ),
    participated: bool,
    http_version: maybe(str),
    remote_ip: maybe(ip),
    interaction_micros: maybe(int32),
    user_id: maybe(int64),
    real_user_id: maybe(int64),
    web_application_context_type: maybe(str),
    web_application_context_id: maybe(int64),
    web_application_controller: maybe(str),
    web_application_action: maybe(str),
    assignment_id: maybe(int64),
    quiz_id: maybe(int64),
    conversation_id: maybe(int64),
    session_id: maybe(uuid),
    developer_key_id: maybe(int64),
    user_agent: maybe(text),
  },
  { id: uuid },
);
