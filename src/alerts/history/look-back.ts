import type { Expr } from '../language/expr.ts';
import type { Alert } from '../rules/alert.ts';

const DAY_MS = 86_400_000;

/** So far back an alert is evaluated at least, so that it is known since when it fires. */
const LEAST_DAYS = 28;
/** And at most: a year, as the longest windows of days. */
const MOST_DAYS = 400;

/** How many steps an expression remembers, at most. */
function remembers(expr: Expr): number {
  switch (expr.kind) {
    case 'data':
    case 'const':
      return 0;
    case 'binary':
      return Math.max(remembers(expr.a), remembers(expr.b));
    case 'stateful': {
      // What is smoothed is remembered for ever, ever less.
      const own =
        expr.op === 'des'
          ? 10 * expr.args[0]!
          : expr.op === 'derivative'
            ? 1
            : expr.op === 'trend'
              ? 0
              : expr.args[0]!;
      return own + remembers(expr.of);
    }
    default:
      return remembers(expr.of);
  }
}

/** From when on an alert has to be evaluated, to stand at an instant (epoch ms) as if it had been evaluated for ever. */
export function lookBack(alerts: readonly Alert[], to: number): number {
  const days = alerts.map(({ expr, axis, for: more }) => {
    const steps = 2 * (remembers(expr) + more + 1);
    // Of teaching days there are fewer in a week, and none in a break.
    return axis.name === 'teaching-day' ? steps * 1.4 + 35 : (steps * axis.stepMs) / DAY_MS;
  });
  return to - Math.min(MOST_DAYS, Math.ceil(Math.max(LEAST_DAYS, ...days))) * DAY_MS;
}
