import type { CommandFlags } from '../../ports/feature.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import { screenTable, widthOf } from '../../screen-table.ts';
import { publishedTables, rowsOf } from '../history/published.ts';
import { type Standing, standingsOf } from '../record.ts';
import { loadAlerts } from '../rules/load-alerts.ts';
import { CURRENT } from '../tables.ts';

export interface ListFlags extends CommandFlags {
  readonly who?: boolean;
  readonly digest?: boolean;
  readonly adviser?: string;
  readonly role?: string;
  readonly owner?: string;
}

export interface Listed {
  readonly alerts: readonly {
    readonly name: string;
    readonly description: string;
    readonly written: string;
    readonly step: string;
    readonly severity: string;
    readonly role: string;
    readonly owner: string | null;
    readonly place: string;
    /** Null: it was not evaluated yet. */
    readonly standing: Standing | null;
  }[];
  /** Whom they are about, by adviser where a digest is asked for. */
  readonly who?: readonly {
    readonly adviser: string | null;
    readonly rows: readonly {
      alert: string;
      student: string | null;
      course: string | null;
      about: string | null;
      since: string;
      reasons: string;
    }[];
  }[];
}

type Needs = Uses<'campus' | 'session' | 'access' | 'ledger' | 'objects' | 'engine'>;

/** @throws CampusFileError for mistakes in alerts.yaml */
export async function listAlerts(lake: Needs, flags: ListFlags): Promise<Listed> {
  const { alerts } = await loadAlerts(lake.campus);
  const standings = new Map<string, Standing>();
  // Alerts on data and on the lake are evaluated in different steps, and not in each run.
  for (const one of await standingsOf(lake.platform.ledger)) standings.set(one.alert, one);
  const own = alerts.filter(
    ({ role, owner }) =>
      (flags.role === undefined || role === flags.role) &&
      (flags.owner === undefined || owner === flags.owner),
  );
  const asksWho = flags.who || flags.digest || flags.adviser !== undefined;
  return {
    alerts: own.map(({ name, description, written, axis, severity, role, owner, place }) => ({
      name,
      description,
      written,
      step: axis.name,
      severity,
      role,
      owner: owner ?? null,
      place,
      standing: standings.get(name) ?? null,
    })),
    ...(asksWho
      ? {
          who: await whoOf(
            lake,
            flags,
            own.map(({ name }) => name),
          ),
        }
      : {}),
  };
}

async function whoOf(
  lake: Needs,
  flags: ListFlags,
  names: readonly string[],
): Promise<NonNullable<Listed['who']>> {
  const { tables } = await publishedTables(lake);
  if (!Object.hasOwn(tables, CURRENT) || names.length === 0) return [];
  const byAdviser = flags.digest || flags.adviser !== undefined;
  const advisers = byAdviser
    ? `LEFT JOIN (SELECT DISTINCT student_id, advisor_id FROM sis.registrar_advisors) v ON v.student_id = a.student_id`
    : '';
  const adviser =
    flags.adviser === undefined ? '' : ` AND v.advisor_id = '${flags.adviser.replaceAll("'", "''")}'`;
  const rows = await rowsOf(
    lake,
    tables,
    `SELECT ${byAdviser ? 'v.advisor_id' : 'CAST(NULL AS varchar)'}, a.alert, a.student_id, a.course_code, a.about,
  format_datetime(a.since, 'yyyy-MM-dd HH:mm'), a.reasons
FROM ${CURRENT} a ${advisers}
WHERE a.phase = 'firing' AND a.alert IN (${names.map((name) => `'${name}'`).join(', ')})${adviser}
ORDER BY 1, a.student_id, a.alert, a.course_code, a.since`,
  );
  const groups = new Map<string | null, Cell[][]>();
  for (const row of rows) groups.set(textOf(row[0]), [...(groups.get(textOf(row[0])) ?? []), row]);
  return [...groups].map(([one, own]) => ({
    adviser: one,
    rows: own.map(([, alert, student, course, about, since, reasons]) => ({
      alert: String(alert),
      student: textOf(student),
      course: textOf(course),
      about: textOf(about),
      since: String(since),
      reasons: String(reasons),
    })),
  }));
}

const textOf = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

export function listInWords({ alerts, who }: Listed): string {
  const screen = widthOf(process.stdout);
  if (alerts.length === 0)
    return 'There are no alerts. docs/alerts.md shows how to write one in alerts.yaml.';
  const standing = screenTable(
    {
      head: ['alert', 'for', 'cases', 'new', 'over', 'what it says'],
      rows: alerts.map(({ name, role, description, standing: one }) => [
        name,
        role,
        one === null
          ? '–'
          : `${one.firing}${one.isSilenced ? ' (silenced)' : ''}${one.isOverLimit ? ' (too many groups)' : ''}`,
        one?.began ?? '–',
        one?.ended ?? '–',
        description,
      ]),
    },
    screen,
  );
  if (who === undefined) return standing;
  if (who.length === 0) return `${standing}\n\nThey are about nobody.`;
  const sections = who.map(({ adviser, rows }) => {
    const title = adviser === null ? '' : `Adviser ${adviser}\n`;
    return `${title}${screenTable(
      {
        head: ['student', 'alert', 'course', 'since', 'what it says'],
        rows: rows.map(({ student, alert, course, about, since, reasons }) => [
          student ?? about ?? '–',
          alert,
          course ?? '–',
          since,
          reasons,
        ]),
      },
      screen,
    )}`;
  });
  return [standing, ...sections].join('\n\n');
}
