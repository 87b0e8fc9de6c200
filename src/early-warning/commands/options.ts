import { InputError } from '../../errors.ts';
import type { Capacity } from '../figures.ts';

/** `150` students, `20%` of them, or `10/adviser`. @throws InputError */
export function capacityOf(text: string): Capacity {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (share) {
    const percent = Number(share[1]);
    if (percent > 0 && percent <= 100) return { share: percent / 100 };
  }
  const each = /^(\d+)\s*\/\s*advis[eo]r$/.exec(text.trim());
  if (each && Number(each[1]) > 0) return { perAdviser: Number(each[1]) };
  if (/^\d+$/.test(text.trim()) && Number(text) > 0) return { count: Number(text) };
  throw new InputError(
    `--capacity takes a number of students, a share of them or a number by adviser, not "${text}".`,
    {
      hint: 'such as --capacity 150, --capacity 20% or --capacity 10/adviser',
    },
  );
}
