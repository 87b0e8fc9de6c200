import type { AstObject } from '../tree.ts';
import type { NodeContext } from './agreement.ts';
import { decimal, type SqlType } from './sql-type.ts';

/** The type of what is written out: digits decide which number it is. */
export function typeOfLiteral(data: AstObject, { node, typing }: NodeContext): SqlType | undefined {
  const [kind, value] = [String(data.literal_type), String(data.value)];
  if (/string/.test(kind)) return kind === 'hex_string' ? 'varbinary' : 'varchar';
  if (kind === 'timestamp')
    return /\d\d:\d\d\S*\s*[A-Za-z+-]/.test(value) ? 'timestamp with time zone' : 'timestamp';
  if (kind !== 'number') return kind;
  if (/e/i.test(value)) return 'double';
  const digits = value.replaceAll('_', '');
  if (digits.includes('.')) {
    const [before = '', after = ''] = digits.replace(/^0+/, '').split('.');
    return decimal(Math.max(1, before.length + after.length), after.length);
  }
  if (!/^\d+$/.test(digits)) return 'bigint';
  if (BigInt(digits) <= 2_147_483_647n) return 'integer';
  if (BigInt(digits) <= 9_223_372_036_854_775_807n) return 'bigint';
  typing.refuse(node, {
    what: 'a whole number is too large for a bigint',
    portable: "write DECIMAL '…', or a double: 1e20",
    code: 'sql-types',
  });
  return undefined;
}
