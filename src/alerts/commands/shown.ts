import { screenTable, widthOf } from '../../screen-table.ts';
import type { Backtest, BacktestedTerm } from '../history/backtest.ts';

const BARS = '▁▂▃▄▅▆▇█';

export function backtestInWords({ term, firstDay, lastDay, alerts, missing }: BacktestedTerm): string {
  const table = screenTable(
    {
      head: [
        'alert',
        'began',
        'students',
        'weeks',
        'did not get through, of those warned',
        'of all',
        'found',
        'days ahead',
      ],
      rows: alerts.map((one) => [
        one.alert,
        one.began,
        one.students,
        spark(one.byWeek),
        ...outcomeCells(one),
      ]),
    },
    widthOf(process.stdout),
  );
  return [
    `${term}, ${firstDay} to ${lastDay}`,
    table,
    'found: which part of those who did not get through a course (DFW) was warned of. days ahead: the median, to the end of the term.',
    ...(missing.length === 0 ? [] : [`Not read, since their tables are not there: ${missing.join(', ')}`]),
  ].join('\n');
}

function outcomeCells({ outcome }: Backtest): string[] {
  if (!outcome) return ['–', '–', '–', '–'];
  const { warned, warnedAndLost, all, lost, medianDaysAhead } = outcome;
  return [
    share(warnedAndLost, warned),
    share(lost, all),
    share(warnedAndLost, lost),
    String(medianDaysAhead ?? '–'),
  ];
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)} % (${part} of ${whole})`;

function spark(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => (count === 0 ? '·' : BARS[Math.min(7, Math.floor((count / most) * 7.99))]))
    .join('');
}
