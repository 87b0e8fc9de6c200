import type { Study } from '../study.ts';
import { plainTable } from './plain-table.ts';

/** AUC by day for students still enrolled with work handed in, 2013B → 2013J; see docs/early-warning.md. */
const REFERENCE: readonly (readonly [day: number, auc: number])[] = [
  [35, 0.716],
  [56, 0.785],
  [84, 0.802],
  [112, 0.864],
  [140, 0.896],
];

/** What others have published on these data, and whether it can be compared. Sources: docs/early-warning.md. */
const PUBLISHED: readonly (readonly [study: string, value: string, comparable: string])[] = [
  [
    'time-aware-xai-oulad (2026), XGBoost on all data with clicks',
    'AUC, still enrolled: .775 at 10 %, .809 at 20 %, .870 at 40 %, .915 at 60 % of the course',
    'nearest: the same risk set; but split by student, not by term, and with clicks and demographics',
  ],
  ['the same, all who ever enrolled', '.829 .869 .923 .956', 'no: counts those already gone, which is easy'],
  [
    'Jha et al. 2019, gradient boosting, clicks',
    'AUC .91 dropout, .93 result',
    'no: features of the whole course',
  ],
  [
    'Aljohani et al. 2019, LSTM, weekly clicks',
    'precision 93.5 %, recall 75.8 %, accuracy 95.2 %',
    'no: accuracy; classes chosen by outcome',
  ],
  ['Waheed et al. 2020, deep network, clicks', 'accuracy 84–93 %', 'no: accuracy'],
  ['He et al. 2020, RNN-GRU', 'accuracy over 80 % at the end', 'no: accuracy, at the end of the course'],
];

/** Our figures beside others' on the Open University's data. */
export function besideOulad({ weeks }: Study): string {
  const ours = plainTable(['day', 'AUC here', 'AUC of a plain scikit-learn model']);
  for (const [day, auc] of REFERENCE) {
    const own = weeks.find((week) => week.day === day);
    if (own) ours.push([day, own.scored.auc.toFixed(3), auc.toFixed(3)]);
  }
  const others = plainTable(['published', 'value', 'comparable?']);
  for (const row of PUBLISHED) others.push([...row]);
  return `${ours.toString()}\n${others.toString()}`;
}
