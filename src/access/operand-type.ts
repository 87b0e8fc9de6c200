import type { LakeType } from '../campus/lake-type.ts';
import type { Literal } from './condition.ts';

const WHOLE = /^-?\d{1,18}$/;
const NUMBER = /^-?\d{1,18}(\.\d{1,18})?$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const isDay = (text: string): boolean =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
const isInstant = (text: string): boolean => {
  if (!TIMESTAMP.test(text)) return false;
  const read = new Date(`${text.replace(' ', 'T')}Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().slice(0, 19).replace('T', ' ') === text;
};

/** What a value has to be so that a column of the type can be compared with it; undefined where it is. */
export function mismatch({ kind, value }: Literal, type: LakeType): string | undefined {
  const text = String(value);
  const wants = (is: boolean, what: string) => (is ? undefined : what);
  switch (type) {
    case 'varchar':
      return wants(kind === 'text', "a 'text'");
    case 'boolean':
      return wants(kind === 'boolean', 'true or false');
    case 'integer':
    case 'bigint':
      return wants(kind === 'number' && WHOLE.test(text) && fits(text, type), 'a whole number');
    case 'date':
      return wants(kind === 'text' && isDay(text), "a date such as '2026-11-30'");
    case 'timestamp':
      return wants(kind === 'text' && isInstant(text), "a time in UTC such as '2026-11-30 18:00:00'");
    case 'real':
    case 'double':
      return wants(kind === 'number' && NUMBER.test(text), 'a number');
    case 'time':
    case 'varbinary':
      return `another column: ${type} is not compared`;
    default:
      return wants(kind === 'number' && NUMBER.test(text), 'a number');
  }
}

const fits = (text: string, type: 'integer' | 'bigint'): boolean =>
  type === 'bigint' || Math.abs(Number(text)) <= 2_147_483_647;

/** An attribute's text as the literal that a column of the type is compared with. It may still not be one. */
export function literalOfText(text: string, type: LakeType): Literal {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return { kind: 'boolean', value: text === 'true' };
  const isText = type === 'varchar' || type === 'date' || type === 'timestamp' || type === 'boolean';
  return { kind: isText ? 'text' : 'number', value: text };
}
