import type { ColumnInfo } from '@aws-sdk/client-athena';
import type { LakeType } from '../../../campus/lake-type.ts';
import type { Cell } from '../../../ports/query-engine.ts';
import { lakeTypeOf } from './types.ts';

/**
 * A cell of Athena's result, which is text or nothing, as the lake's cell: whole numbers of 64 bits as bigint,
 * decimals, dates and times as exact text, written as on one machine. Arrays, maps and rows stay Athena's text,
 * which does not say where one value ends.
 */
export function cellReader(column: ColumnInfo): (text: string | undefined) => Cell {
  const read = READERS[readerOf(column)];
  return (text) => (text === undefined ? null : read(text));
}

type Reader = 'boolean' | 'number' | 'bigint' | 'timestamp' | 'zoned' | 'time' | 'bytes' | 'text';

const READERS: { readonly [kind in Reader]: (text: string) => Cell } = {
  boolean: (text) => text === 'true',
  // Of a real Athena writes the fewest digits that tell it apart from other numbers of 32 bits: so it stays.
  number: Number,
  bigint: BigInt,
  timestamp: timestampText,
  zoned: (text) => timestampText(inUtc(text)),
  time: (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text),
  bytes: (text) => text.replaceAll(' ', ''),
  text: (text) => text,
};

const KINDS: { readonly [type in LakeType]?: Reader } = {
  boolean: 'boolean',
  integer: 'number',
  real: 'number',
  double: 'number',
  bigint: 'bigint',
  timestamp: 'timestamp',
  time: 'time',
  varbinary: 'bytes',
};

function readerOf(column: ColumnInfo): Reader {
  if (/with time zone/i.test(column.Type ?? '')) return 'zoned';
  const type = lakeTypeOf(column);
  return (type && KINDS[type]) ?? 'text';
}

/** `2026-01-31 08:00:00.000`: milliseconds always, microseconds only where there are any. */
function timestampText(text: string): string {
  const [, whole = text, fraction = ''] = /^(.*?)(?:\.(\d+))?$/.exec(text) ?? [];
  const micros = fraction.padEnd(6, '0').slice(0, 6);
  return `${whole}.${micros.endsWith('000') ? micros.slice(0, 3) : micros}`;
}

/** Athena writes `2026-01-31 08:00:00.000 UTC`, or an offset or a zone in place of UTC. */
function inUtc(text: string): string {
  const [, local = text, zone = 'UTC'] = /^(\S+ \S+) (\S+)$/.exec(text) ?? [];
  const minutes = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (!minutes) return local;
  const offset = (Number(minutes[2]) * 60 + Number(minutes[3])) * (minutes[1] === '-' ? -1 : 1);
  const [, second = local, fraction = ''] = /^(.*?)(\.\d+)?$/.exec(local) ?? [];
  const at = new Date(Date.parse(`${second.replace(' ', 'T')}Z`) - offset * 60_000);
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}
