import type { FeatureLake, FeatureNotice, FeatureSummary } from '../ports/feature.ts';
import { type Incident, isOpen } from './incidents/incident.ts';
import { readIncidents } from './incidents/store.ts';

/** So many tables are named in a line. */
const NAMED = 3;

/** The open incidents, the newest first, for the notification on the run: a line each, and a headline. */
export async function summaryOf({ platform }: FeatureLake): Promise<FeatureSummary | undefined> {
  const open = (await readIncidents(platform.ledger)).filter(isOpen);
  if (open.length === 0) return undefined;
  const many = `${open.length} ${open.length === 1 ? 'incident is' : 'incidents are'} open`;
  return {
    headline: many,
    lines: open.toReversed().map((incident) => `Incident: ${incidentInWords(incident)}`),
  };
}

/** One message when an incident opens, or comes back, and one when it is resolved. */
export async function noticesOf({ platform }: FeatureLake, run: string): Promise<FeatureNotice[]> {
  return (await readIncidents(platform.ledger)).flatMap((incident): FeatureNotice[] => {
    const { id, state, lastSeenIn, runs, reopened, resolved } = incident;
    if (isOpen(incident) && lastSeenIn === run && (runs === 1 || state === 'reopened'))
      return [noticeOf(incident, run, reopened > 0 ? 'Again' : 'New', opened(incident))];
    const isOverNow = resolved?.by === 'the lake' && resolved.how.includes(run);
    return isOverNow
      ? [
          noticeOf(incident, run, 'Resolved', [
            `${incident.title} is over: ${resolved.how}.`,
            ...triedLines(incident),
            `\`lake incidents show ${id}\``,
          ]),
        ]
      : [];
  });
}

function noticeOf(incident: Incident, run: string, what: string, lines: readonly string[]): FeatureNotice {
  const { id, key, title, severity, owners, cause, state, confidence } = incident;
  return {
    key: `${run}/${what.toLowerCase()}/${key.replaceAll('|', '.')}`,
    severity: what === 'Resolved' ? 'info' : severity,
    subject: `${what}: ${title}`,
    sections: [{ title: '', lines }],
    reference: { what: 'Incident', id },
    owners: [...owners],
    data: { incident: { id, cause, state, title, severity, confidence } },
  };
}

function opened(incident: Incident): string[] {
  const { title, why, manualSteps, hint, assignee, confidence, affected, id } = incident;
  return [
    `${title}.`,
    `Why: ${plain(why)} (${percent(confidence)} sure).`,
    ...(affected.length > 0 ? [`Late or kept because of it: ${named(affected)}.`] : []),
    ...triedLines(incident),
    `Whose: ${assignee}. Next: ${plain(hint ?? manualSteps)}`,
    `\`lake incidents show ${id}\``,
  ];
}

const triedLines = ({ tried }: Incident): string[] =>
  tried.slice(-NAMED).map(({ state, text, notBefore }) => {
    const when = notBefore === undefined ? '' : `, due at ${notBefore.slice(0, 16).replace('T', ' ')} UTC`;
    return state === 'proposed' ? `Needs a person: ${text}.` : `Done about it: ${text} (${state}${when}).`;
  });

/** One line that fits a phone. */
export function incidentInWords({ title, state, assignee, openedAt, affected }: Incident): string {
  const reach =
    affected.length > 0
      ? `; ${affected.length} more ${affected.length === 1 ? 'table' : 'tables'} affected`
      : '';
  return `${title} (${state}, since ${openedAt.slice(0, 16).replace('T', ' ')} UTC, ${assignee})${reach}`;
}

export const percent = (part: number): string => `${Math.round(part * 100)} %`;

export function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Markdown of the runbook as a line of plain text. */
export const plain = (markdown: string): string =>
  markdown.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll(/[*`]/g, '');
