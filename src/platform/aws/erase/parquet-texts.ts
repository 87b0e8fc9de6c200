import type { SchemaElement } from 'hyparquet';

/** Of these elements a tree, by the names on the way: `value.user_id`. Names of columns differ in more than case. */
export function leavesOf(schema: readonly SchemaElement[]): Map<string, SchemaElement> {
  const leaves = new Map<string, SchemaElement>();
  let at = 1;
  const visit = (path: readonly string[], children: number): void => {
    for (let i = 0; i < children; i++) {
      const element = schema[at++]!;
      const own = [...path, element.name];
      if (element.num_children) visit(own, element.num_children);
      else leaves.set(own.join('.').toLowerCase(), element);
    }
  };
  visit([], schema[0]?.num_children ?? 0);
  return leaves;
}

/** A schema by which a file is read and written as the bytes that it holds: no kind of value is made of another. */
export const physical = (schema: readonly SchemaElement[]): SchemaElement[] =>
  schema.map((element) => {
    if (element.num_children !== undefined && element.num_children > 0) return element;
    const { converted_type: _type, logical_type: _logical, scale: _s, precision: _p, ...bare } = element;
    return bare;
  });

/**
 * A stored value as the text of what it stands for; null where it is empty. Whole numbers have no fraction, in whatever
 * type a database delivers them: a number of a person is one text.
 */
export function textOfValue(value: unknown, element: SchemaElement): string | null {
  if (value === null || value === undefined) return null;
  const isDecimal = element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
  if (isDecimal) return decimalText(unscaledOf(value), element.scale ?? 0);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return String(value);
}

function unscaledOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  const hex = Buffer.from(value).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`));
}

function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  return /^0*$/.test(fraction) ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
