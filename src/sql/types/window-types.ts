import { callOf } from '../calls.ts';
import { signaturesOf } from '../signatures/signature.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import type { Scope } from './scope.ts';
import { isInterval, isNumber, isWhole, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';

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
    const fits = isRange ? isNumber(type) || isInterval(type) : isWhole(type);
    if (!fits)
      typing.refuse(offset, {
        what: `the frame of a window begins or ends so many rows away, and this is ${type}`,
        portable: 'write a whole number: 6 PRECEDING',
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

const listOf = (value: Ast | undefined): readonly Ast[] => (Array.isArray(value) ? value : []);
