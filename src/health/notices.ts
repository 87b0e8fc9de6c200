import { linksTo } from '../notify/links.ts';
import type { FeatureLake, FeatureNotice, FeatureSummary } from '../ports/feature.ts';
import { healthChanges } from './changes.ts';
import { healthEvent, incidentEvent } from './events.ts';
import { type Incident, isOpen, isSnoozed } from './incidents/incident.ts';
import { readIncidents } from './incidents/store.ts';
import { REPAIRS } from './repair/all.ts';

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

/**
 * One message when an incident opens, or comes back, and one when it is resolved; for programs, which tables have become
 * better or worse. What somebody has snoozed is told of again once it is over.
 */
export async function noticesOf(lake: FeatureLake, run: string): Promise<FeatureNotice[]> {
  const { ledger, clock } = lake.platform;
  const told = (await readIncidents(ledger)).flatMap((incident): FeatureNotice[] => {
    const { id, state, lastSeenIn, runs, reopened, resolved } = incident;
    const isNews = isOpen(incident) && lastSeenIn === run && (runs === 1 || state === 'reopened');
    if (isNews && !isSnoozed(incident, clock.now()))
      return [noticeOf(lake, incident, run, reopened > 0 ? 'reopened' : 'opened', opened(incident))];
    const isOverNow = resolved?.by === 'the lake' && resolved.how.includes(run);
    return isOverNow
      ? [
          noticeOf(lake, incident, run, 'resolved', [
            `${incident.title} is over: ${resolved.how}.`,
            ...triedLines(incident),
            `\`lake incidents show ${id}\``,
          ]),
        ]
      : [];
  });
  const changes = await healthChanges(lake, run);
  return changes.length === 0 ? told : [...told, healthEvent(lake.campus.name, changes, run, clock.now())];
}

const WORDS = { opened: 'New', reopened: 'Again', resolved: 'Resolved' } as const;

function noticeOf(
  { campus }: FeatureLake,
  incident: Incident,
  run: string,
  what: keyof typeof WORDS,
  lines: readonly string[],
): FeatureNotice {
  const { id, key, title, severity, owners, cause, state, confidence, repairs } = incident;
  const word = WORDS[what];
  const own = `${run}/${word.toLowerCase()}/${key.replaceAll('|', '.')}`;
  const [repair] = repairs;
  const isOver = what === 'resolved';
  return {
    key: own,
    severity: isOver ? 'info' : severity,
    subject: `${word}: ${title}`,
    sections: [{ title: '', lines }],
    reference: { what: 'Incident', id },
    owners: [...owners],
    data: { incident: { id, cause, state, title, severity, confidence } },
    event: incidentEvent(campus.name, incident, what, {
      id: own,
      at: incident.resolved?.at ?? incident.lastSeenAt,
    }),
    ...linksTo(campus, [['Open the incident', `/incidents?id=${encodeURIComponent(id)}`]]),
    ...(isOver
      ? {}
      : {
          incident: { id, ...(repair ? { repair: { name: repair, title: REPAIRS[repair].title } } : {}) },
        }),
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
