import type { FeatureLake, FeatureNotice, FeatureSummary } from '../ports/feature.ts';
import { type Standing, standingsOf } from './record.ts';

const WORST = ['error', 'warning', 'info'] as const;

/** One notice of a run for all alerts that began: counts and names of alerts, never whom they are about. */
export async function noticesOf({ platform }: FeatureLake, run: string): Promise<FeatureNotice[]> {
  const news = (await standingsOf(platform.ledger, run)).filter(
    ({ began, isSilenced }) => began > 0 && !isSilenced,
  );
  if (news.length === 0) return [];
  const owners = [...new Set(news.flatMap(({ owner }) => (owner === undefined ? [] : [owner])))];
  return [
    {
      key: `alerts/${run}`,
      severity: WORST.find((one) => news.some(({ severity }) => severity === one))!,
      subject: news.length === 1 ? `The alert ${news[0]!.alert} began` : `${news.length} alerts began`,
      sections: [
        { title: '', lines: [...news.map(lineOf), '`lake alerts list` shows whom they are about.'] },
      ],
      reference: { what: 'Alerts', id: run },
      ...(owners.length === 0 ? {} : { owners }),
      data: { alerts: news.map(({ alert, began, firing, role }) => ({ alert, began, firing, role })) },
    },
  ];
}

/** A case is one series: a student in a course, a class, a step of a run. */
const lineOf = ({ alert, began, firing, ended, role }: Standing): string =>
  `${alert} (for ${role}): ${casesOf(firing)}, ${began} new${ended === 0 ? '' : `, ${ended} over`}`;

const casesOf = (count: number): string => `${count} ${count === 1 ? 'case' : 'cases'}`;

/** What the notification on a run says of alerts. */
export async function summaryOf({ platform }: FeatureLake, run: string): Promise<FeatureSummary | undefined> {
  const standings = await standingsOf(platform.ledger, run);
  const firing = standings.filter((one) => one.firing > 0);
  if (firing.length === 0) return undefined;
  return {
    lines: firing.map(
      (one) =>
        `Alert ${one.alert}: ${casesOf(one.firing)}${one.isSilenced ? ' (silenced)' : ''}${one.isOverLimit ? ', without a part of its data' : ''}`,
    ),
  };
}
