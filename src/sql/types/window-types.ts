import { callOf } from '../calls.ts';
import { signaturesOf } from '../signatures/signature.ts';
import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import type { Scope } from './scope.ts';
import { isFloating, isInterval, isNumber, isTime, isWhole, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';

/** What is told by the place of a row in its partition, which no frame changes. */
const BY_PLACE: ReadonlySet<string> = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead'.split(' '),
);

const isNegative = (node: Ast | undefined): boolean => isObject(node) && isObject(node.neg);

/** A function over a window: types of its parts, and what Athena refuses of it. */
export function typeOfWindow(
  node: AstObject,
  data: AstObject,
  scope: Scope,
  typing: Typing,
): SqlType | undefined {
  const called = isObject(data.this) ? callOf(data.this) : undefined;
  const refuse = (what: string, portable: string): void =>
    typing.refuse(node, { what, portable, code: 'sql-window' });
  if (called?.data.filter)
    refuse(
      'Athena has no FILTER on a window function',
      `put the condition into the argument: ${called.name}(CASE WHEN … THEN x END) OVER (…)`,
    );
  const isWindow = called && signaturesOf(called.name).some(({ kind }) => kind !== 'scalar');
  if (called && !isWindow && signaturesOf(called.name).length > 0)
    refuse(`${called.name} is no function over a window`, 'leave out OVER (…)');
  const over = isObject(data.over) ? data.over : {};
  const name = called?.name ?? '';
  if (BY_PLACE.has(name) && isObject(over.frame))
    refuse(`${name} takes no frame`, 'leave out ROWS, RANGE or GROUPS: it goes over the whole partition');
  if (/^(lag|lead)$/.test(name)) {
    const isOrdered = listOf(over.order_by).length > 0 || isObject(over.window_name);
    if (!isOrdered) refuse(`${name} goes by an order`, `write ${name}(x) OVER (ORDER BY …)`);
    if (isNegative(called?.args[1]))
      refuse(
        `the distance of ${name} is negative`,
        'lag looks back and lead looks ahead: take the other one',
      );
  }
  typeOfWindowSpec(over, scope, typing);
  return typing.type(data.this, scope);
}

/** The parts of `OVER (…)` and of `WINDOW w AS (…)`. */
export function typeOfWindowSpec(over: AstObject, scope: Scope, typing: Typing): void {
  for (const item of listOf(over.partition_by)) typing.type(item, scope);
  const keys = listOf(over.order_by).map((item) =>
    typing.type(isObject(item) ? item.this : undefined, scope),
  );
  const frame = over.frame;
  if (!isObject(frame)) return;
  for (const bound of [frame.start, frame.end]) {
    const offset = isObject(bound) ? Object.values(bound)[0] : undefined;
    if (!isObject(offset)) continue;
    const type = typing.type(offset, scope);
    if (type === undefined) continue;
    const isRange = /range/i.test(String(frame.kind));
    const key = keys.length === 1 ? keys[0] : undefined;
    const fits = isRange ? isDistance(key, type) : isWhole(type);
    if (!fits || isNegative(offset))
      typing.refuse(offset, {
        what: isNegative(offset)
          ? 'the frame of a window begins or ends a negative distance away'
          : isRange
            ? `${key ?? 'the order'} and ${type} make no distance of RANGE`
            : `the frame of a window begins or ends so many rows away, and this is ${type}`,
        portable: isRange
          ? "dates and timestamps are apart by intervals: INTERVAL '6' DAY PRECEDING"
          : 'write a whole number: 6 PRECEDING',
        code: 'sql-window',
      });
    if (isRange && isFloating(key))
      typing.refuse(offset, {
        what: 'NaN is no distance away from a number, and engines put it into other frames',
        portable:
          'order by a decimal: ORDER BY CAST(x AS decimal(18,6)) RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW',
        code: 'sql-window',
      });
    if (isRange && keys.length !== 1)
      typing.refuse(offset, {
        what: 'RANGE with a distance goes by one column of ORDER BY',
        portable: 'order by one column, or count rows: ROWS BETWEEN 6 PRECEDING AND CURRENT ROW',
        code: 'sql-window',
      });
  }
}

/** Whether so much can be added to what a window is ordered by. */
function isDistance(key: SqlType | undefined, type: SqlType): boolean {
  if (key === undefined) return isNumber(type) || isInterval(type);
  if (isNumber(key)) return isNumber(type);
  return (isTime(key) || key.startsWith('time')) && isInterval(type);
}
