import type { Expr, StatefulOp } from './expr.ts';
import { type Word, WordFault, word } from './word.ts';

/** The longest window, in points. */
export const LONGEST_WINDOW = 86_400;

function window(points: number): number {
  if (points < 1 || points > LONGEST_WINDOW)
    throw new WordFault(
      `takes 1 to ${LONGEST_WINDOW.toLocaleString('en-US')} points, and ${points} are asked for`,
    );
  return points;
}

const overPoints = (op: StatefulOp, does: string): Word =>
  word(op, ['series', 'integer'], does, ([of, points]) => [
    { kind: 'stateful', op, of, args: [window(points)] },
  ]);

function smoothed(of: Expr, training: number, alpha: number, beta: number): Expr {
  if (training < 1) throw new WordFault('takes a training of at least 1 point');
  return { kind: 'stateful', op: 'des', of, args: [training, alpha, beta] };
}

const smoothing = (name: string, training: number, alpha: number, beta: number): Word =>
  word(name, ['series'], `\`${training},${alpha},${beta},:des\``, ([of]) => [
    { kind: 'rewrite', name, shown: of, of: smoothed(of, training, alpha, beta) },
  ]);

/** Words that remember earlier steps. */
export const STATEFUL_WORDS: readonly Word[] = [
  overPoints('rolling-count', 'how many of the last so many were true'),
  overPoints('rolling-min', 'the least of the last so many'),
  overPoints('rolling-max', 'the greatest of the last so many'),
  overPoints('rolling-sum', 'the sum of the last so many'),
  word(
    'rolling-mean',
    ['series', 'integer', 'integer'],
    'the mean of the last so many, where enough have a value',
    ([of, points, least]) => {
      if (least < 1 || least > window(points))
        throw new WordFault(`takes a least number of values from 1 to ${points}, and ${least} is asked for`);
      return [{ kind: 'stateful', op: 'rolling-mean', of, args: [points, least] }];
    },
  ),
  overPoints('delay', 'the value of so many steps ago'),
  word('derivative', ['series'], 'by how much it changed since the last step', ([of]) => [
    { kind: 'stateful', op: 'derivative', of, args: [] },
  ]),
  word('trend', ['series', 'duration'], 'the mean over a length of time', ([of, span]) => [
    { kind: 'stateful', op: 'trend', of, args: [span] },
  ]),
  word(
    'des',
    ['series', 'integer', 'number', 'number'],
    'what double exponential smoothing expects',
    ([of, training, alpha, beta]) => [smoothed(of, training, alpha, beta)],
  ),
  smoothing('des-simple', 10, 0.1, 0.5),
  smoothing('des-fast', 10, 0.1, 0.02),
  smoothing('des-slower', 10, 0.05, 0.03),
  smoothing('des-slow', 10, 0.03, 0.04),
];
