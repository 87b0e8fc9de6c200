import { SqlError } from '../../errors.ts';
import { constantText } from '../../literal.ts';
import { placeOf } from '../../tree.ts';
import type { RewrittenCall } from './area.ts';

const OF_DATES = ['day', 'week', 'month', 'quarter', 'year'];
const OF_CLOCKS = ['millisecond', 'second', 'minute', 'hour'];

/**
 * The unit of time that a call names first, in small letters.
 * @throws SqlError where it is not written out, or is no unit of what the call is given
 */
export function unitOf({ args, argType, node, text }: RewrittenCall): string {
  const unit = constantText(args[0])?.toLowerCase();
  const types = args.slice(1).map((_, i) => argType(i + 1));
  const times = types.filter((type) => type === 'date' || type === 'time' || type?.startsWith('timestamp'));
  const isOf = (type: string) => times.length > 0 && times.every((one) => one === type);
  const known = isOf('date') ? OF_DATES : isOf('time') ? OF_CLOCKS : [...OF_CLOCKS, ...OF_DATES];
  if (unit !== undefined && known.includes(unit)) return unit;
  const what = isOf('date') ? 'a date' : isOf('time') ? 'a time of day' : 'a timestamp';
  throw new SqlError(
    unit === undefined
      ? 'A unit of time is not written out as a text.'
      : `A text that is no unit of ${what} is used as one.`,
    { place: placeOf(node, text), hint: `write one of ${known.join(', ')}` },
  );
}
