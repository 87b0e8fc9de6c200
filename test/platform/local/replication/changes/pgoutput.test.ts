import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeFileName } from '../../../../../src/platform/local/replication/changes/change-file-name.ts';
import { lsnText, parseLsn, sequenceOf } from '../../../../../src/platform/local/replication/changes/lsn.ts';
import { parseMessage, UNCHANGED } from '../../../../../src/platform/local/replication/changes/pgoutput.ts';

const parsed = (base64: string) => parseMessage(Buffer.from(base64, 'base64'));

/**
 * What a PostgreSQL 18.4 sent for `t (id int PRIMARY KEY, name text, big text STORAGE EXTERNAL)` with 9,000 characters
 * in `big`, and for `f (id int, v text)` with REPLICA IDENTITY FULL.
 */
it.each([
  [
    'QgAAAAABeIeQAAMEge0Ko94AAALz',
    { kind: 'begin', commitLsn: 0x0178_8790n, committedAtMs: Date.parse('2026-11-30T19:10:04.321Z') },
  ],
  [
    'UgAAQAJwdWJsaWMAdABkAAMBaWQAAAAAF/////8AbmFtZQAAAAAZ/////wBiaWcAAAAAGf////8=',
    {
      kind: 'relation',
      relation: { id: 16_386, schema: 'public', name: 't', columns: ['id', 'name', 'big'] },
    },
  ],
  ['QwAAAAAAAXiHkAAAAAABeIfAAAMEge0Ko94=', { kind: 'commit', endLsn: 0x0178_87c0n }],
  ['VQAAQAJOAAN0AAAAATFudQ==', { kind: 'update', relation: 16_386, row: ['1', null, UNCHANGED] }],
  [
    'VQAAQAJLAAN0AAAAATFubk4AA3QAAAABMm51',
    {
      kind: 'update',
      relation: 16_386,
      before: { whole: false, row: ['1', null, null] },
      row: ['2', null, UNCHANGED],
    },
  ],
  [
    'RAAAQAJLAAN0AAAAATJubg==',
    { kind: 'delete', relation: 16_386, before: { whole: false, row: ['2', null, null] } },
  ],
  ['SQAAQApOAAJ0AAAAATF0AAAAAA==', { kind: 'insert', relation: 16_394, row: ['1', ''] }],
  [
    'VQAAQApPAAJ0AAAAATF0AAAAAE4AAnQAAAABMXQAAAABYg==',
    { kind: 'update', relation: 16_394, before: { whole: true, row: ['1', ''] }, row: ['1', 'b'] },
  ],
  [
    'RAAAQApPAAJ0AAAAATF0AAAAAWI=',
    { kind: 'delete', relation: 16_394, before: { whole: true, row: ['1', 'b'] } },
  ],
  ['VAAAAAIAAABACgAAQAI=', { kind: 'truncate', relations: [16_394, 16_386] }],
  ['TQEAAAAAAXif2GEAAAAAAWI=', { kind: 'other' }],
])('reads the message %s', (base64, message) => {
  expect(parsed(base64)).toEqual(message);
});

it('refuses a message that is cut anywhere', () => {
  const whole = Buffer.from('VQAAQApPAAJ0AAAAATF0AAAAAE4AAnQAAAABMXQAAAABYg==', 'base64');
  for (let bytes = 1; bytes < whole.length; bytes++)
    expect(() => parseMessage(whole.subarray(0, bytes)), String(bytes)).toThrow(RangeError);
});

it('orders changes by the place of their commit, then by their own', () => {
  expect(sequenceOf(0x0178_87c0n, 3)).toHaveLength(35);
  fc.assert(
    fc.property(
      fc.bigInt(0n, 2n ** 64n - 1n),
      fc.bigInt(0n, 2n ** 64n - 1n),
      fc.nat(),
      fc.nat(),
      (a, b, i, j) => {
        const before = a < b || (a === b && i < j);
        expect(sequenceOf(a, i) < sequenceOf(b, j)).toBe(before);
        expect(parseLsn(lsnText(a))).toBe(a);
      },
    ),
  );
});

it('names files in their order, whatever the clock does', () => {
  const noon = Date.parse('2026-11-30T12:00:00Z');
  expect(changeFileName(noon, undefined)).toBe('20261130-120000000.parquet');
  expect(changeFileName(noon, '20261130-115959999.parquet')).toBe('20261130-120000000.parquet');
  expect(changeFileName(noon, '20261130-120000000.parquet')).toBe('20261130-120000001.parquet');
  expect(changeFileName(noon - 3_600_000, '20261231-235959999.parquet')).toBe('20270101-000000000.parquet');
});
