import Table from 'cli-table3';
import type { ActionOutcome, IncidentDetails } from '../../app/health/incidents.ts';
import type { Replayed } from '../../app/health/replay.ts';
import type { HealthStatus, LakeHealth } from '../../app/health/table-health.ts';
import { colours } from '../../colours.ts';
import type { Incident } from '../incidents/incident.ts';
import { named, percent, plain } from '../notices.ts';

const STYLE = { style: { head: [], border: [], compact: true } };
const instant = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
/** The part of an id that a person types. */
const short = (id: string): string => id.split('/').at(-1)!;

export function listInWords(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return 'No incident is open.';
  const { red, green, yellow } = colours();
  const table = new Table({ head: ['incident', 'what', 'state', 'since', 'whose', 'affected'], ...STYLE });
  for (const { id, title, state, severity, openedAt, assignee, tables, affected } of incidents) {
    const colour = state === 'resolved' ? green : severity === 'error' ? red : yellow;
    table.push([
      short(id),
      title,
      colour(state),
      instant(openedAt),
      assignee,
      String(tables.length + affected.length),
    ]);
  }
  return `${table.toString()}\n\`lake incidents show <incident>\` has evidence, reasons and what can be done.`;
}

export function detailsInWords({ incident, proposals }: IncidentDetails): string {
  const { bold, dim } = colours();
  const { title, state, id, cause, confidence, alternatives, assignee, owners, openedAt, lastSeenAt, runs } =
    incident;
  const lines = [
    bold(title),
    dim(
      `${id}, ${state}, since ${instant(openedAt)}, seen in ${runs} ${runs === 1 ? 'run' : 'runs'}, last at ${instant(lastSeenAt)}`,
    ),
    '',
    `Cause: ${cause} (${percent(confidence)} sure; rule version ${incident.rule.version})`,
    `  ${plain(incident.why)}`,
    ...(alternatives.length > 0
      ? [`Or: ${alternatives.map((other) => `${other.cause} (${percent(other.confidence)})`).join(', ')}`]
      : []),
    ...(incident.tables.length > 0 ? [`Tables: ${incident.tables.join(', ')}`] : []),
    ...(incident.affected.length > 0 ? [`Late or kept because of it: ${incident.affected.join(', ')}`] : []),
    `Whose: ${assignee}${owners.length > 0 ? ` (owners of the tables: ${owners.join(', ')})` : ''}`,
    '',
    'Evidence',
    ...incident.evidence.map(({ at, kind, message }) => `  ${instant(at)}  ${kind}: ${message}`),
    ...incident.consequences.map(({ cause: other, tables }) => `  and so ${other}: ${named(tables)}`),
    '',
    'What a person does',
    `  ${plain(incident.hint ?? incident.manualSteps)}`,
    ...(incident.hint === undefined ? [] : [`  ${plain(incident.manualSteps)}`]),
    ...(incident.tried.length > 0
      ? [
          '',
          'What was tried',
          ...incident.tried.map(
            ({ at, by, repair, state: how, text }) =>
              `  ${instant(at)}  ${repair} by ${by}: ${text} (${how})`,
          ),
        ]
      : []),
    ...(proposals.length > 0
      ? [
          '',
          'What the lake can do',
          ...proposals.map(
            ({ repair, text, asks, tables }) =>
              `  ${repair}: ${tables.length === 0 ? 'nothing to do now' : text}${asks === undefined ? '' : dim(` (${asks})`)}`,
          ),
          `  \`lake incidents fix ${short(id)} --repair <name>\``,
        ]
      : []),
  ];
  return lines.join('\n');
}

export function outcomeInWords(
  { proposal, attempt, needsRun }: ActionOutcome,
  run: { readonly run: string; readonly status: string } | undefined,
): string {
  const { title, about, text, tables } = proposal;
  if (tables.length === 0) return `${title}: there is nothing for it to do.`;
  if (!attempt) return `${title}: it would ${text}.\n${about}\nNothing was changed. Add --confirm to do it.`;
  if (run) return `${title}: run ${run.run} ${run.status}.`;
  return `${title}: done (${text}).${needsRun ? '\nNext: `lake run`.' : ''}`;
}

export function replayInWords(replayed: readonly Replayed[]): string {
  if (replayed.length === 0) return 'There was no incident yet.';
  const { green, yellow } = colours();
  const lines = replayed.map(({ incident, before, now, isSame }) => {
    const today = now
      ? `${now.cause} (${percent(now.confidence)}, version ${now.ruleVersion})`
      : 'no incident';
    const mark = isSame ? green('same') : yellow('other');
    return `${mark}  ${incident}: ${before.cause} (${percent(before.confidence)}, version ${before.ruleVersion}); today ${today}`;
  });
  const same = replayed.filter((one) => one.isSame).length;
  return [...lines, `${same} of ${replayed.length} have the same cause by the rules of today.`].join('\n');
}

export function healthInWords({ status, at, openIncidents, tables }: LakeHealth): string {
  const { red, green, yellow, dim } = colours();
  const colour: Record<HealthStatus, (text: string) => string> = {
    healthy: green,
    degraded: yellow,
    stale: red,
    missing: red,
    off: dim,
  };
  const table = new Table({ head: ['table', 'status', 'as of', 'next by', 'owner', 'why'], ...STYLE });
  for (const one of tables)
    table.push([
      one.table,
      colour[one.status](one.status),
      one.asOf === undefined ? '' : instant(one.asOf),
      one.nextExpected === undefined ? '' : instant(one.nextExpected),
      one.owner ?? '',
      one.reason === undefined
        ? ''
        : `${one.reason}${one.since === undefined ? '' : `, since ${instant(one.since)}`}`,
    ]);
  const words = {
    pass: green('All is well'),
    warn: yellow('Something needs a look'),
    fail: red('Something is not as promised'),
  };
  const many =
    openIncidents === 0
      ? 'no open incident'
      : `${openIncidents} open ${openIncidents === 1 ? 'incident' : 'incidents'}`;
  return `${words[status]} as of ${instant(at)}: ${tables.length} tables, ${many}.\n${table.toString()}`;
}
