import type { Campus } from '../campus/campus.ts';
import type { DigestAsked, FeatureDigest } from '../ports/feature.ts';
import type { Notice } from './compose-notice.ts';
import { linksTo } from './links.ts';

/** Which summaries the entries of `notify` ask for, each once. */
export function digestsAsked(entries: Campus['notify']): DigestAsked[] {
  const asked = entries.flatMap((entry) => {
    const { kinds = [], owners = [] } = entry.kind === 'subscription' ? {} : entry;
    return kinds.flatMap((kind) => (kind === 'daily' || kind === 'weekly' ? [{ period: kind, owners }] : []));
  });
  return [...new Map(asked.map((one) => [JSON.stringify(one), one])).values()];
}

/** What fits the notification of a phone. */
const SUBJECT = 110;

/**
 * The daily line, or the weekly summary, of what features say.
 * @param now epoch ms
 */
export function composeDigest(
  campus: Pick<Campus, 'name' | 'timeZone' | 'workbench'>,
  { period, owners }: DigestAsked,
  parts: readonly FeatureDigest[],
  now: number,
): Notice {
  const day = dayOf(campus.timeZone, now);
  const key = period === 'daily' ? day : mondayOf(day);
  const needsLook = parts.some((part) => part.needsLook);
  const whose = owners.length > 0 ? ` (${owners.join(', ')})` : '';
  const heads = parts.flatMap(({ headline }) => headline ?? []).join(', ');
  const subject =
    period === 'daily'
      ? `${needsLook ? 'Look' : 'Good'}${whose}: ${heads}`
      : `Week of ${key}${whose}: ${heads}`;
  const lines = parts.flatMap((part) => part.lines);
  const { links } = linksTo(campus, [['Open the workbench', '/']]);
  return {
    kind: period,
    key: `${period}/${key}/${owners.map((owner) => encodeURIComponent(owner)).join('+') || 'all'}`,
    severity: needsLook ? 'warning' : 'info',
    subject: subject.length > SUBJECT ? `${subject.slice(0, SUBJECT - 1)}…` : subject,
    sections: [{ title: '', lines: lines.length > 0 ? lines : [`${campus.name}: nothing to do.`] }],
    reference: { what: period === 'daily' ? 'Day' : 'Week of', id: key },
    owners: [...owners],
    ...(links ? { links: [...links] } : {}),
  };
}

/** `2026-11-30`, by the clock of the campus. */
const dayOf = (timeZone: string, now: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );

function mondayOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}
