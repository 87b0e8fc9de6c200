import type { TrinoResult } from './trino-client.ts';

/** A column as GetQueryResults describes it. */
export function columnInfo({ name, type }: TrinoResult['columns'][number]): Record<string, unknown> {
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  const sized = /^(varchar|char|timestamp|time)\((\d+)\)(.*)$/.exec(type);
  const [Type, Precision, Scale] = decimal
    ? ['decimal', Number(decimal[1]), Number(decimal[2])]
    : sized
      ? [`${sized[1]}${sized[3]}`, Number(sized[2]), 0]
      : [type === 'real' ? 'float' : (/^(array|map|row)\(/.exec(type)?.[1] ?? type), 0, 0];
  return { Name: name, Label: name, Type, Precision, Scale, Nullable: 'UNKNOWN', CaseSensitive: false };
}

/** A value as Athena writes it: everything is text, null is nothing. */
export function datum(value: unknown, type: string): { VarCharValue?: string } {
  if (value === null || value === undefined) return {};
  return { VarCharValue: textOf(value, type) };
}

function textOf(value: unknown, type: string): string {
  if (type === 'varbinary') {
    const hex = Buffer.from(String(value), 'base64').toString('hex');
    return (hex.match(/../g) ?? []).join(' ');
  }
  if (type === 'double' || type === 'real') return javaDouble(value);
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ');
  return String(value);
}

/** Java writes `1.0E10` where JavaScript writes `10000000000`; both read it back as the same number. */
function javaDouble(value: unknown): string {
  const number = Number(value);
  const text = String(value);
  return Number.isInteger(number) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
