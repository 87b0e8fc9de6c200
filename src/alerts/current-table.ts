import type { Json } from '../json.ts';
import { readHeader } from '../models/header.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { TableColumn, TableVersion } from '../ports/tables.ts';
import { fillLegend, labelOf } from './evaluate/series.ts';
import type { Alert } from './rules/alert.ts';
import type { AlertStates } from './rules/states.ts';
import { CURRENT } from './tables.ts';

const ROWS = 'campus.alert_rows';

const COLUMNS: readonly TableColumn[] = [
  { name: 'alert', type: 'varchar' },
  { name: 'series', type: 'bigint' },
  { name: 'student_id', type: 'varchar' },
  { name: 'course_code', type: 'varchar' },
  { name: 'term_code', type: 'varchar' },
  { name: 'about', type: 'varchar' },
  { name: 'phase', type: 'varchar' },
  { name: 'since', type: 'timestamp' },
  { name: 'evaluated_to', type: 'timestamp' },
  { name: 'severity', type: 'varchar' },
  { name: 'for_role', type: 'varchar' },
  { name: 'owner', type: 'varchar' },
  { name: 'reasons', type: 'varchar' },
];

/** What the table is and what must hold in it, as in the header of every model. */
export const CURRENT_SQL = `
-- description: Whom the alerts of alerts.yaml are about now: a row for each series that fires or is about to. It tells
--   that something happened, never a score or a grade. There once the campus has alerts
-- grain: alert, series
-- check: { kind: not_null, columns: [alert, series, phase, since, evaluated_to, severity, for_role, reasons] }
-- check: { kind: unique, columns: [alert, series] }
-- check: { kind: accepted_values, column: phase, values: [pending, firing, resolved] }
-- owner: Student success
-- column alert (none): its name in alerts.yaml
-- column series (none): the series of the alert, counted from 1
-- column student_id (direct): the registrar's number of the student; empty where it is about no single student
-- column course_code (none): short name of the course; empty where it is about no single one
-- column term_code (none): the registrar's term
-- column about (education): the series by its other tags or its legend
-- column phase (education): pending, firing, or resolved in the last step
-- column since (education): when the step ended since which it is so
-- column evaluated_to (none): when the last step ended that is in it
-- column severity (none): info, warning or error
-- column for_role (none): who acts on it
-- column owner (none): who answers for it
-- column reasons (education): what the alert says
SELECT ${COLUMNS.map(({ name }) => name).join(', ')} FROM ${ROWS}`.trim();

export const currentHeader = () => readHeader(CURRENT_SQL);

/** The table of what fires and what is about to. @param to up to when it was evaluated, epoch ms */
export async function currentTable(
  engine: TableBuilder,
  alerts: readonly Alert[],
  states: AlertStates | undefined,
  to: number,
  version: string,
): Promise<TableVersion> {
  const rows = alerts.flatMap((alert) => rowsOf(alert, states, to));
  const given = await engine.literalTable(ROWS, COLUMNS, rows, version);
  return engine.create(CURRENT, CURRENT_SQL, { [ROWS]: given }, version);
}

const KNOWN = new Set(['name', 'student', 'course', 'term']);

function rowsOf(alert: Alert, states: AlertStates | undefined, to: number): Json[][] {
  return (states?.of(alert.name) ?? []).map(({ tags, state, since }, i): Json[] => {
    const others = new Map([...tags].filter(([key]) => !KNOWN.has(key)));
    const about =
      alert.legend === undefined
        ? others.size === 0
          ? null
          : labelOf(others)
        : fillLegend(alert.legend, tags);
    return [
      alert.name,
      i + 1,
      tags.get('student') ?? null,
      tags.get('course') ?? null,
      tags.get('term') ?? null,
      about,
      state.phase,
      new Date(since).toISOString(),
      new Date(to).toISOString(),
      alert.severity,
      alert.role,
      alert.owner ?? null,
      alert.description,
    ];
  });
}
