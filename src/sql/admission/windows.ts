import { isObject } from '../tree.ts';
import { expression, ordered } from './expressions.ts';
import { identifier } from './names.ts';
import { either, later, list, maybe, oneOf, record, type Shape, text } from './shape.ts';

const value: Shape = later(() => expression);
const orders: Shape = list(later(() => ordered));

const bound: Shape = either(
  isObject,
  (given, at) =>
    record(isObject(given) && 'Preceding' in given ? { Preceding: value } : { Following: value })(given, at),
  oneOf('CurrentRow', 'UnboundedPreceding', 'UnboundedFollowing'),
);

const frame: Shape = (given, at) =>
  record({
    kind: oneOf('Rows', 'Range', 'Groups'),
    start: bound,
    end: maybe(bound),
    kind_text: maybe(text),
    start_side_text: maybe(text),
    end_side_text: maybe(text),
  })(given, { ...at, part: 'frame' });

/** What stands in `OVER (…)`, and behind a name in WINDOW. */
export const over: Shape = record({
  window_name: maybe(identifier),
  partition_by: list(value),
  order_by: orders,
  frame: maybe(frame),
});

/** `listagg(…) WITHIN GROUP (ORDER BY …)`. */
export const within: Shape = record({ this: value, order_by: orders });
