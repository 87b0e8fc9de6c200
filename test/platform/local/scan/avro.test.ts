import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanLake } from '../../../../src/platform/local/scan/scan-lake.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'scan-avro-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Zigzag, seven bits a byte. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
const counted = (bytes: Buffer | string) => {
  const body = Buffer.from(bytes as string);
  return Buffer.concat([long(body.length), body]);
};

/** A container by the specification: a header with metadata, then blocks, each with the mark of the file behind it. */
function container(codec: string, pack: (bytes: Buffer) => Buffer, records: readonly string[]): Buffer {
  const mark = Buffer.alloc(16, 7);
  const header = [Buffer.from('Obj\x01'), long(2), counted('avro.schema'), counted('"string"')];
  const blocks = records.flatMap((text) => [long(1), counted(pack(counted(text))), mark]);
  return Buffer.concat([...header, counted('avro.codec'), counted(codec), long(0), mark, ...blocks]);
}

it.each([
  ['null', (bytes: Buffer) => bytes],
  ['deflate', (bytes: Buffer) => deflateRawSync(bytes)],
])('reads the blocks of an Avro file that is packed with %s', async (codec, pack) => {
  const far = 'x'.repeat(100_000);
  await writeFile(
    join(root, 'manifest.avro'),
    container(codec, pack, [far, 'planted-4711 is the least value']),
  );

  const scanned = await scanLake({ root, planted: [{ value: 'planted-4711' }, { value: 'not there' }] });

  expect(scanned.undecoded).toEqual([]);
  expect(scanned.found.map(({ file, planted, where }) => [file, planted, where])).toEqual([
    ['manifest.avro', 1, 'text'],
  ]);
});

it('says of an Avro file that is cut short, or packed in another way, that it was not read', async () => {
  const whole = container('null', (bytes) => bytes, ['a record']);
  await writeFile(join(root, 'manifest.avro'), whole.subarray(0, whole.length - 20));
  await writeFile(
    join(root, 'other.avro'),
    container('xz', (bytes) => bytes, ['a record']),
  );

  const { undecoded } = await scanLake({ root, planted: [{ value: 'planted-4711' }] });

  expect([...undecoded].sort()).toEqual(['manifest.avro', 'other.avro']);
});

it('reads a lake that lies elsewhere in place of the folder', async () => {
  const path = join(root, 'fetched');
  await writeFile(join(root, 'manifest.avro'), 'planted-4711');
  await writeFile(path, 'planted-4711');
  const source = {
    async *files() {
      yield { path, file: 'raw/sis/1?versionId=a', zone: 'raw' };
    },
    async *texts() {
      yield { table: 'ledger', column: 'state', where: 'values' as const, text: '{"a":"planted-4711"}' };
    },
  };

  const { found, files } = await scanLake({
    root,
    source,
    planted: [{ value: 'planted-4711' }],
    allowed: ['ledger'],
  });

  expect(files).toBe(1);
  expect(found.map(({ file, column, zone, allowed }) => [file, column, zone, allowed])).toEqual([
    ['raw/sis/1?versionId=a', undefined, 'raw', false],
    ['ledger', 'state', 'ledger', true],
  ]);
});
